"""Reports whose records a restore of a source has undone."""

import pytest

from services.reports.app import build
from services.reports.settings import Settings
from shared.envelope import Event
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import TOWN, Answer, Drive
from tests.probes import eventually

COUNTY = "340281"
SOURCE = f"/{TOWN}/activities"


@pytest.fixture
async def office(drive: Drive) -> Office:
    return handed_to(await drive(build(Settings(seal_seconds=0.5, progress_seconds=0.2))))


async def mark(office: Office) -> dict[str, object]:
    [found] = await office.driver.alive.store.find("sources", {"_id": SOURCE})
    return found


async def restored(office: Office, upto: int) -> None:
    """`activities` has only its events up to there, and goes on; the copy is emptied, nothing is received again."""
    log = office.book.events["activities"]
    del log[upto:]
    epoch = f"2030-01-01T00:00:00.000Z/{upto + 1}"
    office.book.add("activity", "after", kind="visit", title="走访", held_on="2020-03-20", evidence=[])
    log[-1] = Event.model_validate(log[-1].attributes() | {"data": log[-1].data, "epoch": epoch}).hashed()
    office.told["activities"] = upto
    await office.tell("activities")

    async def emptied() -> bool:
        found = await mark(office)
        return (found["epoch"], found["upto"]) == (epoch, 0)

    await eventually(emptied)


async def received(office: Office) -> None:
    """All of the logs: a rebuild empties the copies of every source."""
    office.told = dict.fromkeys(office.told, 0)
    await office.tell()

    async def whole() -> bool:
        found = await office.driver.alive.store.find("sources", {})
        logs = {f"/{TOWN}/{name}": len(log) for name, log in office.book.events.items()}
        return {one["_id"]: one["upto"] for one in found} == logs

    await eventually(whole)


async def step(office: Office, name: str) -> Answer:
    token = office.driver.token("county", area=COUNTY) if name in ("accept", "return") else None
    body = {"reason": "所依据的记录已经不在"} if name == "return" else {}
    return await office.driver.call("POST", f"{YEAR}/report:{name}", body, token=token)


def head_of(report: dict[str, object]) -> int:
    sources = report["sources"]
    assert isinstance(sources, list)
    return next(int(source["head"]) for source in sources if source["source"] == "activities")


@pytest.mark.parametrize("steps", [["approve"], ["approve", "submit"], ["approve", "submit", "accept"]])
async def test_a_report_of_records_that_a_restore_undid_goes_no_further_until_it_is_closed_again(
    office: Office, steps: list[str]
) -> None:
    *done, next_ = steps
    report = await office.closed()
    for name in done:
        assert (await step(office, name)).status == 200
    await restored(office, upto=head_of(report) - 3)
    unknown = await step(office, next_)
    assert (unknown.status, unknown.code) == (503, "unavailable")
    assert unknown.json["detail"] == "正在重新接收代表名册、履职活动、述职评议，请稍后再试"
    await received(office)
    refused = await step(office, next_)
    assert (refused.status, refused.code) == (409, "wrong-status")
    assert "履职活动从备份恢复过" in refused.json["detail"]
    assert "重新封账" in refused.json["detail"]
    if next_ == "accept":
        assert (await step(office, "return")).status == 200
    await office.closed()
    for name in steps:
        answer = await step(office, name)
        assert answer.status == 200, answer.json


async def test_a_report_goes_on_where_a_restore_undid_only_what_came_after_it(office: Office) -> None:
    report = await office.closed()
    await restored(office, upto=head_of(report))
    await received(office)
    assert (await step(office, "approve")).status == 200


async def test_a_log_that_grew_beyond_the_edition_after_a_restore_is_another_one(office: Office) -> None:
    """The sequence is there again, with another event."""
    report = await office.closed()
    await restored(office, upto=head_of(report) - 1)
    for n in range(3):
        office.book.add("activity", f"after-{n}", kind="visit", held_on="2020-03-20", evidence=[])
    await received(office)
    assert (await step(office, "approve")).code == "wrong-status"


async def test_a_report_is_not_approved_while_a_rebuild_has_not_received_its_records_again(
    office: Office,
) -> None:
    await office.closed()
    answer = await office.driver.call("POST", f"//reports/v1/towns/{TOWN}:rebuild")
    assert answer.status == 202
    waiting = await step(office, "approve")
    assert (waiting.status, waiting.code) == (503, "unavailable")
    await received(office)
    assert (await step(office, "approve")).status == 200
