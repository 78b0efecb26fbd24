"""Presence online and for half a day: stated with a record, read from a sheet, never a fifth state."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

TRAINING: dict[str, Any] = {"kind": "training", "title": "线上学习", "held_on": "2020-02-20"}
SESSION: dict[str, Any] = {"congress_number": 17, "session_number": 3, "held_on": "2020-06-09"}
EVERYONE = [f"d{n}" for n in range(1, 10)]


async def test_who_came_online_is_present(office: Office) -> None:
    sheet = {"present": EVERYONE[:5], "online": EVERYONE[4:]}
    attendance = (await office.post("/activities", {**TRAINING, "attendance": sheet}))["attendance"]
    assert (attendance["present"], attendance["online"]) == (EVERYONE, EVERYONE[4:])
    assert (await office.driver.events())[-1]["data"]["attendance"] == attendance


async def test_half_a_day_of_a_session_is_present_and_half(office: Office) -> None:
    sheet = {"present": EVERYONE, "half_day": ["d1", {"deputyship_id": "d2", "portion": "morning"}]}
    session = await office.post("/sessions", {**SESSION, "attendance": sheet})
    halves = [{"deputyship_id": "d1"}, {"deputyship_id": "d2", "portion": "morning"}]
    assert session["attendance"]["half_day"] == halves
    (entry,) = (await office.get("/people/p2/export"))["held"]
    assert (entry["state"], entry["half_day"]) == ("present", halves[1])


async def test_a_sheet_that_says_nothing_of_it_has_no_such_field(office: Office) -> None:
    activity = await office.post("/activities", {**TRAINING, "attendance": {"present": ["d1"]}})
    assert set(activity["attendance"]) == {"present", "on_leave", "absent"}


@pytest.mark.parametrize(
    ("sheet", "loc"),
    [
        ({"absent": ["d1"], "online": ["d1"]}, "online.0"),
        ({"on_leave": [{"deputyship_id": "d1"}], "half_day": ["d1"]}, "half_day.0"),
        ({"present": ["d1"], "online": ["d1", "d1"]}, "online.1"),
    ],
)
async def test_nobody_takes_part_who_was_not_there(office: Office, sheet: dict[str, Any], loc: str) -> None:
    body = {**TRAINING, "attendance": sheet}
    answer = await office.refused("POST", "/activities", body, status=422, code="attendance-faulty")
    assert [error["loc"] for error in answer.json["errors"]] == [f"body.attendance.{loc}"]


@pytest.mark.parametrize(
    "sheet", [{"online": [7]}, {"half_day": [{}]}, {"online": "d1"}, {"half_day": [None]}]
)
async def test_what_names_nobody_is_refused(office: Office, sheet: dict[str, Any]) -> None:
    body = {**TRAINING, "attendance": sheet}
    await office.refused("POST", "/activities", body, status=422, code="invalid-input")


async def test_a_cell_with_ways_of_taking_part_comes_back_unchanged(office: Office) -> None:
    names = (
        "王示例01（线上）、王示例02（上午）、王示例03（请假半天）、王示例04、李示例20（县级）（线上、下午）"
    )
    row = {
        "reference": "培1",
        "kind": "training",
        "title": "线上学习",
        "held_on": date(2020, 2, 20),
        "present": names,
    }
    imported = await office.driver.call(
        "POST", "/imports", data=write(SHEETS, {"活动": [row]}), headers=AS_XLSX
    )
    assert imported.json["totals"]["new"] == 1, imported.json
    (activity,) = (await office.get("/activities"))["items"]
    assert sorted(activity["attendance"]["online"]) == ["d1", "d20"]
    halves = {half["deputyship_id"]: half.get("portion") for half in activity["attendance"]["half_day"]}
    assert halves == {"d2": "morning", "d3": None, "d20": "afternoon"}
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 1, again.json


async def test_the_rest_came_and_some_of_them_online(office: Office) -> None:
    body = {"of": "training", "held_on": "2020-02-20", "present": "王示例01（线上）", "absent": "王示例09"}
    attendance = (await office.post("/attendance:resolve", body))["attendance"]
    assert (len(attendance["present"]), attendance["online"]) == (8, ["d1"])
    assert "half_day" not in attendance
