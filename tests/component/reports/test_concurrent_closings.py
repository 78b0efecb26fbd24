"""Closings beside other use cases, between whose reads and commit they are committed, and beside other clocks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from services.reports import repository
from services.reports.app import build
from services.reports.errors import WrongStatus
from services.reports.handlers import closings, editions, recompiling, schedule, statements, year_settings
from services.reports.migrations import fill_the_board
from services.reports.schemas import ClosingIn, SettingsIn
from services.reports.schemas.statements import ObjectIn
from services.reports.settings import Settings
from shared.security.tokens import Actor
from shared.storage.reader import Reader
from shared.storage.work import Work
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.clocks import FixedClock
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


@dataclass
class Interrupted:
    """A Reader that runs `meanwhile` before the first read of the collection `before`."""

    reader: Reader
    before: str
    meanwhile: Callable[[], Awaitable[None]]

    async def find(self, collection: str, query: Mapping[str, Any], **options: Any) -> list[dict[str, Any]]:
        if collection == self.before:
            await self.meanwhile()
        return await self.reader.find(collection, query, **options)

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        return await self.reader.arrival(condition, within=within)


async def run_between(office: Office, late: Run, meanwhile: Run, before: str = "") -> None:
    """Run `late`, and `meanwhile` once: before `late` first reads the collection `before`, or before it commits."""
    waiting = [meanwhile]

    async def interrupt() -> None:
        while waiting:
            await run(office, waiting.pop())

    async def read(work: Work) -> None:
        work.reader = Interrupted(work.reader, before, interrupt)
        await late(work)
        await interrupt()

    await run(office, read)


async def sealed(office: Office, closing: str = "") -> Run:
    """The compilation of a closing whose seals have arrived; of a new one unless it is named."""
    id = closing or await office.close()
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
@pytest.mark.parametrize(
    ("later", "before"), [("closing", ""), ("change", "progress"), ("change", "reports"), ("change", "")]
)
async def test_what_changes_while_the_first_closing_compiles_is_in_the_report(
    office: Office, what: str, later: str, before: str
) -> None:
    change = reword if what == "wording" else objecting(office)
    order = (await sealed(office), change)
    late, meanwhile = order if later == "closing" else order[::-1]
    await run_between(office, late, meanwhile, before)
    report = await office.driver.get(f"{YEAR}/report")
    again: Any = await office.driver.post(f"{YEAR}/report:compile", {})
    assert (report["status"], again["version"]) == ("draft", report["version"])


async def request(work: Work, day: str = "2020-12-07") -> None:
    await closings.request_closing(work, "2020", ClosingIn.model_validate({"as_of": day}))


async def approve(work: Work) -> None:
    await editions.step(work, "2020", "approved")


@pytest.mark.parametrize("before", ["progress", "board", ""])
async def test_a_report_is_not_approved_while_a_new_closing_is_requested(office: Office, before: str) -> None:
    await run(office, await sealed(office))
    with pytest.raises(WrongStatus, match="新的封账还在进行"):
        await run_between(office, approve, request, before)
    assert (await office.driver.get(f"{YEAR}/report?version=1"))["status"] == "draft"


@pytest.mark.parametrize("before", ["towns", "board", ""])
async def test_the_schedule_closes_no_report_that_is_approved_meanwhile(office: Office, before: str) -> None:
    await run(office, await sealed(office))

    async def look(work: Work) -> None:
        await schedule.look(work, lambda year: [date(year, 12, 20)], date(2020, 12, 21))

    await run_between(office, look, approve, before)
    assert (await office.driver.get(f"{YEAR}/report"))["status"] == "approved"


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("before", ["progress", "board", ""])
async def test_of_two_closings_requested_at_once_one_is_waited_for(
    office: Office, is_first: bool, before: str
) -> None:
    if not is_first:
        await run(office, await sealed(office))
    await run_between(office, request, partial(request, day="2020-12-08"), before)
    states = [one["state"] for one in await office.driver.alive.store.find("progress", {"town": TOWN})]
    assert states.count("waiting") == 1


@pytest.fixture
async def requested_ahead(office: Office) -> str:
    """A closing requested by a process whose clock is minutes ahead."""
    store = office.driver.alive.store
    work = Work(TOWN, CLERK.sub, FixedClock(store.clock.now() + timedelta(minutes=5)), store)
    await request(work)
    await store.commit_work(work)
    [closing] = await store.find("progress", {"town": TOWN})
    return str(closing["_id"])


async def on_the_board(office: Office) -> Any:
    county = office.driver.token("county", area="340281")
    [row] = (await office.driver.get(f"//reports/v1/areas/340281{YEAR}", token=county))["towns"]
    return row


async def test_the_closing_that_is_waited_for_is_the_latest_whatever_the_clock_said(
    office: Office, requested_ahead: str
) -> None:
    await run(office, await sealed(office, requested_ahead))
    await office.close("2020-12-08")
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], report["as_of"]) == ("compiling", "2020-12-08")
    refused = await office.driver.call("POST", f"{YEAR}/report:approve", {})
    assert (refused.status, refused.code) == (409, "wrong-status")
    row, database = await on_the_board(office), office.driver.alive.store.database
    assert row["status"] == "compiling"
    await database["board"].delete_many({})
    await fill_the_board(database)
    assert await on_the_board(office) == row


async def test_a_closing_that_began_ahead_of_the_clock_is_late(office: Office, requested_ahead: str) -> None:
    assert (await office.driver.get(f"{YEAR}/closings/{requested_ahead}"))["state"] == "incomplete"
    assert (await on_the_board(office))["status"] == "incomplete"


@pytest.mark.parametrize("what", ["wording", "objection"])
@pytest.mark.parametrize("later", ["compilation", "change"])
async def test_what_changes_while_an_approved_report_is_compiled_again_is_in_it(
    office: Office, what: str, later: str
) -> None:
    await run(office, await sealed(office))
    await run(office, approve)

    async def compile_again(work: Work) -> None:
        record, _ = await editions.current(work, "2020")
        await recompiling.recompile(work, record, None)

    order = (compile_again, reword if what == "wording" else objecting(office))
    await run_between(office, *(order if later == "compilation" else order[::-1]))
    report = await office.driver.get(f"{YEAR}/report")
    again: Any = await office.driver.post(f"{YEAR}/report:compile", {})
    assert (report["status"], again["version"]) == ("draft", report["version"])


async def test_wording_saved_while_a_report_is_returned_is_in_it(office: Office) -> None:
    await run(office, await sealed(office))
    for verb in ("approved", "submitted"):
        await run(office, partial(editions.step, period="2020", verb=verb))
    await run_between(office, reword, partial(editions.step, period="2020", verb="returned"))
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], "防汛救灾" in str(report)) == ("draft", True)


async def test_a_first_report_of_another_period_that_is_compiled_while_drafts_are_has_the_objection(
    office: Office,
) -> None:
    await run(office, await sealed(office))
    other = "/periods/2019-07-01--2020-12-31"

    async def close_other(_: Work) -> None:
        asked = await office.driver.post(f"{other}/closings", {"as_of": "2020-12-07"})
        await run(office, await sealed(office, asked["id"]))

    await run_between(office, objecting(office), close_other, "wordings")
    for period in (YEAR, other):
        report = await office.driver.get(f"{period}/report")
        again: Any = await office.driver.post(f"{period}/report:compile", {})
        assert again["version"] == report["version"]
