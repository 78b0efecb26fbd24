"""Ends with 0 when the services' users are there and the server answers one of them."""

from pathlib import Path

from pymongo import MongoClient

assert Path("/data/db/users-made").exists()
password = Path("/run/secrets/mongo_roster_password").read_text().strip()
client: MongoClient[dict[str, object]] = MongoClient(
    "mongodb://127.0.0.1:27017/?directConnection=true&authSource=lvzhi_roster",
    username="roster",
    password=password,
    serverSelectionTimeoutMS=3000,
)
client["lvzhi_roster"].command("ping")
