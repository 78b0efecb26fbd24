// Creates the MongoDB user of each service, with rights on its own database alone, or gives it the password and rights again.
// docker-compose.yml runs it at the first start; for a database that is there already, once:
//   docker compose exec mongo sh -c 'mongosh -u lvzhi --password="$(cat /run/secrets/mongo_password)" /docker-entrypoint-initdb.d/mongo_users.js'
// Passwords are files of /run/secrets, or else variables: MONGO_ROSTER_PASSWORD and so on. A file that was exchanged is seen once
// the container was restarted.
const fs = require("fs");
const services = ["roster", "activities", "ratings", "reports", "accounts", "console"];
const prefix = process.env.LVZHI_DATABASE_PREFIX ?? "lvzhi_";

for (const service of services) {
  const file = `/run/secrets/mongo_${service}_password`;
  const setting = `MONGO_${service.toUpperCase()}_PASSWORD`;
  const pwd = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : process.env[setting];
  if (!pwd) throw new Error(`neither ${file} nor ${setting} holds a password`);
  const own = db.getSiblingDB(prefix + service);
  const rights = { pwd, roles: [{ role: "readWrite", db: own.getName() }] };
  if (own.getUser(service)) own.updateUser(service, rights);
  else own.createUser({ user: service, ...rights });
}
