"""What is committed between the reads of a use case and its commit, while a closing waits: neither is lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.reports import repository
from services.reports.app import build
from services.reports.handlers import closings, statements, year_settings
from services.reports.schemas import SettingsIn
from services.reports.schemas.statements import ObjectIn
from services.reports.settings import Settings
from shared.security.tokens import Actor
from shared.storage.work import Work
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import TOWN, Drive
from tests.probes import eventually

CLERK = Actor("clerk", TOWN, frozenset({"office"}))

Run = Callable[[Work], Awaitable[object]]


@pytest.fixture
async def office(drive: Drive) -> Office:
    """An office whose service does nothing by itself."""
    office = handed_to(await drive(replace(build(Settings()), tasks=())))
    await office.tell()
    return office


async def run(office: Office, use_case: Run) -> None:
    await office.driver.alive.store.execute(town=TOWN, actor=CLERK.sub, run=use_case)


async def run_between(office: Office, late: Run, meanwhile: Run) -> None:
    """Run `late`, and once `meanwhile` after it has read and before it commits."""
    waiting = [meanwhile]

    async def read(work: Work) -> None:
        await late(work)
        while waiting:
            await run(office, waiting.pop())

    await run(office, read)


async def sealed(office: Office) -> Run:
    """The compilation of a closing whose seals have arrived."""
    id = await office.close()
    await office.seal(id)

    async def arrived() -> bool:
        work = office.driver.alive.store.reading(TOWN, "")
        return await closings.seals_arrived(work, await repository.seals_of(work, id))

    await eventually(arrived)
    return partial(closings.advance, id=id, settings=Settings())


async def reword(work: Work) -> None:
    await year_settings.put_settings(work, "2020", SettingsIn(theme="防汛救灾"), None)


def objecting(office: Office) -> Run:
    body = ObjectIn.model_validate({"year": 2020, "text": "缺", "on_behalf": True, "on": "2020-12-05"})

    async def object_to(work: Work) -> None:
        statement = await statements.deputy_statement(work, office.mandate(0).id, body, CLERK)
        await statements.object_to(work, statement, body, None)

    return object_to


@pytest.mark.parametrize("what", ["wording", "objection"])
@pytest.mark.parametrize("later", ["closing", "change"])
async def test_what_changes_while_the_first_closing_compiles_is_in_the_report(
    office: Office, what: str, later: str
) -> None:
    change = reword if what == "wording" else objecting(office)
    order = (await sealed(office), change)
    late, meanwhile = order if later == "closing" else order[::-1]
    await run_between(office, late, meanwhile)
    report = await office.driver.get(f"{YEAR}/report")
    again: Any = await office.driver.post(f"{YEAR}/report:compile", {})
    assert (report["status"], again["version"]) == ("draft", report["version"])
