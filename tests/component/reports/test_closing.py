"""Closing a year over HTTP and events: nothing is compiled before everything is proven."""

from datetime import timedelta
from typing import Any, cast

import pytest

from services.reports.app import build
from services.reports.migrations import keep_rules
from services.reports.settings import Settings
from shared.clock import SystemClock
from shared.envelope import Event
from shared.http.paging import cursor_after
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN, Drive
from tests.probes import eventually


async def test_a_year_closes_when_every_source_has_sealed_it(office: Office) -> None:
    report = await office.closed()
    assert (report["status"], report["version"], report["title"]) == ("draft", 1, "示例镇2020年人大工作总结")
    figures = {figure["id"]: figure["value"] for figure in report["figures"]}  # type: ignore[attr-defined]
    assert (figures["deputies.town.serving"], figures["training.times"]) == (63, 23)
    assert [source["state"] for source in report["sources"]] == ["sealed"] * 3  # type: ignore[attr-defined]
    told = [event["type"] for event in await office.driver.events()]
    assert told == ["reports.closing.requested.v1", "reports.report.compiled.v1"]


async def test_a_source_that_does_not_seal_makes_the_report_incomplete_and_it_goes_on_by_itself(
    office: Office,
) -> None:
    await office.tell()
    closing = await office.close()
    await office.seal(closing, "roster", "activities")

    async def incomplete() -> bool:
        return bool((await office.driver.get(f"{YEAR}/report"))["status"] == "incomplete")

    await eventually(incomplete)
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["figures"], report["sections"], report["findings"]) == ([], [], [])
    assert [s["source"] for s in report["sources"] if s["state"] == "waiting"] == ["ratings"]
    document = await office.driver.call("GET", f"{YEAR}/report.docx")
    assert (document.status, document.code) == (409, "not-complete")
    assert "ratings" in document.json["detail"]
    figure = await office.driver.call("GET", f"{YEAR}/figures/training.times")
    assert figure.status == 409

    await office.seal(closing, "ratings")
    assert (await office.compiled(closing))["status"] == "draft"


@pytest.mark.parametrize("path", ["/closings/{closing}", "/report"])
async def test_who_asks_again_for_what_is_waited_for_is_answered(office: Office, path: str) -> None:
    """The sources of a closing are not of its record: its version is the same while they seal."""
    await office.tell()
    closing = await office.close()
    address = f"{YEAR}{path.format(closing=closing)}"
    first = await office.driver.call("GET", address)
    await office.seal(closing, "roster")
    again = await office.driver.call("GET", address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.headers["ETag"]) == (200, first.headers["ETag"])
    assert [source["state"] for source in again.json["sources"]].count("sealed") == 1


async def test_a_missing_event_is_waited_for_however_many_seals_there_are(office: Office) -> None:
    log = office.book.events["activities"]
    lost = log[10]
    await office.tell("roster", "ratings")
    await office.tell("activities", upto=10)
    office.told["activities"] = 11
    await office.tell("activities")
    closing = await office.close()
    await office.seal(closing)
    state = await office.driver.get(f"{YEAR}/closings/{closing}")
    assert [(s["source"], s["missing"] > 0) for s in state["sources"]] == [
        ("roster", False),
        ("activities", True),
        ("ratings", False),
    ]
    log.insert(0, lost)
    office.told["activities"] = 0
    await office.tell("activities", upto=1)
    assert (await office.compiled(closing))["status"] == "draft"


async def test_an_event_that_was_parked_and_then_corrected_is_a_finding(office: Office) -> None:
    book = office.book
    wrong = {"id": "p-wrong", "town": book.town, "version": 1, "name": ["not", "a", "name"]}
    book.announce("roster", "person.registered.v1", "person/p-wrong", wrong)
    book.versions["person/p-wrong"] = 1
    book.add("person", "p-wrong", name="王示例99")
    report = await office.closed()
    assert office.driver.alive.consumer.parked == 1
    (finding,) = [f for f in report["findings"] if f["rule"] == "events.parked"]  # type: ignore[attr-defined]
    assert (finding["id"], finding["severity"]) == ("events.parked:reports", "warn")
    (parked,) = cast("list[dict[str, Any]]", report["parked"])
    assert (parked["service"], parked["source"]) == ("reports", f"/{book.town}/roster")
    assert (parked["type"], parked["reason"]) == ("roster.person.registered.v1", "name：应为文字")
    assert f"名册第{parked['sequence']}号" in finding["message"]


async def test_a_fact_of_an_unknown_version_stops_the_report(office: Office) -> None:
    office.book.announce("roster", "group.changed.v2", "group/g-9", {"id": "g-9", "version": 1})
    await office.tell()
    closing = await office.close()
    await office.seal(closing)

    async def troubled() -> bool:
        state = await office.driver.get(f"{YEAR}/closings/{closing}")
        return any("roster.group.changed.v2" in source["trouble"] for source in state["sources"])

    await eventually(troubled)


async def test_a_changed_event_is_found_out_and_nothing_is_compiled(office: Office) -> None:
    log = office.book.events["ratings"]
    forged = log[0].data | {"present": 5000}
    log[0] = Event.model_validate(log[0].attributes() | {"data": forged})
    await office.tell()
    closing = await office.close()
    await office.seal(closing)

    async def troubled() -> bool:
        state = await office.driver.get(f"{YEAR}/closings/{closing}")
        return any(source["trouble"] for source in state["sources"])

    await eventually(troubled)
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], report["figures"]) == ("incomplete", [])
    assert "ratings" in report["reasons"][0]


async def test_counts_that_differ_from_the_seal_are_found_out(office: Office) -> None:
    await office.tell()
    closing = await office.close()
    await office.seal_wrongly(closing)

    async def troubled() -> bool:
        return bool((await office.driver.get(f"{YEAR}/report"))["reasons"])

    await eventually(troubled)
    assert "记录数" in (await office.driver.get(f"{YEAR}/report"))["reasons"][0]


@pytest.mark.parametrize("as_of", ["2019-12-31", "2021-01-01", "2020-02-30", "2020"])
async def test_impossible_days_are_refused(office: Office, as_of: str) -> None:
    answer = await office.driver.call("POST", f"{YEAR}/closings", {"as_of": as_of})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == "body.as_of"
    assert await office.driver.events() == []


async def test_a_year_may_be_closed_before_it_is_over(drive: Drive) -> None:
    patient = await drive(build(Settings(seal_seconds=3600)))  # not late when it is read, on any machine
    closing = await patient.post("/years/2999/closings", {"as_of": "2999-12-31"})
    assert (closing["as_of"], closing["state"]) == ("2999-12-31", "compiling")


async def test_the_day_is_the_last_of_the_year_when_none_is_given(office: Office) -> None:
    assert (await office.driver.post(f"{YEAR}/closings", {}))["as_of"] == "2020-12-31"


async def test_a_later_closing_takes_over_from_one_that_waits(office: Office) -> None:
    await office.tell()
    first = await office.close()
    second = await office.close("2020-12-31")
    assert (await office.driver.get(f"{YEAR}/closings/{first}"))["state"] == "superseded"
    assert (await office.driver.call("GET", f"/years/2019/closings/{first}")).status == 404
    await office.seal(second, as_of="2020-12-31")
    assert (await office.compiled(second))["as_of"] == "2020-12-31"


async def test_a_second_closing_is_a_new_version_and_the_first_is_kept(office: Office) -> None:
    await office.closed()
    office.book.add("activity", kind="training", title="补训", held_on="2020-12-01")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    assert (await office.compiled(closing))["version"] == 2
    values = []
    for version in (1, 2):
        report = await office.driver.get(f"{YEAR}/report?version={version}")
        values.append(next(f["value"] for f in report["figures"] if f["id"] == "training.times"))
    assert values == [23, 24]
    assert (await office.driver.call("GET", f"{YEAR}/report?version=3")).code == "no-report"


async def test_no_report_is_made_of_a_sub_district(office: Office) -> None:
    office.book.add(
        "town", office.book.town, verb="changed", name="银雀山街道", rules={"closing_on": "12-01"}
    )
    await office.tell()

    async def known() -> bool:
        answer = await office.driver.call("POST", f"{YEAR}/closings", {"as_of": "2020-12-07"})
        return (answer.status, answer.json.get("code")) == (422, "not-a-congress")

    await eventually(known)
    assert not (await office.driver.alive.store.find("towns", {}))[0]["closes"]


async def test_a_year_without_records_can_be_read_and_not_approved(office: Office) -> None:
    await office.tell()
    closing = await office.driver.post("/years/2015/closings", {})
    await office.seal(closing["id"], as_of="2015-12-31")

    async def done() -> bool:
        return bool((await office.driver.get(f"/years/2015/closings/{closing['id']}"))["state"] == "compiled")

    await eventually(done)
    assert (await office.driver.call("GET", "/years/2015/report.docx")).status == 200
    refused = await office.driver.call("POST", "/years/2015/report:approve", {})
    assert (refused.status, refused.code) == (409, "blocked")
    assert [error["loc"] for error in refused.json["errors"]] == ["findings.records.none"]
    assert "没有登记任何会议" in refused.json["errors"][0]["message"]


async def test_before_any_closing_there_is_no_report(office: Office) -> None:
    answer = await office.driver.call("GET", f"{YEAR}/report")
    assert (answer.status, answer.code) == (404, "no-report")
    half = "/periods/2020-H1"
    outside = await office.driver.call("POST", f"{half}/closings", {"as_of": "2020-07-01"})
    absent = [
        await office.driver.call("GET", f"{half}/{place}")
        for place in ("report", "closings/none", "report/receipt")
    ]
    told = [answer.json["detail"] for answer in (outside, *absent)]
    assert told[0] == "截止日期2020年7月1日不在2020年1月1日至2020年6月30日之内"
    assert all(text.startswith("2020年上半年") for text in told[1:]), told
    assert [answer.json["title"] for answer in absent[:2]] == ["没有这一期的总结"] * 2
    unknown = await office.driver.call("POST", "/periods/term-19/closings", {})
    assert unknown.json["detail"] == "名册没有登记第十九届的任期，请先登记该届的开始日期"


async def test_a_year_is_closed_on_the_day_the_rule_pack_names_and_only_once(office: Office) -> None:
    office.book.town_(name="示例镇", rules={"closing_on": "01-01"})
    await office.tell("roster")

    async def asked() -> bool:
        return bool(await office.driver.events())

    await eventually(asked)
    await office.driver.post(f"{YEAR}/closings", {})
    events = await office.driver.events()
    assert [event["data"]["as_of"][5:] for event in events] == ["12-31", "12-31"]
    assert len({event["data"]["year"] for event in events}) == 2

    # What the schedule asked for tells the office when it came to a report; what somebody asked for does not.
    by_schedule, by_hand = (event["data"] for event in events)
    await office.tell()
    for closing in (by_hand, by_schedule):
        await office.seal(closing["id"], as_of=closing["as_of"])

    async def notices() -> list[dict[str, object]]:
        return [e["data"] for e in await office.driver.events() if e["type"] == "reports.notice.given.v1"]

    async def told() -> bool:
        return bool(await notices())

    await eventually(told)
    [notice] = await notices()
    assert (notice["kind"], notice["period"]) == ("compiled", str(by_schedule["year"]))
    assert isinstance(notice["warnings"], int)
    assert notice["warnings"] > 0


async def test_a_pack_that_came_before_its_first_day_closes_the_year_after_it(office: Office) -> None:
    """What holds is asked for on the day, not on the day of the event that told of it; also in a folder of before."""
    first = f"{SystemClock().today().year}-01-01"
    pack = {"id": "a", "scope": "county", "rules": {"closing_on": "01-01"}, "effective_from": first}
    office.book.town_(name="示例镇", rule_packs=[pack])
    await office.tell("roster")

    async def asked() -> bool:
        return bool(await office.driver.events())

    await eventually(asked)
    towns = office.driver.alive.store.database["towns"]
    kept = await towns.find_one({"_id": TOWN})
    assert kept is not None
    await towns.update_one({"_id": TOWN, "town": TOWN}, {"$unset": {"rules": "", "closes": ""}})
    await keep_rules(office.driver.alive.store.database)
    assert await towns.find_one({"_id": TOWN}) == kept


async def test_a_day_that_passed_while_the_program_was_away_is_made_up(office: Office) -> None:
    today = SystemClock().today()
    before = {"_id": TOWN, "town": TOWN, "version": 1, "looked_on": f"{today.year - 1}-11-30"}
    await office.driver.alive.store.database["schedules"].insert_one(before)
    office.book.town_(name="示例镇", rules={"closing_on": "12-01"})
    await office.tell("roster")

    async def asked() -> bool:
        return bool(await office.driver.events())

    await eventually(asked)
    events = await office.driver.events()
    years = {event["data"]["as_of"] for event in events if event["type"] == "reports.closing.requested.v1"}
    assert f"{today.year - 1}-12-01" in years


async def test_the_office_is_told_once_before_the_schedule_closes_the_year(office: Office) -> None:
    day = SystemClock().today() + timedelta(days=3)
    office.book.town_(name="示例镇", rules={"closing_on": f"{day:%m-%d}"})
    await office.tell("roster")

    async def told() -> bool:
        return bool(await office.driver.events())

    await eventually(told)
    [event] = await office.driver.events()
    assert event["type"] == "reports.notice.given.v1"
    assert (event["data"]["kind"], event["data"]["due_on"]) == ("due_soon", day.isoformat())

    # Read by the town and by its county, and seen on the board of the year that is due.
    read, period = office.driver, event["data"]["period"]
    page = await read.get("/notices?kind=due_soon")
    assert [{key: one[key] for key in event["data"]} for one in page["items"]] == [event["data"]]
    assert (await read.get("/notices?kind=compiled"))["items"] == []
    due = event["data"]["due_on"]
    assert (await read.get(f"/notices?from={due}&order=due_on&total=true"))["total"] == 1
    assert (await read.get(f"/notices?from={due}&period=1999&total=true"))["total"] == 0
    assert (await read.get(f"/notices?limit=1&cursor={cursor_after('340281199:1999:')}"))["items"] == page[
        "items"
    ]
    county, area = read.token("county", area="340281"), "//reports/v1/areas/340281"
    assert await read.get(f"{area}/notices", token=county) == page
    rows = (await read.get(f"{area}/periods/{period}", token=county))["towns"]
    assert [(row["status"], row["due_on"]) for row in rows] == [("none", day.isoformat())]
    other = read.token("county", area="340282")
    for path, token in ((f"{area}/notices", other), ("/notices", read.token(area="340281198"))):
        assert (await read.call("GET", path, token=token)).status == 404
    assert (await read.call("GET", "/notices", token=read.token("teller"))).status == 403
    assert (await read.call("GET", "/notices?kind=late")).json["errors"][0]["loc"] == "query.kind"
