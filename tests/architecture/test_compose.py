"""The compose file gives each service what it needs and no more: keys, database rights, memory, no password."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli.setup import MADE
from services.host.installation import DEPLOYED, SERVICES
from shared.settings import Settings
from tests.architecture.sources import ROOT

IN_FRONT = {"caddy", "keycloak"}
"""Of profiles of their own: not everybody has them."""
BACKUP = "backup"
"""A command of a profile of its own."""
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
COMPOSE: dict[str, dict[str, Any]] = FILE["services"]
MANUAL = (ROOT / "docs" / "operating.md").read_text("utf-8")
USERS = (ROOT / "scripts" / "mongo_users.js").read_text("utf-8")


def secrets_of(name: str) -> dict[str, str]:
    """Files in a container's /run/secrets, each with the secret it holds."""
    given = COMPOSE[name].get("secrets", [])
    return {one["target"]: one["source"] for one in given if isinstance(one, dict)} | {
        one: one for one in given if isinstance(one, str)
    }


def mounts(name: str) -> set[str]:
    return set(COMPOSE[name].get("volumes", []))


@pytest.mark.parametrize("file", ["docker-compose.yml", "tests/compose/override.yml"])
def test_the_file_is_as_the_compose_specification_says(file: str) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", ROOT / file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_port_of_this_machine_alone_is_told_with_what_opens_it() -> None:
    """Who follows the manual would find nothing listening where it says that people sign in."""
    closed = set(re.findall(r"\$\{(\w+):-127\.0\.0\.1:", TEXT))
    assert len(closed) == 3
    assert {name for name in closed if f"`{name}" not in MANUAL} == set()


def test_certificates_are_such_that_the_containers_can_read_them() -> None:
    """Neither has a right to pass over the mode of a file, and neither is its owner."""
    for name in IN_FRONT:
        assert "./certificates:/certificates:ro" in mounts(name)
        assert COMPOSE[name]["cap_drop"] == ["ALL"]
        assert "DAC_OVERRIDE" not in COMPOSE[name].get("cap_add", [])
    assert "install -d -m 755 certificates" in MANUAL
    assert re.findall(r"install -m (\d+) \S+ certificates/(\S+)", MANUAL) == [
        ("444", "cert.pem"),
        ("444", "key.pem"),
    ]


def test_all_services_are_there() -> None:
    assert {*DEPLOYED, "gateway", "mongo", "rabbitmq"} == set(COMPOSE) - IN_FRONT - {BACKUP}


@pytest.mark.parametrize("service", DEPLOYED)
def test_a_service_has_a_database_user_with_rights_on_its_own_database(service: str) -> None:
    url = COMPOSE[service]["environment"]["MONGODB_URL"]
    assert url.startswith(f"mongodb://{service}@")
    assert url.endswith(f"&authSource=lvzhi_{service}")
    own = f"mongo_{service}_password"
    assert secrets_of(service)["mongodb_password"] == own
    assert own in secrets_of("mongo")
    assert {name for name in secrets_of(service).values() if name.startswith("mongo_")} == {own}


def test_the_script_makes_these_users_and_grants_nothing_else() -> None:
    assert re.search(r"services = \[(.*)\]", USERS).group(1).replace('"', "") == ", ".join(DEPLOYED)  # type: ignore[union-attr]
    assert re.findall(r"role: \"(\w+)\", db: ([\w.()]+)", USERS) == [("readWrite", "own.getName()")]
    assert any("mongo_users.js:/docker-entrypoint-initdb.d/" in mount for mount in mounts("mongo"))


def test_a_key_is_within_reach_of_the_services_that_need_it() -> None:
    assert {name for name in COMPOSE if any("box-keys" in mount for mount in mounts(name))} == {"ratings"}
    keys = {name: secrets_of(name).get("lvzhi_personal_data_keys") for name in COMPOSE}
    assert {name: key for name, key in keys.items() if key} == {
        name: f"{name}_data_keys" for name in ("roster", "activities", "reports", "accounts", "console")
    }
    ours = set(COMPOSE) - IN_FRONT - {BACKUP}
    volumes = {name: {mount for mount in mounts(name) if mount.endswith(":/data")} for name in ours}
    assert volumes == {name: {f"{name}:/data"} if name in DEPLOYED else set() for name in ours}


def test_no_service_reads_keys_of_another() -> None:
    """Only accounts signs tokens: the others ask it for the keys that verify them."""
    ours = set(COMPOSE) - {BACKUP}
    mounted = [mount.split(":")[0] for name in ours for mount in mounts(name) if "/data" in mount]
    assert len(mounted) == len(set(mounted))
    own = {name: COMPOSE[name]["environment"].get("LVZHI_OWN_JWKS") for name in DEPLOYED if name != "console"}
    assert own.pop("accounts") == ""
    assert set(own.values()) == {"http://accounts:8080/accounts/jwks.json"}


def test_every_secret_is_a_file_that_the_command_makes() -> None:
    assert FILE["secrets"] == {name: {"file": f"./secrets/{name}"} for name in MADE}
    used = {secret for name in COMPOSE for secret in secrets_of(name).values()}
    assert used == set(MADE)
    environments = [COMPOSE[name].get("environment", {}) for name in COMPOSE]
    said = {key for environment in environments for key in environment}
    assert not {key for key in said if re.search("PASS|KEY|SECRET", key) and not key.endswith("_FILE")}


def test_a_backup_has_the_keys_of_every_service_and_no_other() -> None:
    """In place: what a restore writes is where the service has it. Those of ballot boxes are in another volume."""
    folder = "${LVZHI_BACKUP_DIR:-./backups}:${LVZHI_BACKUP_DIR:-/backups}"
    assert mounts(BACKUP) == {folder, *(f"{name}:/keys/{name}" for name in SERVICES)}
    assert f"{folder}:ro" in mounts("console")
    data = {
        source for name in DEPLOYED for source in secrets_of(name).values() if source.endswith("_data_keys")
    }
    assert secrets_of(BACKUP) == {
        "mongodb_password": "mongo_password",
        **{f"/keys/secrets/{name}": name for name in data},
    }
    named = {word.removeprefix("--keys=") for word in COMPOSE[BACKUP]["command"] if "--keys" in word}
    assert named == {f"/keys/{name}" for name in (*SERVICES, "secrets")}
    made = re.search(r"for name in ([a-z ]+); do[^;]*/keys/", (ROOT / "Dockerfile").read_text("utf-8"))
    assert made
    assert set(made[1].split()) == set(SERVICES)


@pytest.mark.parametrize("name", sorted(COMPOSE))
def test_a_container_is_limited_and_its_image_can_be_pinned(name: str) -> None:
    one = COMPOSE[name]
    assert re.fullmatch(r"\$\{[A-Z_]+_IMAGE:-[\w./-]+:[\w.-]+\}", one["image"])
    assert one["mem_limit"]
    assert one["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert one["restart"] == ("no" if name == BACKUP else "unless-stopped")
    if name in {*DEPLOYED, "gateway", BACKUP}:
        assert (one["read_only"], one["cap_drop"], one["init"]) == (True, ["ALL"], True)
    assert "ports" not in one or name in {"gateway", *IN_FRONT}


@pytest.mark.parametrize(
    "page", ["SECURITY.md", "docs/guide/secrecy.md", "docs/operating.md", "docker-compose.yml"]
)
def test_every_page_says_that_box_keys_are_for_ratings_alone_and_in_no_backup(page: str) -> None:
    said = (ROOT / page).read_text("utf-8")
    assert "box-keys" in said
    assert re.search("only `?ratings`?|只有测评服务|只挂给 `ratings`", said)
    assert re.search("no backup|Never back up|不备份|备份不要包括", said)


PLACES = {"LVZHI_DATA_DIR", "LVZHI_BACKUP_DIR", "LVZHI_HOST", "LVZHI_PORT", "LVZHI_OWN_JWKS"}
"""What the file itself decides."""


@pytest.mark.parametrize("service", DEPLOYED)
def test_what_the_manual_says_of_tokens_reaches_every_service(service: str) -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(LVZHI_\w+)` \|", manual, re.MULTILINE)) & {
        f"LVZHI_{name.upper()}" for name in Settings.model_fields
    }
    assert "LVZHI_ROLE_NAMES" in told
    if service != "console":
        assert told - PLACES <= set(COMPOSE[service]["environment"])


OF_ONE_PROCESS = {"LVZHI_PROXIES", "LVZHI_DRILL_DAYS", "LVZHI_DATABASE_PREFIX"}
"""Told for `lvzhi serve`, and for databases of one's own."""


def test_what_pages_tell_an_operator_to_set_reaches_the_containers() -> None:
    """A variable of `.env` that the file does not hand on is set in vain."""
    pages = [
        *(ROOT / "docs" / "guide").glob("*.md"),
        ROOT / "docs" / "operating.md",
        ROOT / "docs" / "runbook.md",
    ]
    told = {name for page in pages for name in re.findall(r"LVZHI_[A-Z_]+", page.read_text("utf-8"))}
    common = {f"LVZHI_{name.upper()}" for name in Settings.model_fields}
    assert "LVZHI_FORGET_UNREADABLE" in told & common
    secret = {f"LVZHI_{field.upper()}" for field in ("personal_data_keys",)}
    handed_on = set(COMPOSE["roster"]["environment"])
    assert (told & common) - PLACES - OF_ONE_PROCESS - secret - handed_on == set()
    assert {"LVZHI_FORGET_UNREADABLE", "LVZHI_BACKUP_DIR"} <= set(COMPOSE["console"]["environment"])


def test_a_password_is_changed_in_the_order_that_takes_effect() -> None:
    """The script reads the file, and a container sees the file that was there when it started."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (steps,) = [part for part in manual.split("```") if "secrets/mongo_roster_password" in part]
    order = ["mv secrets/new secrets/", "restart mongo", "mongo_users.js", "restart roster"]
    places = [steps.index(step) for step in order]
    assert places == sorted(places)


def test_no_page_tells_to_remove_a_volume_without_naming_it() -> None:
    """`down -v` removes the database and the keys too: it is named where nothing is lost, or as what never to do."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    told = re.findall(r"^.*down -v.*$", manual, re.MULTILINE)
    assert told
    assert all(re.search("绝不要|确定里面什么也没有", line) for line in told)


def test_the_manual_s_commands_name_containers_and_secrets_that_exist() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    run = set(re.findall(r"docker compose (?:exec|run)(?: --?\w+(?: \"[^\"]+\")?)* ([a-z]+)", manual))
    assert {"backup", "accounts", "mongo", "rabbitmq"} <= run <= set(COMPOSE)
    targets = {"mongodb_password", "amqp_password", "lvzhi_personal_data_keys"}
    named = set(re.findall(r"`(\w+_(?:password|key|data_keys))`", manual)) - targets
    assert {"mongo_key", "mongo_password"} <= named
    assert named <= {*MADE, "mongo_服务_password"}


def test_the_broker_has_room_for_its_log_in_memory() -> None:
    """RabbitMQ's guide to quorum queues: at least three times the size of the write-ahead log."""
    text = (ROOT / "scripts" / "rabbitmq.conf").read_text("utf-8")
    log = int(re.search(r"^raft\.wal_max_size_bytes = (\d+)$", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    mark = int(re.search(r"^vm_memory_high_watermark\.absolute = (\d+)MiB$", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    assert 3 * log < mark << 20 < 0.7 * (1 << 30)
    assert COMPOSE["rabbitmq"]["mem_limit"] == "${RABBITMQ_MEMORY:-1g}"
    assert "./scripts/rabbitmq.conf:/etc/rabbitmq/conf.d/20-lvzhi.conf:ro" in mounts("rabbitmq")


def test_the_broker_moves_to_another_minor_version_only_when_somebody_says_so() -> None:
    """From one to the next but one it does not start (release notes of RabbitMQ 4.3)."""
    assert re.search(r":-rabbitmq:4\.\d+-management\}", COMPOSE["rabbitmq"]["image"])


TAGGED = (
    *("docker-compose.yml", ".env.example", "README.md", "README.zh-CN.md"),
    *("docs/operating.md", "docs/releasing.md"),
)


def test_an_image_is_named_by_its_whole_version() -> None:
    """Two patch releases of one name are one: the later is not fetched, and nobody gets back to the earlier."""
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    tags = {
        file: set(re.findall(r"\blvzhi:(\d[\w.-]*)", (ROOT / file).read_text("utf-8"))) for file in TAGGED
    }
    assert tags == {file: {own} for file in TAGGED}
    kustomization = yaml.safe_load((ROOT / "deploy/kubernetes/kustomization.yaml").read_text("utf-8"))
    assert [image["newTag"] for image in kustomization["images"]] == [own]
    assert 'tag = f"lvzhi:{version}"' in (ROOT / "scripts" / "release.py").read_text("utf-8")


def test_lost_secrets_are_put_back_by_commands_that_can_be_typed() -> None:
    """An operator's own shell expands no name in a folder of the containers' user; settings that are there stay."""
    assert "lvzhi setup env --from .env" in MANUAL
    (steps,) = [
        part for part in MANUAL.split("```") if "setup env --from .env\n" in part and "restored" in part
    ]
    order = ["setup env --from .env", "install -d -m 777 restored", "--keys-only --data /restored"]
    places = [
        steps.index(step) for step in [*order, "sudo sh -c 'install -m 444 restored/secrets/* secrets/'"]
    ]
    assert places == sorted(places)
    lines = [line for part in MANUAL.split("```")[1::2] for line in part.splitlines() if "sudo " in line]
    assert [line for line in lines if "*" in line.replace("sudo sh -c '", "").partition("sudo ")[2]] == []


def test_replicas_are_a_setting_and_stay() -> None:
    """What `--scale` says is undone by the next `up`."""
    scaled = {name: one["scale"] for name, one in COMPOSE.items() if "scale" in one}
    assert scaled == {name: f"${{LVZHI_{name.upper()}_REPLICAS:-1}}" for name in SERVICES}
    assert [name for name in SERVICES if f"`LVZHI_{name.upper()}_REPLICAS`" not in MANUAL] == []
    assert not re.search(r"docker compose ps -a?q \$?\w+\)", MANUAL), "the ids of all replicas"


def test_a_password_is_no_word_of_its_own() -> None:
    """`-p` with a password that begins with a hyphen is refused; installations of before have such ones."""
    files = ("docker-compose.yml", "docs/operating.md", "scripts/mongo_users.js")
    text = "".join((ROOT / file).read_text("utf-8") for file in files)
    assert len(re.findall(r'--password="\$+\(cat', text)) == 5
    assert not re.search(r'-p "?\$', text)


def test_a_backup_has_the_time_that_its_transaction_needs() -> None:
    assert "transactionLifetimeLimitSeconds=600" in COMPOSE["mongo"]["entrypoint"][-1]
