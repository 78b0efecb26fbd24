"""The compose file gives each service what it needs and no more: keys, database rights, no default passwords."""

import re

import pytest

from tests.architecture.sources import ROOT

SERVICES = ("roster", "activities", "ratings", "reports", "accounts", "console")
HEADER = (ROOT / "docker-compose.yml").read_text("utf-8").partition("\nservices:\n")[0]
_TEXT = (
    (ROOT / "docker-compose.yml")
    .read_text("utf-8")
    .partition("\nservices:\n")[2]
    .partition("\nvolumes:\n")[0]
)
_BLOCKS = re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", _TEXT, re.MULTILINE)
COMPOSE = {name: re.sub(r"^ *#.*$", "", block, flags=re.MULTILINE) for name, block in _BLOCKS}
"""Text of each service."""
USERS = (ROOT / "scripts" / "mongo_users.js").read_text("utf-8")


def environment(name: str) -> dict[str, str]:
    return dict(re.findall(r"^      ([A-Z_]+): (.+)$", COMPOSE[name], re.MULTILINE))


def mounts(name: str) -> set[str]:
    return set(
        re.findall(r"[\w./-]+:/[\w./:-]+", "".join(re.findall(r"volumes:.*(?:\n      - .*)*", COMPOSE[name])))
    )


def test_all_services_are_read() -> None:
    assert {*SERVICES, "gateway", "mongo", "rabbitmq"} == set(COMPOSE)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_database_user_with_rights_on_its_own_database(service: str) -> None:
    password = f"MONGO_{service.upper()}_PASSWORD"
    url = environment(service)["MONGODB_URL"]
    assert url.startswith(f"mongodb://{service}:${{{password}:?")
    assert url.endswith(f"&authSource=lvzhi_{service}")
    assert password in environment("mongo")
    others = {f"MONGO_{other.upper()}_PASSWORD" for other in SERVICES if other != service} | {
        "MONGO_PASSWORD"
    }
    assert not others & set(re.findall(r"[A-Z_]+", COMPOSE[service]))


def test_the_script_makes_these_users_and_grants_nothing_else() -> None:
    assert re.search(r"services = \[(.*)\]", USERS).group(1).replace('"', "") == ", ".join(SERVICES)  # type: ignore[union-attr]
    assert re.findall(r"role: \"(\w+)\", db: ([\w.()]+)", USERS) == [("readWrite", "own.getName()")]
    assert any("mongo_users.js:/docker-entrypoint-initdb.d/" in mount for mount in mounts("mongo"))


def test_a_key_is_within_reach_of_the_services_that_need_it() -> None:
    with_boxes = {name for name in COMPOSE if any("box-keys" in mount for mount in mounts(name))}
    assert with_boxes == {"ratings"}
    with_data_keys = {name for name in COMPOSE if "LVZHI_PERSONAL_DATA_KEYS" in environment(name)}
    assert with_data_keys == {"roster", "activities", "reports", "accounts", "console"}
    keys = [environment(name)["LVZHI_PERSONAL_DATA_KEYS"] for name in with_data_keys]
    assert len(set(keys)) == len(keys)
    volumes = {name: {mount for mount in mounts(name) if mount.endswith(":/data")} for name in COMPOSE}
    assert volumes == {name: {f"{name}:/data"} if name in SERVICES else set() for name in COMPOSE}


def test_no_service_reads_keys_of_another() -> None:
    """Only accounts signs tokens: the others ask it for the keys that verify them."""
    mounted = [mount.split(":")[0] for name in COMPOSE for mount in mounts(name) if "/data" in mount]
    assert len(mounted) == len(set(mounted))
    assert environment("accounts")["LVZHI_OWN_JWKS"] == '""'
    assert "LVZHI_OWN_JWKS: http://accounts:8080/accounts/jwks.json" in HEADER


@pytest.mark.parametrize(
    "page", ["SECURITY.md", "docs/guide/secrecy.md", "docs/operating.md", "docker-compose.yml"]
)
def test_every_page_says_that_box_keys_are_for_ratings_alone_and_in_no_backup(page: str) -> None:
    said = (ROOT / page).read_text("utf-8")
    assert "box-keys" in said
    assert re.search("only `?ratings`?|只有测评服务|只挂给 `ratings`", said)
    assert re.search("no backup|Never back up|不备份|备份不要包括", said)
