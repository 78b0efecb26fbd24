"""Suggestions in the workbook: every step they can take, what was looked at first, and no step half told."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import read, write
from tests.component.activities.conftest import Office
from tests.component.activities.test_meetings import SESSION
from tests.fixtures.apps import AS_XLSX, Answer

ONE = {"year": 2020, "number": 5, "raised_on": date(2020, 6, 1), "title": "修桥"}
GIVEN_BACK = {
    **ONE,
    "unit": "镇办",
    "assigned_on": date(2020, 6, 2),
    "returned_on": date(2020, 6, 8),
    "returned_for": "不属本单位职责",
    "reassigned_on": date(2020, 6, 9),
    "unit_again": "镇交管站",
    "replied_on": date(2020, 7, 1),
    "class": "a",
}
ALL_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("assign", {"unit": "镇办", "on": "2020-06-15"}),
    ("return", {"on": "2020-06-20", "reason": "不属职责"}),
    ("assign", {"unit": "镇交管站", "on": "2020-06-22"}),
    ("return", {}),
    ("forward", {"to": "县交通局", "on": "2020-07-01", "reason": "县道", "reference": "县转1号"}),
    ("return", {"on": "2020-07-20", "reason": "属镇管"}),
    ("assign", {"unit": "镇办", "on": "2020-07-21"}),
    ("extend", {"on": "2020-08-01", "reason": "汛期", "consent_by": "主席团"}),
    ("return", {"on": "2020-08-02", "reason": "改由县办"}),
    ("forward", {"to": "县水利局", "on": "2020-08-03"}),
    ("answer", {"on": "2020-09-01", "class": "d"}),
    ("rate", {"result": "dissatisfied"}),
    ("redo", {}),
    ("reply", {"on": "2020-10-01", "class": "c", "interviewed": False}),
    ("redo", {"on": "2020-10-10"}),
    ("answer", {"on": "2020-11-01", "class": "b", "text": "已列入", "reference": "县复2号"}),
    ("rate", {"process": "satisfied", "result": "satisfied", "on": "2020-11-11"}),
    ("close", {}),
]
CHECKED = {"one_matter": True, "specific": False, "seconders_informed": True}


async def sent(office: Office, rows: dict[str, list[dict[str, Any]]]) -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)


async def outcome(office: Office, rows: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    answer = await sent(office, rows)
    assert answer.status == 200, answer.json
    return {name: number for name, number in answer.json["totals"].items() if number}


def steps(*made: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"year": 2020, "number": 5, "step": n, **one} for n, one in enumerate(made, start=1)]


@pytest.fixture
async def whole(office: Office) -> Office:
    """Over HTTP: one that went every way there is, one refused with a remark, one of a session it came long before."""
    session = await office.post("/sessions", SESSION)
    first = {"number": "闭会〔2020〕1号", "raised_on": "2020-06-09", "title": "修路", "intake": CHECKED}
    made = await office.post("/suggestions", first)
    for verb, body in ALL_STEPS:
        await office.post(f"/suggestions/{made['id']}:{verb}", body)
    refused = await office.post("/suggestions", {**first, "number": "7", "title": "推介"})
    body = {"on": "2020-06-10", "ground": "promotion", "reason": "产品广告"}
    await office.post(f"/suggestions/{refused['id']}:reject", body)
    early = {"number": 8, "raised_on": "2019-05-01", "title": "会前提出", "session_id": session["id"]}
    await office.post("/suggestions", early)
    return office


async def test_whatever_was_done_over_http_comes_back_unchanged(whole: Office) -> None:
    told = await whole.told()
    data = await whole.get("/exports")
    book = read(data, SHEETS)
    assert [row["action"] for row in book.rows("建议办理过程")] == [
        "rejected",
        "assigned", "returned", "assigned", "returned", "forwarded", "returned", "assigned", "extended",
        "returned", "forwarded", "answered", "rated", "redone", "replied", "redone", "answered", "rated", "closed",
    ]  # fmt: skip
    rows = {row["title"]: row for row in book.rows("代表建议")}
    assert [rows["修路"][name] for name in ("one_matter", "specific", "not_tender")] == [True, False, None]
    assert (rows["修路"]["number"], rows["推介"]["number"]) == ("闭会〔2020〕1号", 7)
    assert rows["会前提出"]["session"] == "人代会17-7"
    answer = await whole.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 200, answer.json
    assert answer.json["totals"] == {"new": 0, "changed": 0, "unchanged": 29, "wrong": 0}
    assert await whole.told() == told


async def test_what_a_workbook_exports_makes_the_same_again(whole: Office) -> None:
    """All but the return nobody gave a reason for, which a ledger has to."""
    book = read(await whole.get("/exports"), SHEETS)
    rows = [dict(row.values) for row in book.rows("建议办理过程") if row["number"] == "闭会〔2020〕1号"]
    again = [{**row, "number": 5} for row in rows]
    head = {**ONE, "raised_on": date(2020, 6, 9)}
    refused = await sent(whole, {"代表建议": [head], "建议办理过程": again})
    assert [error["loc"] for error in refused.json["errors"]] == ["建议办理过程.I5"]
    again[3]["reason"] = "重复交办"
    both = {"代表建议": [head], "建议办理过程": again}
    assert await outcome(whole, both) == {"new": 19}
    assert await outcome(whole, both) == {"unchanged": 19}
    found = {one["number"]: one for one in (await whole.get("/suggestions?limit=100"))["items"]}
    old, new = found["闭会〔2020〕1号"], found[5]
    assert old["steps"][3]["reason"] is None
    assert [{**one, "reason": None} for one in new["steps"]] == [
        {**one, "reason": None} for one in old["steps"]
    ]
    assert (new["state"], new["class"], new["county_reference"]) == ("closed", "b", "县复2号")


async def test_a_unit_gives_it_back_and_another_replies_in_one_row(office: Office) -> None:
    row = {**GIVEN_BACK, "one_matter": True, "not_tender": False}
    assert await outcome(office, {"代表建议": [row]}) == {"new": 1}
    (made,) = (await office.get("/suggestions"))["items"]
    assert [(step["action"], step["unit"], step["reason"]) for step in made["steps"]] == [
        ("assigned", "镇办", None),
        ("returned", None, "不属本单位职责"),
        ("assigned", "镇交管站", None),
        ("replied", None, None),
    ]
    assert (made["unit"], made["state"]) == ("镇交管站", "replied")
    assert [made["intake"][name] for name in ("one_matter", "not_tender", "specific")] == [True, False, None]
    (exported,) = read(await office.get("/exports"), SHEETS).rows("代表建议")
    assert {name: exported[name] for name in row} == row
    assert await outcome(office, {"代表建议": [row]}) == {"unchanged": 1}
    assert await outcome(office, {"代表建议": [{**ONE, "specific": True}]}) == {"changed": 1}
    (made,) = (await office.get("/suggestions"))["items"]
    assert [made["intake"][name] for name in ("one_matter", "specific")] == [True, True]
    assert await outcome(office, {"建议办理过程": steps({"action": "assigned", "on": date(2020, 6, 2)})}) == {
        "unchanged": 1
    }


async def test_a_step_told_by_halves_is_named_by_its_cell_and_nothing_is_written(office: Office) -> None:
    assigned = {"action": "assigned", "on": date(2020, 6, 2), "unit": "镇办"}
    wrong: list[tuple[dict[str, Any], list[dict[str, Any]], str, str]] = [
        ({**GIVEN_BACK, "returned_for": None}, [], "代表建议.AK2", "退回"),
        ({**GIVEN_BACK, "returned_on": None}, [], "代表建议.AK2", "日期"),
        ({**GIVEN_BACK, "reassigned_on": None}, [], "代表建议.AM2", "日期"),
        ({**GIVEN_BACK, "returned_on": date(2020, 6, 1)}, [], "代表建议.AJ2", "早于"),
        ({**ONE, "returned_on": date(2020, 6, 8), "returned_for": "错"}, [], "代表建议.AJ2", "不能退回"),
        ({**ONE, "session": "人代会17-99"}, [], "代表建议.AN2", "人代会17-99"),
        ({**ONE, "session": "主席团2020-1"}, [], "代表建议.AN2", "主席团2020-1"),
        (GIVEN_BACK, steps(assigned), "代表建议.K2", "建议办理过程"),
        (ONE, steps({**assigned, "unit": None}), "建议办理过程.F2", "必填"),
        (ONE, steps({**assigned, "reason": "无"}), "建议办理过程.I2", "不"),
        (ONE, steps({"action": "replied", "on": date(2020, 6, 2)}), "建议办理过程.D2", "不能答复"),
        (ONE, steps(assigned, {"action": "returned", "on": date(2020, 6, 3)}), "建议办理过程.I3", "退回"),
        (ONE, steps(assigned, {"action": "extended", "on": date(2020, 6, 3)}), "建议办理过程.I3", "必填"),
        (
            ONE,
            steps(assigned, {"action": "replied", "on": date(2020, 6, 1)}),
            "建议办理过程.E3",
            "早于",
        ),
        (ONE, [{**steps(assigned)[0], "step": 2}], "建议办理过程.C2", "缺第 1 步"),
        (ONE, [{**steps(assigned)[0], "number": 6}], "建议办理过程.B2", "第 6 号"),
    ]
    for row, made, loc, word in wrong:
        answer = await sent(office, {"代表建议": [row], "建议办理过程": made})
        assert (answer.status, answer.code) == (422, "workbook-wrong"), (loc, answer.json)
        faults = {error["loc"]: error["message"] for error in answer.json["errors"]}
        assert word in faults.get(loc, ""), (loc, faults)
    assert await office.told() == []


async def test_a_wrong_number_or_year_is_corrected_and_makes_no_second_suggestion(office: Office) -> None:
    assert (await sent(office, {"代表建议": [ONE]})).status == 200
    right = {**ONE, "year": 2019, "number": 7, "raised_on": date(2019, 6, 1), "previous_number": "2020-5"}
    for outcome in ("changed", "unchanged"):
        answer = await sent(office, {"代表建议": [right]})
        assert (answer.status, answer.json["totals"][outcome]) == (200, 1), answer.json
    (suggestion,) = (await office.get("/suggestions"))["items"]
    assert (suggestion["year"], suggestion["number"]) == (2019, 7)
    assert (await sent(office, {"代表建议": [ONE]})).status == 200
    both = await sent(office, {"代表建议": [right]})
    assert (both.status, "各有一件" in both.json["errors"][0]["message"]) == (422, True)
    nothing = await sent(office, {"代表建议": [{**ONE, "number": 99, "previous_number": "2018-1"}]})
    assert (nothing.status, "没有编号" in nothing.json["errors"][0]["message"]) == (422, True)
