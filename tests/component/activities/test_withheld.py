"""Suggestions that are not to be made public (不予公开): counted as before, and no word of theirs gets out."""

import json
from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import read
from tests.component.activities.conftest import Office
from tests.component.activities.test_suggestion_rows import ONE, outcome

CASE = {"raised": "某户纠纷机密", "done": "上门机密", "effect": "化解机密"}
SUGGESTION = {
    "number": 7,
    "raised_on": "2020-03-02",
    "title": "关于某户机密的建议",
    "text": "机密内容",
    "lead_deputyship_id": "d1",
    "case": CASE,
}
REASON = "涉及个人隐私，机密"


async def withheld(office: Office) -> str:
    made = await office.post("/suggestions", {**SUGGESTION, "withheld_for": REASON})
    path = f"/suggestions/{made['id']}"
    await office.post(f"{path}:assign", {"unit": "镇办", "on": "2020-03-05"})
    await office.post(f"{path}:return", {"on": "2020-03-06", "reason": "机密，不属本单位"})
    await office.post(f"{path}:forward", {"to": "县信访局", "on": "2020-03-07", "reason": "机密"})
    await office.post(f"{path}:answer", {"on": "2020-04-01", "class": "a", "text": "答复机密"})
    return path


async def test_no_word_of_it_is_in_any_event(office: Office) -> None:
    path = await withheld(office)
    events = await office.driver.events()
    assert len(events) == 5
    assert "机密" not in json.dumps(events, ensure_ascii=False)
    assert {event["data"]["title"] for event in events} == {"（不予公开）"}
    assert all(event["data"]["withheld"] for event in events)
    assert events[-1]["data"]["number"] == 7
    assert events[-1]["data"]["class"] == "a"
    assert events[-1]["data"]["case"]["raised"] == "（不予公开）"
    kept = await office.get(path)
    assert (kept["title"], kept["withheld_for"], kept["case"]["raised"]) == (
        SUGGESTION["title"],
        REASON,
        CASE["raised"],
    )


async def test_events_of_others_are_as_before(office: Office) -> None:
    await office.post("/suggestions", SUGGESTION)
    data = (await office.driver.events())[0]["data"]
    assert (data["title"], data["text"]) == (SUGGESTION["title"], SUGGESTION["text"])
    assert "withheld" not in data


async def test_the_mark_is_taken_back_with_the_words(office: Office) -> None:
    path = await withheld(office)
    assert "withheld_for" not in await office.patch(path, {"withheld_for": None})
    data = (await office.driver.events())[-1]["data"]
    assert (data["title"], data["text"]) == (SUGGESTION["title"], SUGGESTION["text"])
    assert "withheld" not in data


async def test_a_case_for_the_summary_is_not_withheld_unseen(office: Office) -> None:
    chosen = {**SUGGESTION, "case": {**CASE, "in_report": True}}
    answer = await office.refused(
        "POST", "/suggestions", {**chosen, "withheld_for": REASON}, status=422, code="invalid-input"
    )
    assert answer.json["errors"][0]["loc"] == "body.case.in_report"
    made = await office.post("/suggestions", chosen)
    await office.refused(
        "PATCH", f"/suggestions/{made['id']}", {"withheld_for": REASON}, status=422, code="invalid-input"
    )


@pytest.mark.parametrize("reason", ["", "  ", "很长" * 300, True])
async def test_a_mark_has_a_reason(office: Office, reason: Any) -> None:
    body = {**SUGGESTION, "withheld_for": reason}
    await office.refused("POST", "/suggestions", body, status=422, code="invalid-input")


async def test_the_workbook_brings_and_keeps_the_mark(office: Office) -> None:
    rows = {"代表建议": [{**ONE, "withheld_for": REASON, "raised_on": date(2020, 6, 1)}]}
    assert await outcome(office, rows) == {"new": 1}
    (made,) = (await office.get("/suggestions"))["items"]
    assert made["withheld_for"] == REASON
    file = (await office.driver.call("GET", "/exports")).json
    (row,) = read(file, SHEETS).rows("代表建议")
    assert row["withheld_for"] == REASON
    assert await outcome(office, {"代表建议": [ONE]}) == {"unchanged": 1}
    assert (await office.get(f"/suggestions/{made['id']}"))["withheld_for"] == REASON
