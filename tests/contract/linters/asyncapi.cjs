// Prints what the AsyncAPI parser finds in a document, a line each: node asyncapi.cjs FOLDER_OF_MODULES FILE
const { createRequire } = require('module');
const { readFileSync } = require('fs');

const [modules, file] = process.argv.slice(2);
const { Parser } = createRequire(modules + '/')('@asyncapi/parser');
new Parser().validate(readFileSync(file, 'utf8')).then((findings) => {
  for (const { code, message, path } of findings) console.log(code, message, path.join('.'));
  console.log('findings:', findings.length);
});
