"""Makes the users at the first start, the administrator too, then becomes the server, which asks for passwords."""

import os
import subprocess
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

SERVICES = ("roster", "activities", "ratings", "reports", "accounts", "console")
SERVER = [
    "secantusd-py",
    "--host",
    "0.0.0.0",
    "--port",
    "27017",
    "--storage-path",
    "/data/db/store",
    "--sync-on-commit",
]
MADE = Path("/data/db/users-made")


def make_users() -> None:
    server = subprocess.Popen(SERVER)
    while True:
        try:
            client: MongoClient[dict[str, object]] = MongoClient(
                "mongodb://127.0.0.1:27017/?directConnection=true", serverSelectionTimeoutMS=500
            )
            for service in SERVICES:
                database = f"lvzhi_{service}"
                password = Path(f"/run/secrets/mongo_{service}_password").read_text().strip()
                client[database].command(
                    "createUser", service, pwd=password, roles=[{"role": "readWrite", "db": database}]
                )
            password = Path("/run/secrets/mongo_password").read_text().strip()
            client["admin"].command(
                "createUser", "lvzhi", pwd=password, roles=[{"role": "root", "db": "admin"}]
            )
            break
        except PyMongoError:  # not yet listening
            time.sleep(0.2)
    client.close()
    server.terminate()
    server.wait()
    MADE.touch()


if not MADE.exists():
    make_users()
os.execvp(SERVER[0], [*SERVER, "--auth"])
