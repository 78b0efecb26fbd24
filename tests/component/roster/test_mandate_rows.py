"""Mandates in the workbook: suspended and resumed with day and reason, moved on a day, and no day out of order."""

from datetime import date
from typing import Any

import pytest

from services.roster.app import service
from services.roster.sheets import SHEETS
from shared.workbook import read, write
from tests.fixtures.apps import TOWN, Answer, Drive, Driver

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ONE: dict[str, Any] = {"person": "王示例01", "level": "town", "started_on": date(2017, 1, 10)}
PAUSED = {**ONE, "suspended_on": date(2020, 3, 1), "suspended_for": "criminal_detention"}
RESUMED = {**PAUSED, "resumed_on": date(2020, 5, 1)}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(service())
    rows: dict[str, list[dict[str, Any]]] = {
        "镇情况": [{"code": TOWN, "name": "示例镇"}],
        "活动阵地": [
            {
                "name": "旧活动室",
                "kind": "activity_room",
                "rules": ("接待制度", "学习制度"),
                "reception_day": "15",
                "closed_on": date(2020, 1, 1),
            }
        ],
        "代表小组": [
            {"number": 1, "level": "town"},
            {"number": 2, "level": "town", "dissolved_on": date(2021, 1, 1)},
        ],
        "人员": [{"name": f"王示例0{n}"} for n in (1, 2, 3)],
    }
    assert (await sent(driver, **rows)).status == 200
    return driver


async def sent(roster: Driver, **rows: list[dict[str, Any]]) -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await roster.call("POST", "/imports", data=data, headers=XLSX)


async def outcome(roster: Driver, row: dict[str, Any]) -> str:
    answer = await sent(roster, 代表资格=[row])
    assert answer.status == 200, answer.json
    return "、".join(name for name, number in answer.json["totals"].items() if number)


async def exported(roster: Driver) -> dict[str, dict[str, Any]]:
    """By person; and the whole of it, imported again, has changed nothing."""
    before, data = await roster.events(), await roster.get("/exports")
    again = await roster.call("POST", "/imports", data=data, headers=XLSX)
    assert (again.status, set(again.json["totals"].values())) == (200, {0, again.json["totals"]["unchanged"]})
    assert await roster.events() == before
    return {row["person"]: dict(row.values) for row in read(data, SHEETS).rows("代表资格")}


async def test_a_mandate_is_suspended_and_resumed_by_its_row(roster: Driver) -> None:
    assert [await outcome(roster, row) for row in (ONE, PAUSED, PAUSED, RESUMED, RESUMED, PAUSED, ONE)] == [
        "new", "changed", "unchanged", "changed", "unchanged", "unchanged", "unchanged",
    ]  # fmt: skip
    whole = {**RESUMED, "person": "王示例02", "ended_on": date(2020, 9, 1), "ended_reason": "moved_away"}
    still = {**PAUSED, "person": "王示例03", "ended_on": date(2020, 9, 1), "ended_reason": "recalled"}
    assert [await outcome(roster, row) for row in (whole, whole, still, still)] == ["new", "unchanged"] * 2
    made = {one["person_id"]: one for one in (await roster.get("/deputyships"))["items"]}
    people = {one["id"]: one["name"] for one in (await roster.get("/people"))["items"]}
    steps = {people[id]: [change["kind"] for change in one["changes"]] for id, one in made.items()}
    assert steps == {
        "王示例01": ["started", "suspended", "resumed"],
        "王示例02": ["started", "suspended", "resumed", "ended"],
        "王示例03": ["started", "suspended", "ended"],
    }
    rows = await exported(roster)
    assert {name: rows["王示例02"][name] for name in whole} == whole
    assert {name: rows["王示例03"][name] for name in still} == still
    assert rows["王示例03"]["resumed_on"] is None


async def test_two_suspensions_made_over_http_come_back_unchanged(roster: Driver) -> None:
    await outcome(roster, {**ONE, "from_unit": "供电所"})
    (made,) = (await roster.get("/deputyships"))["items"]
    for verb, body in (
        ("suspend", {"on": "2018-01-01", "reason": "criminal_detention"}),
        ("resume", {"on": "2018-02-01"}),
        ("suspend", {"on": "2019-01-01", "reason": "serving_sentence"}),
    ):
        await roster.post(f"/deputyships/{made['id']}:{verb}", body)
    row = (await exported(roster))["王示例01"]
    told = (row["suspended_on"], row["suspended_for"], row["resumed_on"], row["from_unit"])
    assert told == (date(2019, 1, 1), "serving_sentence", None, "供电所")


async def test_group_and_roles_change_on_the_day_the_row_says_and_an_empty_cell_leaves_them(
    roster: Driver,
) -> None:
    first = {**ONE, "group": 1, "roles": ("presidium",)}
    moved = {**ONE, "group": 2, "changed_on": date(2019, 7, 1)}
    assert [await outcome(roster, row) for row in (first, ONE, moved, moved)] == [
        "new", "unchanged", "changed", "unchanged",
    ]  # fmt: skip
    late = {**first, "person": "王示例02", "changed_on": date(2018, 3, 1)}
    assert [await outcome(roster, row) for row in (late, late)] == ["new", "unchanged"]
    made = {len(one["group_history"]): one for one in (await roster.get("/deputyships"))["items"]}
    assert [(one["from_on"], one["to_on"]) for one in made[2]["group_history"]] == [
        ("2017-01-10", "2019-07-01"),
        ("2019-07-01", None),
    ]
    assert made[2]["roles"] == ["presidium"]
    assert [made[1][name][0]["from_on"] for name in ("group_history", "role_history")] == ["2018-03-01"] * 2
    await exported(roster)
    (station,) = (await roster.get("/stations"))["items"]
    told = (station["closed_on"], station["rules"], station["reception_day"])
    assert told == ("2020-01-01", ["接待制度", "学习制度"], 15)
    await roster.call("PATCH", f"/stations/{station['id']}", {"reception_day": "15"})
    await exported(roster)
    assert [one["dissolved_on"] for one in (await roster.get("/groups"))["items"]] == [None, "2021-01-01"]


async def test_a_suspension_told_by_halves_is_named_by_its_cell(roster: Driver) -> None:
    for row in (RESUMED, {**ONE, "person": "王示例02", "ended_on": date(2020, 1, 1), "ended_reason": "died"}):
        await outcome(roster, row)
    before, day = await roster.events(), date(2020, 3, 1)
    other = {**PAUSED, "person": "王示例03"}
    ended = {"ended_on": date(2020, 2, 1), "ended_reason": "died"}
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({**other, "suspended_for": None}, "P2", "原因"),
        ({**other, "suspended_on": None}, "P2", "暂停日期"),
        ({**ONE, "person": "王示例03", "resumed_on": day}, "Q2", "暂停日期"),
        ({**other, "resumed_on": date(2020, 2, 29)}, "Q2", "早于"),
        ({**other, "suspended_on": date(2016, 1, 1)}, "O2", "早于任职日期"),
        ({**other, **ended}, "O2", "晚于终止日期"),
        ({**other, **ended, "suspended_on": date(2020, 1, 1), "resumed_on": day}, "Q2", "晚于终止日期"),
        ({**other, "person": "王示例02", "suspended_on": date(2019, 1, 1)}, "O2", "已经终止"),
        ({**RESUMED, "resumed_on": date(2020, 5, 2)}, "Q2", "2020-05-01"),
        ({**RESUMED, "suspended_for": "serving_sentence"}, "P2", "另一原因"),
        ({**PAUSED, "suspended_on": date(2020, 4, 1)}, "O2", "早于"),
        ({**ONE, "group": 1, "changed_on": date(2016, 1, 1)}, "S2", "早于任职日期"),
    ]
    for row, cell, word in wrong:
        answer = await sent(roster, 代表资格=[row])
        assert answer.status == 422, (row, answer.json)
        faults = {error["loc"]: error["message"] for error in answer.json["errors"]}
        assert word in faults.get(f"代表资格.{cell}", ""), (row, faults)
    assert await roster.events() == before
