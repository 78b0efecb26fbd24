// What is typed beside the numbered sheet, read while it is typed: `6* 17. 5-8- 孔启明（病假） kqm*`, and plain lists. It reads
// what is certain, else gives null: then the service is asked, whose grammar this is a part of (domain/marks.py).
export const SIGNS = {"+": "present", "=": "leave", "*": "leave_illness", ".": "leave_official_duty", "/": "leave_family", "~": "leave_other", "-": "absent", "?": "not_recorded"};
const WRITTEN = {"。": ".", "·": ".", "、": "/", "÷": "/", "×": "*", "—": "-", "–": "-", "−": "-"};
const WORDS = {病假: "leave_illness", 病: "leave_illness", 公务: "leave_official_duty", 公假: "leave_official_duty", 出差: "leave_official_duty", 事假: "leave_family", 家事: "leave_family",
  其他: "leave_other", 请假: "leave", 缺席: "absent", 未到: "absent", 出席: "present", 到会: "present", 线上: "online", 半天: "half_day", 上午: "morning", 下午: "afternoon", 未登记: "not_recorded"};
const ENDINGS = Object.keys(WORDS).sort((a, b) => b.length - a.length);
const HAN = "\\u3400-\\u9fff", SIGN = "[-—–−]{1,2}|[+=*./~?×÷。·、]";
const NUMBERED = new RegExp(`^(\\d{1,4})(?:[-—–−](\\d{1,4}))?号?(?:(${SIGN})|\\(([^()]*)\\)|([${HAN}]+))?$`);
const INITIALS = new RegExp(`^([A-Za-z]{1,8})(${SIGN})?$`);
const NAMED = new RegExp(`^([${HAN}·]+?)(?:\\(([^()]*)\\))?(${SIGN})?$`);
const LISTED = new RegExp(`(?:^|[\\s,;、])(?:第?\\d{1,4}\\s*[.)。、]|\\(\\d{1,4}\\))\\s*(?=[${HAN}])|[①-⑳]|\\t|^#`, "m");
const COLUMN = new RegExp(`^\\d{1,4}\\s+([${HAN}]+)`, "gm");
const ENTRY = new RegExp(`^(?:第?(\\d{1,4})\\s*[.)。、]?\\s*|\\((\\d{1,4})\\)\\s*)?([${HAN}·]+(?:\\s[${HAN}]+)?)(?:\\(([^()]*)\\))?$`);
const BETWEEN = new RegExp(`([${HAN})])、(?=[${HAN}])`, "g");

// full-width characters are the plain ones; each stays one character
const fold = (text) => [...text].map((c) => { const plain = c.normalize("NFKC"); return plain.length === 1 ? plain : c; }).join("");
const bare = (name) => fold(name).replace(/\s/g, "");
const state = (sign) => SIGNS[WRITTEN[sign[0]] || sign[0]];
const mixed = (text) => text.includes("\n") && /^\s*\d+\s*$/m.test(text) && new RegExp(`[${HAN}]{2}`).test(text);

// roll: [{id, n, name, initials}]; fallback: the state of whoever is written without one. Gives [[row, state]], or null.
export function read(text, roll, fallback) {
  const plain = fold(text);
  const column = plain.includes("\n") && [...plain.matchAll(COLUMN)].some((m) => !WORDS[m[1]]);
  if (column || LISTED.test(plain)) return list(plain, roll, fallback);
  return mixed(plain) ? null : signed(plain, roll, fallback);
}

function signed(plain, roll, fallback) {
  const marks = new Map(); let last = [];
  for (const token of plain.replace(BETWEEN, "$1 ").split(/[\s,;]+/)) {
    if (!token) continue;
    let found, said = null, m;
    if ((m = token.match(NUMBERED))) {
      const from = +m[1], to = +(m[2] || m[1]), word = m[4] || m[5];
      found = roll.filter((r) => r.n >= from && r.n <= to);
      if (!found.length || found.length !== to - from + 1 || (word && !WORDS[word])) return null;
      said = m[3] ? state(m[3]) : word ? WORDS[word] : null;
    } else if ((m = token.match(INITIALS))) {
      found = roll.filter((r) => r.initials.startsWith(m[1].toLowerCase()));
      if (found.length !== 1) return null;
      said = m[2] ? state(m[2]) : null;
    } else if (last.length && WORDS[token]) {
      for (const row of last) marks.set(row, WORDS[token]);
      last = []; continue;
    } else {
      if (!(m = token.match(NAMED)) || m[3] === "、") return null;
      let name = m[1];
      if (m[2]) { said = WORDS[m[2]]; if (!said || m[3]) return null; }
      else if (m[3]) said = state(m[3]);
      found = roll.filter((r) => bare(r.name) === name);
      if (!found.length && !said) {
        const word = ENDINGS.find((w) => name.endsWith(w) && roll.some((r) => bare(r.name) === name.slice(0, -w.length)));
        if (word) { said = WORDS[word]; name = name.slice(0, -word.length); found = roll.filter((r) => bare(r.name) === name); }
      }
      if (found.length !== 1) return null;
    }
    for (const row of found) { if (marks.has(row)) return null; marks.set(row, said || fallback); }
    last = said ? [] : found;
  }
  return [...marks];
}

// a list: its numbers count lines, one after the other, and are nobody's number on the sheet
function list(plain, roll, fallback) {
  const marks = new Map(), lines = plain.split(/\r?\n/).map((line) => line.trim()).filter((line) => line && line !== "#接龙");
  let before = 0;
  for (const line of lines) {
    const m = line.match(ENTRY); if (!m) return null;
    const n = +(m[1] || m[2] || 0), said = m[4] ? WORDS[m[4]] : fallback;
    if (before ? n !== before + 1 : n > 1 && lines.length === 1) return null;
    if (!n && before) return null;
    before = n;
    if (!said || (m[4] && (fallback === "leave" ? !said.startsWith("leave") : !["present", "online", "half_day", "morning", "afternoon"].includes(said)))) return null;
    const found = roll.filter((r) => bare(r.name) === m[3].replace(/\s/g, ""));
    if (found.length !== 1 || marks.has(found[0])) return null;
    marks.set(found[0], said);
  }
  return marks.size ? [...marks] : null;
}
