// Creates the MongoDB user of each service, with rights on its own database alone, or gives it the password and rights again.
// docker-compose.yml runs it at the first start; for a database that is there already, once:
//   docker compose exec mongo sh -c 'mongosh -u "$MONGO_INITDB_ROOT_USERNAME" -p "$MONGO_INITDB_ROOT_PASSWORD" /docker-entrypoint-initdb.d/mongo_users.js'
const services = ["roster", "activities", "ratings", "reports", "accounts", "console"];
const prefix = process.env.LVZHI_DATABASE_PREFIX ?? "lvzhi_";

for (const service of services) {
  const setting = `MONGO_${service.toUpperCase()}_PASSWORD`;
  const pwd = process.env[setting];
  if (!pwd) throw new Error(`${setting} is not set`);
  const own = db.getSiblingDB(prefix + service);
  const rights = { pwd, roles: [{ role: "readWrite", db: own.getName() }] };
  if (own.getUser(service)) own.updateUser(service, rights);
  else own.createUser({ user: service, ...rights });
}
