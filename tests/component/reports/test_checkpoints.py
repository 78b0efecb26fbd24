"""A closing reads what its period needs and walks what came after the last checkpoint: the bytes are the same."""

from datetime import date

import pytest

from services.reports import compiler
from services.reports.compiler import compile_report
from services.reports.domain import Wording
from services.reports.handlers import proving
from services.reports.handlers.proving import Proven
from services.reports.repository import Seal
from shared.envelope import Event
from shared.storage.work import Work
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.fixtures.history import history
from tests.probes import eventually

PERIODS = (
    *(("2020", "2020-12-07"), ("2020", "2020-12-31"), ("2019", "2019-12-31"), ("2012", "2012-06-30")),
    *(("2015-Q3", "2015-09-30"), ("2014-H1", "2014-06-30"), ("2008-05-01--2013-04-30", "2013-04-30")),
    *(("term-17", "2020-12-31"), ("2021", "2021-02-01")),
)


async def seals_of(work: Work, closing: str) -> list[Seal]:
    documents = await work.reader.find("seals", {"closing_id": closing})
    seals = {
        document["service"]: Seal.model_validate({**document, "id": document["_id"]})
        for document in documents
    }
    return [seals[service] for service in ("roster", "activities", "ratings")]


def printed(proven: Proven, seals: list[Seal]) -> str:
    heads = [seal.head for seal in seals]
    return compile_report(proven.year, heads, Wording(), id="report").model_dump_json()


async def closed_with_history(office: Office, first: int = 2014) -> str:
    history(office.book, first, 2019)
    office.book.add("term", congress_number=17, started_on="2016-12-20")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    await office.compiled(closing)
    return closing


async def test_every_period_has_the_same_bytes_from_a_checkpoint_as_from_the_whole_log(
    office: Office,
) -> None:
    closing = await closed_with_history(office, 2004)
    work = office.driver.alive.store.reading(TOWN, "test")
    seals = await seals_of(work, closing)
    narrow = {p: await proving.proven(work, p[0], date.fromisoformat(p[1]), seals) for p in PERIODS}
    await office.driver.alive.store.database["checkpoints"].delete_many({})
    for period, proven in narrow.items():
        whole = await proving.proven(work, period[0], date.fromisoformat(period[1]), seals)
        assert not whole.year.ledger.unread
        assert printed(proven, seals) == printed(whole, seals), period
    year = narrow["2020", "2020-12-07"].year.ledger
    assert len(year.unread["activities.activity"]) > len(year.facts["activities.activity"])


async def test_a_closing_goes_on_from_the_checkpoint_of_the_one_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed_with_history(office)
    walked: list[int] = []

    def counting(town: str, heads: object, checkpoints: object, logs: dict[str, list[Event]]) -> object:
        walked.append(sum(map(len, logs.values())))
        return compiler.verified(town, heads, checkpoints, logs)  # type: ignore[arg-type]

    monkeypatch.setattr(proving, "verified", counting)
    office.book.add("activity", kind="training", title="补训", held_on="2020-12-01")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    report = await office.compiled(closing)
    assert walked == [4]  # three seals and the training
    await office.driver.alive.store.database["checkpoints"].delete_many({})
    again = await office.driver.post(f"{YEAR}/report:compile", {})
    assert again["version"] == report["version"]
    assert walked[1] > 300


async def test_a_checkpoint_that_does_not_fit_gives_way_to_the_whole_log(office: Office) -> None:
    await closed_with_history(office)
    checkpoints = office.driver.alive.store.database["checkpoints"]
    await checkpoints.update_many({}, {"$set": {"hash": "0" * 64}})
    office.book.add("activity", kind="training", title="补训", held_on="2020-12-01")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    assert (await office.compiled(closing))["version"] == 2


async def test_a_rebuild_throws_checkpoints_away(office: Office) -> None:
    await closed_with_history(office)
    store = office.driver.alive.store
    assert len(await store.find("checkpoints", {"town": TOWN})) == 3
    await office.driver.call(
        "POST", "//reports/v1/towns/" + TOWN + ":rebuild", {}, token=office.driver.token("office")
    )

    async def gone() -> bool:
        return not await store.find("checkpoints", {"town": TOWN})

    await eventually(gone)
