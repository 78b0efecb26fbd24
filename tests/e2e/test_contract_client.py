"""A client that knows the published contract and nothing else keeps another town's year and reads its report."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.e2e.conftest import COUNTY, TOWN, World
from tests.e2e.contract_client import refused
from tests.e2e.contract_feed import verify_chain, whole_feed
from tests.e2e.contract_reference import Rate, Reference, differences

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e]

MIDDLE, END = "2024-08-15", "2024-12-31"
SOURCES = ("roster", "activities", "ratings")
FIGURE = {"id", "label", "definition", "value", "unit", "numerator", "denominator", "status", "records"}


def figures_of(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {figure["id"]: figure for figure in report["figures"]}


@pytest.mark.parametrize("as_of", [MIDDLE, END])
async def test_every_figure_is_what_its_definition_says(world: World, as_of: str) -> None:
    report = await world.office.closed(2024, as_of)
    figures = figures_of(report)
    expected = Reference(world.book, 2024, as_of).figures()
    assert differences(expected, figures) == []
    for figure in figures.values():
        assert set(figure) >= FIGURE
        assert figure["status"] in ("value", "zero", "missing", "not_applicable")
    for id, wanted in expected.items():
        one = await world.office.get("reports", f"/years/2024/figures/{id}")
        assert {key: one[key] for key in FIGURE} == {key: figures[id][key] for key in FIGURE}
        if not isinstance(wanted, Rate) and wanted:
            assert one["records"] or id == "deputies.town.vacant", id


async def test_every_record_behind_a_figure_stands_in_the_log_of_its_source(world: World) -> None:
    report = await world.office.closed(2024, MIDDLE)
    logs = {}
    for service in SOURCES:
        events = await whole_feed(world.office, service)
        verify_chain(events, f"/{TOWN}/{service}")
        logs[f"/{TOWN}/{service}"] = {event["sequence"]: event for event in events}
    for figure in report["figures"]:
        for record in figure["records"]:
            event = logs[record["source"]][record["sequence"]]
            assert event["subject"] == record["subject"]
            assert event["data"]["version"] == record["version"]
    for source in report["sources"]:
        assert source["state"] == "sealed"
        log = logs[f"/{TOWN}/{source['source'].rsplit('/')[-1]}"]
        assert log[source["head"]]["hash"] == source["hash"]
        seal = log[source["head"] + 1]
        assert seal["type"].endswith(".year.sealed.v1")
        assert seal["data"]["as_of"] == MIDDLE
        assert seal["data"]["upto_sequence"] == source["head"]
        assert seal["data"]["counts"] == source["counts"]
    assert {source["source"].rsplit("/")[-1] for source in report["sources"]} == set(SOURCES)


async def test_the_report_says_what_is_left_out_and_what_is_missing(world: World) -> None:
    report = await world.office.closed(2024, END)
    excluded = [e for source in report["sources"] for e in source["excluded"]]
    voided = {f"activity/{a['id']}" for a in world.book.activities if a["voided"]}
    assert voided <= {e["subject"] for e in excluded}
    assert all(e["reason"] for e in excluded)
    for finding in report["findings"]:
        assert {"id", "rule", "severity", "message", "records"} <= set(finding)
        assert finding["severity"] in ("block", "warn", "info")
    messages = [finding["message"] for finding in report["findings"]]
    assert any("第三季度" in message for message in messages), messages
    assert not any("第一季度" in message or "第二季度" in message for message in messages), messages
    known = set(figures_of(report))
    for section in report["sections"]:
        for paragraph in section["paragraphs"]:
            assert paragraph["text"]
            assert set(paragraph["figures"]) <= known
    assert report["title"] == "莲泗镇2024年人大工作总结"


async def test_the_report_comes_in_every_form_and_in_the_same_bytes(world: World) -> None:
    await world.office.closed(2024, END)
    path = world.office.at("reports", "/years/2024/report")
    for ending, media in (
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("html", "text/html"),
        ("json", "application/json"),
    ):
        first, second = [await world.office.send("GET", f"{path}.{ending}") for _ in range(2)]
        assert first.status == 200, (ending, first.body)
        assert first.media == media
        assert first.body == second.body
        if ending in ("docx", "xlsx"):
            assert zipfile.ZipFile(io.BytesIO(first.body)).testzip() is None
        if ending == "html":
            assert "莲泗镇2024年人大工作总结" in first.body.decode()
        if ending == "json":
            assert first.body["as_of"] == END


async def test_a_report_goes_up_comes_back_and_is_accepted(world: World) -> None:
    office, county = world.office, world.callers["county"]
    draft = await office.closed(2024, END)
    path = office.at("reports", "/years/2024/report")
    refused(await office.send("POST", f"{path}:submit", {}), (409, 422))
    refused(await county.send("POST", f"{path}:accept", {}), (409, 422))
    assert (await office.must("POST", f"{path}:approve", {}))["status"] == "approved"
    assert (await office.must("POST", f"{path}:submit", {}))["status"] == "submitted"
    refused(await office.send("POST", f"{path}:accept", {}), 403)
    assert (await county.must("POST", f"{path}:return", {"reason": "请补充接待情况"}))["status"] == "returned"
    again = await office.closed(2024, END)
    assert again["version"] > draft["version"]
    for caller, command, status in (
        (office, "approve", "approved"),
        (office, "submit", "submitted"),
        (county, "accept", "accepted"),
    ):
        assert (await caller.must("POST", f"{path}:{command}", {}))["status"] == status
    assert (await county.must("GET", path))["status"] == "accepted"


async def test_the_office_sets_its_words_and_they_survive_a_new_compile(world: World) -> None:
    office = world.office
    settings = {"theme": "共同富裕示范建设", "campaign_label": "三联三促", "signed_on": "2025-01-06"}
    await office.must("PUT", office.at("reports", "/years/2024/settings"), settings)
    kept = await office.get("reports", "/years/2024/settings")
    assert {key: kept[key] for key in settings} == settings
    report = await office.closed(2024, END)
    text = "".join(p["text"] for s in report["sections"] for p in s["paragraphs"])
    assert "共同富裕示范建设" in text
    assert "三联三促" in text or "三联三促" in "".join(s["heading"] for s in report["sections"])
    assert report["signed_on"] == "2025-01-06"
    paragraph = next(p for s in reversed(report["sections"]) for p in s["paragraphs"])
    words = {"text": "明年继续把代表联络站办到群众身边。"}
    await office.patch("reports", f"/years/2024/paragraphs/{paragraph['id']}", words)
    again = await office.closed(2024, END)
    found = [p for s in again["sections"] for p in s["paragraphs"] if p["id"] == paragraph["id"]]
    assert [p["text"] for p in found] == [words["text"]]
    await office.must("PUT", office.at("reports", "/years/2024/settings"), {})
    assert (await office.closed(2024, MIDDLE))["signed_on"] == MIDDLE


async def test_the_county_sees_its_towns_on_one_board(world: World) -> None:
    neighbour = world.callers["neighbour"]
    await neighbour.must(
        "PUT", "/roster/v1/towns/330421106", {"name": "石泾镇", "congress_number": 18, "rules": {}}
    )
    report = await world.office.closed(2024, END)
    path = f"/reports/v1/areas/{COUNTY}/years/2024"
    board = await world.callers["county"].must("GET", path)
    said = json.dumps(board, ensure_ascii=False)
    assert TOWN in said
    assert "莲泗镇" in said
    towns = {town["town"]: town for town in board["towns"]}
    assert towns[TOWN]["status"] == report["status"]
    refused(await world.callers["stranger"].send("GET", path), 404)
    refused(await world.office.send("GET", path), (403, 404))


async def test_a_deputys_file_shows_his_own_year(world: World) -> None:
    await world.office.closed(2024, END)
    mandate = world.book.mandates["t2"]
    file = await world.office.get("reports", f"/deputies/{mandate.id}/file?year=2024")
    came = {event["title"] for event in file["events"] if event["state"] == "present"}
    own = {
        a["title"]
        for a in world.book.activities
        if mandate.id in a["attendance"]["present"] and not a["voided"] and a["held_on"] > "2024"
    }
    assert own <= came
    assert len(came - own) == 2 + 3  # sessions, and meetings of the presidium he came to
    assert file["totals"]["presidium_meeting"]["absent"] == 1
    assert [s["title"] for s in file["suggestions"]] == ["关于resolved的建议"]
    assert [r["counts"]["satisfied"] for r in file["ratings"]] == [11]
    other = world.callers["neighbour"]
    refused(
        await other.send("GET", world.office.at("reports", f"/deputies/{mandate.id}/file?year=2024")), 404
    )
