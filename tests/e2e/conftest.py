"""The systems the tests share: one with the other town's year in it, and one for each way to run."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import ClientSession, ClientTimeout

from services.cli.example import CREDENTIALS, FOLDER, UNFINISHED
from services.host.embedded import free_port
from services.host.sandbox import Credentials
from tests.e2e.contract_book import Book
from tests.e2e.contract_cases import keep_cases
from tests.e2e.contract_client import Client
from tests.e2e.contract_roster import keep_roster
from tests.e2e.contract_votes import Staff, keep_votes
from tests.e2e.contract_year import keep_year
from tests.fixtures.systems import System, alone, apart, environment_of
from tests.probes import PATIENCE, eventually

TOWN = "330421105"
COUNTY = "330421"
CALLERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "office": (TOWN, ("office",)),
    "teller-1": (TOWN, ("teller",)),
    "teller-2": (TOWN, ("teller",)),
    "presiding": (TOWN, ("teller",)),
    "county": (COUNTY, ("county",)),
    "auditor": (COUNTY, ("auditor",)),
    "neighbour": ("330421106", ("office",)),
    "stranger": ("330483", ("county",)),
}


@dataclass(frozen=True)
class World:
    """Everybody who calls, and what the office has kept."""

    callers: dict[str, Client]
    book: Book

    @property
    def office(self) -> Client:
        return self.callers["office"]

    @property
    def staff(self) -> Staff:
        return Staff(self.office, (self.callers["teller-1"], self.callers["teller-2"]))

    def nobody(self) -> Client:
        return replace(self.office, token="")


@pytest.fixture(scope="package")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """`lvzhi serve` with nothing around it, and the year as its office keeps it."""
    async with alone(tmp_path_factory.mktemp("contract")) as system:
        tokens = [await system.token(area, *roles, subject=name) for name, (area, roles) in CALLERS.items()]
        async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session:
            callers = {
                name: Client(system.url, session, token, TOWN)
                for name, token in zip(CALLERS, tokens, strict=True)
            }
            found = World(callers, Book())
            await keep_roster(found.office, found.book)
            await keep_year(found.office, found.book)
            await keep_cases(found.office, found.book)
            await keep_votes(found.staff, found.book)
            yield found


@pytest.fixture(scope="package")
async def standalone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with alone(tmp_path_factory.mktemp("standalone")) as system:
        yield system


@pytest.fixture(scope="package")
async def distributed(
    tmp_path_factory: pytest.TempPathFactory, mongo_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[System]:
    """Over the broker named by AMQP_URL, else a virtual host of the private node."""
    amqp_url = os.environ.get("AMQP_URL") or request.getfixturevalue("rabbit").fresh_url()
    async with apart(tmp_path_factory.mktemp("distributed"), mongo_url, amqp_url) as system:
        yield system


@pytest.fixture(scope="package")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """`lvzhi serve --example`, once the example is in place."""
    data = tmp_path_factory.mktemp("sandbox")
    system = System(f"http://127.0.0.1:{free_port()}", data, environment_of(data))
    try:
        system.serve("--example")
        await system.ready()
        folder = data / FOLDER

        def complete() -> bool:
            """the example is in place"""
            assert all(process.poll() is None for process in system.processes.values()), system.logs()
            return (folder / CREDENTIALS).exists() and not (folder / UNFINISHED).exists()

        await eventually(complete, every=0.2)
        yield system
    finally:
        system.stop()


@pytest.fixture(scope="package")
def credentials(sandbox: System) -> Credentials:
    return Credentials.model_validate_json((sandbox.data / FOLDER / CREDENTIALS).read_bytes())
