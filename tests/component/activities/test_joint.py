"""A joint activity of several groups: all are expected, nobody who is named disappears."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

JOINT: dict[str, Any] = {
    "kind": "group_activity",
    "title": "第一、二小组联组活动",
    "held_on": "2020-03-12",
    "group_ids": ["g1", "g2"],
    "attendance": {"present": [f"d{n}" for n in range(1, 9)], "absent": ["d9"]},
}
ALL = [f"d{n}" for n in range(1, 10)]


async def test_deputies_of_every_group_are_expected(office: Office) -> None:
    activity = await office.post("/activities", JOINT)
    assert (activity["group_id"], activity["group_ids"]) == ("g1", ["g1", "g2"])
    assert activity["expected"] == ALL
    told = (await office.driver.events())[-1]["data"]
    assert (told["group_ids"], told["attendance"]["absent"]) == (["g1", "g2"], ["d9"])
    for group in ("g1", "g2"):
        assert [one["id"] for one in (await office.get(f"/activities?group_id={group}"))["items"]] == [
            activity["id"]
        ]


@pytest.mark.parametrize(
    ("sent", "first", "joint"),
    [
        ({"group_id": "g2"}, "g2", []),
        ({"group_ids": ["g2", "g2"]}, "g2", []),
        ({"group_id": "g2", "group_ids": ["g1"]}, "g2", ["g2", "g1"]),
        ({"group_ids": []}, None, []),
        ({"group_id": None}, None, []),
        ({"place": "新城村部"}, "g1", ["g1", "g2"]),
    ],
)
async def test_groups_are_replaced_together(
    office: Office, sent: dict[str, Any], first: str | None, joint: list[str]
) -> None:
    activity = await office.post("/activities", JOINT)
    changed = await office.patch(f"/activities/{activity['id']}", sent)
    assert (changed["group_id"], changed["group_ids"]) == (first, joint)
    members = {"g1": ALL[:5], "g2": ALL[5:], None: ALL}[first]
    assert changed["expected"] == (ALL if joint else members)


async def test_an_unknown_group_is_named_by_its_place(office: Office) -> None:
    answer = await office.refused(
        "POST", "/activities", {**JOINT, "group_ids": ["g1", "g7"]}, status=422, code="invalid-input"
    )
    assert [error["loc"] for error in answer.json["errors"]] == ["body.group_ids.1"]


async def test_a_sheet_of_several_groups_is_read_as_one(office: Office) -> None:
    body = {"of": "group_activity", "held_on": "2020-03-12", "group_ids": ["g1", "g2"], "absent": "王示例09"}
    resolved = await office.post("/attendance:resolve", body)
    assert (resolved["expected"], len(resolved["attendance"]["present"])) == (9, 8)
    assert resolved["attendance"]["absent"] == ["d9"]
    page = await office.driver.call(
        "GET", "/sign_in_sheet?of=group_activity&held_on=2020-03-12&group_ids=g1&group_ids=g2"
    )
    assert page.status == 200
    assert all(f"王示例0{n}" in page.json.decode() for n in range(1, 10))


ROW: dict[str, Any] = {
    "reference": "联2020-1",
    "kind": "group_activity",
    "title": "联组活动",
    "held_on": date(2020, 3, 12),
    "present": "除王示例09外全部到会",
    "absent": "王示例09",
}


@pytest.mark.parametrize("written", [("1", "2"), ("第一组", "第二小组"), ("第2小组", "1")])
async def test_a_cell_with_several_groups_comes_back_unchanged(
    office: Office, written: tuple[str, ...]
) -> None:
    book = write(SHEETS, {"活动": [{**ROW, "group": written}]})
    imported = await office.driver.call("POST", "/imports", data=book, headers=AS_XLSX)
    assert imported.json["totals"]["new"] == 1, imported.json
    (activity,) = (await office.get("/activities"))["items"]
    assert (sorted(activity["group_ids"]), activity["expected"]) == (["g1", "g2"], ALL)
    assert sorted(activity["attendance"]["present"]) == ALL[:8]
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 1, again.json


@pytest.mark.parametrize("written", [("7",), ("1", "新城组")])
async def test_a_cell_of_groups_that_says_something_else_is_refused(
    office: Office, written: tuple[str, ...]
) -> None:
    book = write(SHEETS, {"活动": [{**ROW, "group": written}]})
    imported = await office.driver.call("POST", "/imports", data=book, headers=AS_XLSX)
    assert (imported.status, [error["loc"] for error in imported.json["errors"]]) == (422, ["活动.F2"])
    assert written[-1] in imported.json["errors"][0]["message"]
