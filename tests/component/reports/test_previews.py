"""What can be asked before a closing: the preview, how fresh it is, and the records behind a figure."""

from typing import Any

import pytest

from services.reports.handlers import editions
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.probes import eventually

AS_OF = "2020-12-07"


async def preview(office: Office, as_of: str = AS_OF) -> dict[str, Any]:
    return dict(await office.driver.get(f"{YEAR}/preview?as_of={as_of}"))


async def read_all(office: Office) -> None:
    async def level() -> bool:
        fresh = await office.driver.get("/freshness")
        told = {item["source"]: item["held"] for item in fresh["items"]}
        return fresh["level"] is True and told == {s: len(log) for s, log in office.book.events.items()}

    await eventually(level)


def without_previous(figures: Any) -> list[dict[str, Any]]:
    return [{k: v for k, v in figure.items() if k not in ("previous", "change")} for figure in figures]


async def test_before_closing_the_figures_are_those_the_closing_will_have(office: Office) -> None:
    await office.tell()
    await read_all(office)
    assert (await office.driver.call("GET", f"{YEAR}/report")).code == "no-report"
    before = await preview(office)
    assert (before["status"], before["mark"], before["as_of"]) == ("unsealed", "未封账", AS_OF)
    assert {"proof", "version", "signature"}.isdisjoint(before)
    report = await office.closed()
    assert without_previous(before["figures"]) == without_previous(report["figures"])
    for part in ("title", "sections", "expectations", "findings", "tables"):
        assert before[part] == report[part], part


async def test_a_preview_keeps_nothing_and_announces_nothing(office: Office) -> None:
    await office.tell()
    await read_all(office)
    await preview(office)
    assert (await office.driver.get("/head"))["sequence"] == 0
    assert (await office.driver.call("GET", f"{YEAR}/report.docx")).code == "no-report"


async def test_a_preview_follows_the_next_record_and_is_compiled_once_until_then(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_once = editions.compiled

    async def counted(*args: Any) -> Any:
        compiled.append(args[3])
        return await compile_once(*args)

    monkeypatch.setattr(editions, "compiled", counted)
    await office.tell()
    await read_all(office)
    first = await preview(office)
    assert await preview(office) == first
    assert compiled == ["preview"]
    office.book.add("opinion", received_on="2020-11-01", state="received")
    await office.tell()
    await read_all(office)
    values = [{f["id"]: f["value"] for f in p["figures"]} for p in (first, await preview(office))]
    assert values[1]["opinions.received"] == values[0]["opinions.received"] + 1
    await office.driver.call("PUT", f"{YEAR}/settings", {"theme": "乡村建设"})
    assert "乡村建设" in str((await preview(office))["sections"])
    assert len(compiled) == 3


async def test_last_year_and_other_days_can_be_asked_for_and_days_outside_cannot(office: Office) -> None:
    await office.tell()
    await read_all(office)
    assert (await preview(office, "2020-03-31"))["as_of"] == "2020-03-31"
    before = await office.driver.get("/years/2019/preview")
    assert (before["as_of"], before["period"]) == ("2019-12-31", "2019")
    half = await office.driver.get("/periods/2020-H1/preview")
    assert (half["from_on"], half["as_of"]) == ("2020-01-01", "2020-06-30")
    outside = await office.driver.call("GET", f"{YEAR}/preview?as_of=2021-01-01")
    assert (outside.status, outside.code) == (422, "impossible-day")


async def test_the_records_of_a_figure_are_told_by_title_day_and_address(office: Office) -> None:
    await office.tell()
    await read_all(office)
    path = f"{YEAR}/preview/records?as_of={AS_OF}&figure="
    shown = await office.driver.get(f"{path}congress.sessions")
    [session] = shown["items"]
    assert (session["kind"], session["title"][-3:], shown["report_version"]) == ("人代会会议", "次会议", None)
    id = session["subject"].partition("/")[2]
    assert session["path"] == f"/activities/v1/towns/{TOWN}/sessions/{id}"
    assert session["on"].startswith("2020-")
    await office.closed()
    closed = await office.driver.get(f"{YEAR}/report/records?figure=congress.sessions")
    assert (closed["items"], closed["report_version"]) == ([session], 1)
    unknown = await office.driver.call("GET", f"{YEAR}/report/records?figure=no.such")
    assert (unknown.status, unknown.code) == (404, "no-figure")


async def test_every_record_behind_every_figure_has_a_title(office: Office) -> None:
    await office.tell()
    await read_all(office)
    for figure in (await preview(office))["figures"]:
        shown = await office.driver.get(f"{YEAR}/preview/records?as_of={AS_OF}&figure={figure['id']}")
        assert len(shown["items"]) == len(figure["records"])
        assert [item["subject"] for item in shown["items"] if not (item["kind"] and item["title"])] == []


async def test_what_is_behind_and_what_is_in_the_way_is_told_by_source(office: Office) -> None:
    empty = await office.driver.get("/freshness")
    assert [item["held"] for item in empty["items"]] == [0, 0, 0]
    log = office.book.events["activities"]
    await office.tell("roster", "ratings")
    await office.tell("activities", upto=5)
    office.told["activities"] = 6  # the sixth is lost on the way
    await office.tell("activities", upto=8)

    async def behind() -> bool:
        fresh = await office.driver.get("/freshness")
        [activities] = [item for item in fresh["items"] if item["source"] == "activities"]
        return bool(
            (activities["held"], activities["seen"], activities["behind"]) == (5, 8, 3)
            and activities["seconds_behind"] > 0
            and activities["recorded_at"][:19] == log[4].time[:19]
            and not fresh["level"]
        )

    await eventually(behind)
