"""Clients that others' generators make from the contract; `scripts/clients` installs them."""

import ast
import asyncio
import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from services.cli.example import FOLDER
from services.host.sandbox import Credentials
from tests.architecture.sources import ROOT
from tests.fixtures.systems import System

pytestmark = [pytest.mark.e2e, pytest.mark.own_servers, pytest.mark.nightly, pytest.mark.slow]

PROGRAMS: Final = ROOT / ".cache" / "clients" / "bin"
CONTRACT: Final = ROOT / "services" / "contract" / "openapi.json"
UNTYPED: Final = frozenset({"Any", "Any | None"})
EVERY_ROLE: Final = ("office", "county", "auditor", "service", "teller", "leader", "deputy")

CALLS: Final = """
import os
from datetime import date

from lvzhi_client import AuthenticatedClient, Client
from lvzhi_client.api.accounts import accounts_issue_token
from lvzhi_client.api.events import roster_area_events, roster_town_events
from lvzhi_client.api.people import roster_create_people, roster_list_people, roster_rename_people
from lvzhi_client.api.years import reports_report_docx
from lvzhi_client.models import Event, PersonIn, PersonPage, RenameIn, RosterPerson, TokenIn, TokenInGrantType, TokenOut

url, town = os.environ["URL"], "340281199"
id, _, secret = os.environ["OFFICE"].partition(":")
form = TokenIn(grant_type=TokenInGrantType.CLIENT_CREDENTIALS, client_id=id, client_secret=secret)
given = accounts_issue_token.sync(client=Client(base_url=url), body=form)
assert isinstance(given, TokenOut), given
client = AuthenticatedClient(base_url=url, token=given.access_token, raise_on_unexpected_status=True)

made = roster_create_people.sync(town, client=client, body=PersonIn(name="欧阳示例1"), idempotency_key="k1")
assert isinstance(made, RosterPerson), made
again = roster_create_people.sync(town, client=client, body=PersonIn(name="欧阳示例1"), idempotency_key="k1")
assert again.id == made.id
renamed = roster_rename_people.sync(town, made.id, client=client, body=RenameIn(name="欧阳示例2", on=date(2020, 6, 9)))
assert renamed.name == "欧阳示例2", renamed
page = roster_list_people.sync(town, client=client, q="欧阳示例2", total=True)
assert isinstance(page, PersonPage), page
assert [person.id for person in page.items] == [made.id]
events = roster_town_events.sync(town, client=client, types="roster.person.*", limit=1000)
assert all(isinstance(event, Event) for event in events), events
assert events[-1].subject == f"person/{made.id}"
assert roster_area_events.sync(client=client, area=town, limit=1)[0].sequence == 1
document = reports_report_docx.sync(town, "2020", client=client)
assert document.payload.read(2) == b"PK"
print("done")
"""

MODELS: Final = """
import json
import sys

from models import Event, PersonPage, ReportOut

events, people, report = (json.load(open(name)) for name in ("events.json", "people.json", "report.json"))
for event in events:
    Event.model_validate(event)
PersonPage.model_validate(people)
ReportOut.model_validate(report)
print("done", len(events))
"""


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    assert (PROGRAMS.parent / ".ready").exists(), "scripts/clients installs them"


async def ran(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The output of a program that ends well."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        env={**os.environ, "PATH": f"{PROGRAMS}:{ROOT / '.venv/bin'}:{os.environ['PATH']}", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-8000:]
    return output.decode()


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the client that openapi-python-client makes; it warns of nothing."""
    folder = tmp_path_factory.mktemp("client")
    config = ROOT / "docs" / "openapi-python-client.yaml"
    asked = (
        "--path",
        CONTRACT,
        "--config",
        config,
        "--output-path",
        folder,
        "--overwrite",
        "--fail-on-warning",
    )
    await ran(PROGRAMS / "openapi-python-client", "generate", *asked, cwd=folder)
    return folder


async def test_every_answer_of_a_generated_client_is_typed(client: Path) -> None:
    modules = {path.stem: path for path in (client / "lvzhi_client" / "api").rglob("*.py")}
    contract = json.loads(CONTRACT.read_text("utf-8"))
    operations = [one for methods in contract["paths"].values() for one in methods.values()]
    untyped = [
        one["operationId"] for one in operations if _answers(one) and not _typed(modules[one["operationId"]])
    ]
    assert untyped == []
    assert len(operations) > 400


def _answers(operation: dict[str, Any]) -> bool:
    return any(
        answer.get("content") for status, answer in operation["responses"].items() if status.startswith("2")
    )


def _typed(module: Path) -> bool:
    """Whether `sync` says what it returns."""
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "sync" and node.returns is not None:
            return ast.unparse(node.returns) not in UNTYPED
    return False


async def test_a_generated_client_lists_creates_commands_and_follows(
    client: Path, sandbox: System, credentials: Credentials
) -> None:
    office = credentials.program("office")
    known = f"{office.client_id}:{office.client_secret}"
    said = await ran(PROGRAMS / "python", "-c", CALLS, cwd=client, URL=sandbox.url, OFFICE=known)
    assert said == "done\n"


async def test_generated_models_read_what_the_system_answers(sandbox: System, tmp_path: Path) -> None:
    options = ("--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel")
    generator = PROGRAMS / "datamodel-codegen"
    await ran(generator, "--input", CONTRACT, "--output", tmp_path / "models.py", *options, cwd=tmp_path)
    token = await every_role(sandbox)
    for name, path in (
        ("events", "/roster/v1/events?area=340281&limit=1000"),
        ("people", "/roster/v1/towns/340281199/people"),
        ("report", "/reports/v1/towns/340281199/years/2020/report"),
    ):
        answer = await sandbox.must("GET", path, token)
        (tmp_path / f"{name}.json").write_text(json.dumps(answer), "utf-8")
    assert (await ran(PROGRAMS / "python", "-c", MODELS, cwd=tmp_path)).startswith("done")


async def every_role(system: System) -> str:
    asked = [word for role in EVERY_ROLE for word in ("--role", role)]
    return await system.cli("token", "--area", "340281", *asked, "--data", str(system.data / FOLDER))
