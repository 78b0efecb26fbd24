"""What is kept of a report's editions: contents once each, approved ones for ever, the last of the drafts."""

from services.reports.handlers.editions import DRAFTS_KEPT
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN


async def reworded(office: Office, *themes: str) -> None:
    for theme in themes:
        answer = await office.driver.call("PATCH", f"{YEAR}/settings", {"theme": theme})
        assert answer.status == 200, answer.json


async def stored(office: Office, collection: str) -> int:
    return len(await office.driver.alive.store.find(collection, {"town": TOWN}))


async def test_what_two_editions_say_alike_is_kept_once(office: Office) -> None:
    before = await office.closed()
    await reworded(office, "防汛救灾", "")
    assert (await stored(office, "editions"), await stored(office, "contents")) == (3, 2)
    again = await office.driver.get(f"{YEAR}/report?version=3")
    assert {**again, "version": 1} == before
    assert (await office.driver.get("/integrity", token=office.driver.token("auditor")))["faults"] == []


async def test_drafts_are_thinned_out_and_what_was_submitted_is_kept(office: Office) -> None:
    await office.closed()
    await reworded(office, "防汛救灾")
    for step in ("approve", "submit"):
        answer = await office.driver.call("POST", f"{YEAR}/report:{step}", {})
        assert answer.status == 200, answer.json
    county = office.driver.token("county", area="340281")
    answer = await office.driver.call("POST", f"{YEAR}/report:return", {"reason": "请补充"}, token=county)
    assert answer.status == 200, answer.json
    await reworded(office, *(f"主题{n}" for n in range(DRAFTS_KEPT)))
    versions = range(1, 6 + DRAFTS_KEPT)
    answers = [await office.driver.call("GET", f"{YEAR}/report?version={v}") for v in versions]
    gone = [version for version, answer in zip(versions, answers, strict=True) if answer.status == 404]
    assert gone == [1, 2]
    kept = [answer.json["status"] for answer in answers[2:6]]
    assert kept == ["approved", "submitted", "returned", "draft"]
    assert (await office.driver.get("/integrity", token=office.driver.token("auditor")))["faults"] == []
