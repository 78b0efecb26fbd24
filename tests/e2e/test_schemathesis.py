"""Schemathesis: what it makes of the contract, the example answers as the contract says. By day a little, by night all.

`scripts/clients` installs it. Each finding is mended where it comes from; `schemathesis.toml` says what no schema can.
"""

import asyncio
import os
from typing import Final

import pytest

from services.cli.example import FOLDER
from services.host.installation import SERVICES
from tests.architecture.sources import ROOT
from tests.fixtures.systems import System

pytestmark = [pytest.mark.e2e, pytest.mark.own_servers]

FOLDER_OF_PROGRAMS: Final = ROOT / ".cache" / "clients"
CONTRACT: Final = ROOT / "services" / "contract" / "openapi.json"
EVERY_ROLE: Final = ("office", "county", "auditor", "service", "teller", "leader", "deputy")
SEED: Final = os.environ.get("FUZZ_SEED", "1")
COVERAGE_SECONDS: Final = "300"


async def finds_nothing(system: System, service: str, *budget: str) -> None:
    """Run it on the operations of a service, with a token of every role."""
    assert (FOLDER_OF_PROGRAMS / ".ready").exists(), "scripts/clients installs it"
    asked = [word for role in EVERY_ROLE for word in ("--role", role)]
    token = await system.cli("token", "--area", "340281", *asked, "--data", str(system.data / FOLDER))
    where = ("--url", system.url, "--include-path-regex", f"^/{service}/", "--request-timeout", "60")
    process = await asyncio.create_subprocess_exec(
        *(str(FOLDER_OF_PROGRAMS / "bin" / "st"), "run", str(CONTRACT), *budget, "--seed", SEED, *where),
        *("--header", f"Authorization: Bearer {token}"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    _, _, found = output.decode().partition("= FAILURES =")
    assert process.returncode == 0, f"{found or output.decode()[-8000:]}\n{system.logs()}"


@pytest.mark.nightly
async def test_an_example_of_every_operation_of_the_roster(sandbox: System) -> None:
    await finds_nothing(sandbox, "roster", "--phases", "fuzzing", "--max-examples", "1")


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
async def test_some_examples_of_every_operation(service: str, sandbox: System) -> None:
    await finds_nothing(sandbox, service, "--phases", "fuzzing", "--max-examples", "10")


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
async def test_the_boundaries_of_every_value(service: str, sandbox: System) -> None:
    """As far as the time goes: one large body has a thousand boundaries."""
    await finds_nothing(sandbox, service, "--phases", "coverage", "--max-time", COVERAGE_SECONDS)
