"""Mandates in the workbook: suspended and resumed with day and reason, moved on a day, and no day out of order."""

from datetime import date
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import read, write
from tests.fixtures.apps import AS_XLSX, TOWN, Answer, Drive, Driver

ONE: dict[str, Any] = {"person": "王示例01", "level": "town", "started_on": date(2017, 1, 10)}
PAUSED = {**ONE, "suspended_on": date(2020, 3, 1), "suspended_for": "criminal_detention"}
RESUMED = {**PAUSED, "resumed_on": date(2020, 5, 1)}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
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
    return await roster.call("POST", "/imports", data=data, headers=AS_XLSX)


async def outcome(roster: Driver, row: dict[str, Any]) -> str:
    answer = await sent(roster, 代表资格=[row])
    assert answer.status == 200, answer.json
    return "、".join(name for name, number in answer.json["totals"].items() if number)


async def exported(roster: Driver) -> dict[str, dict[str, Any]]:
    """By person; and the whole of it, imported again, has changed nothing."""
    before, data = await roster.events(), await roster.get("/exports")
    again = await roster.call("POST", "/imports", data=data, headers=AS_XLSX)
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


async def test_people_of_one_name_are_told_apart_by_the_end_of_their_ids(roster: Driver) -> None:
    ids = [(await roster.post("/people", {"name": "赵伟", "gender": gender}))["id"] for gender in "fm"]
    for id in ids:
        began = {"person_id": id, "level": "town", "started_on": "2017-01-10"}
        await roster.post("/deputyships", {**began, "ended_on": None})
    rows = await exported(roster)
    assert set(rows) == {f"赵　伟（编号{id[-8:]}）" for id in ids}
    people = [{"name": f"赵伟（编号{ids[0][-8:]}）", "party": "群众"}, {"name": "王示例01", "party": "群众"}]
    assert (await sent(roster, 人员=people)).json["totals"]["changed"] == 2
    found = {one["id"]: (one["name"], one["party"]) for one in (await roster.get("/people"))["items"]}
    assert [found[id] for id in ids] == [("赵伟", "群众"), ("赵伟", None)]
    refused = await sent(roster, 人员=[{"name": "赵伟", "party": "群众"}])
    assert "2 人" in refused.json["errors"][0]["message"]


async def lived(roster: Driver, person: str) -> None:
    """A mandate over HTTP: two groups, three turns in office, suspended once and lost; another leads in his place."""
    people = {one["name"]: one["id"] for one in (await roster.get("/people"))["items"]}
    groups = {one["number"]: one["id"] for one in (await roster.get("/groups"))["items"]}
    began = {"person_id": people[person], "level": "town", "started_on": "2017-01-10"}
    other = await roster.post(
        "/deputyships", {**began, "person_id": people["王示例03"], "group_id": groups[2]}
    )
    made = await roster.post("/deputyships", {**began, "group_id": groups[1], "roles": ["presidium"]})
    path = f"/deputyships/{made['id']}"
    for change in (
        {"group_id": groups[2], "on": "2018-02-01"},
        {"roles": ["presidium", "group_leader"], "on": "2018-03-01"},
        {"roles": ["group_leader"], "on": "2019-06-01"},
    ):
        assert (await roster.call("PATCH", path, change)).status == 200
    await roster.call(
        "PATCH", f"/groups/{groups[1]}", {"leader_deputyship_id": made["id"], "on": "2018-03-01"}
    )
    await roster.call(
        "PATCH", f"/groups/{groups[1]}", {"leader_deputyship_id": other["id"], "on": "2019-01-01"}
    )
    await roster.call(
        "PATCH", f"/groups/{groups[2]}", {"leader_deputyship_id": other["id"], "on": "2019-01-01"}
    )
    await roster.post(f"{path}:suspend", {"on": "2019-09-01", "reason": "criminal_detention"})
    await roster.post(f"{path}:resume", {"on": "2019-12-01"})
    await roster.call("PATCH", path, {"group_id": None, "on": "2020-05-01"})


async def test_every_group_and_role_a_mandate_held_comes_back_and_can_be_made_again(roster: Driver) -> None:
    await lived(roster, "王示例01")
    await exported(roster)
    await ended(roster, "王示例01")
    row = (await exported(roster))["王示例01"]
    book = read(await roster.get("/exports"), SHEETS)
    held = [dict(one.values) for one in book.rows("编组和任职")]
    assert [(one["group"], one["role"], str(one["from_on"]), str(one["to_on"])) for one in held] == [
        (1, None, "2017-01-10", "2018-02-01"),
        (2, None, "2018-02-01", "2020-05-01"),
        (None, "presidium", "2017-01-10", "2019-06-01"),
        (None, "group_leader", "2018-03-01", "None"),
    ]
    again = [{**one, "person": "王示例02"} for one in held]
    rows = {"代表资格": [{**row, "person": "王示例02", "reference": None}], "编组和任职": again}
    for outcome in ("new", "unchanged"):
        answer = await sent(roster, **rows)
        assert (answer.status, answer.json["totals"][outcome]) == (200, 5), answer.json
    made = {one["person_id"]: one for one in (await roster.get("/deputyships"))["items"]}
    ids = {one["name"]: one["id"] for one in (await roster.get("/people"))["items"]}
    first, second = made[ids["王示例01"]], made[ids["王示例02"]]
    for name in ("group_history", "role_history", "suspensions", "ended_on", "ended_reason", "status"):
        assert second[name] == first[name], name
    assert {group["leader_deputyship_id"] for group in (await roster.get("/groups"))["items"]} == {
        made[ids["王示例03"]]["id"]
    }


async def ended(roster: Driver, person: str) -> None:
    row = (await exported(roster))[person]
    assert (
        await outcome(roster, {**row, "ended_on": date(2021, 1, 1), "ended_reason": "moved_away"})
        == "changed"
    )


async def test_a_later_turn_is_added_and_an_earlier_one_is_not_put_in(roster: Driver) -> None:
    await outcome(roster, {**ONE, "group": 1, "roles": ("presidium",)})
    first = {**ONE, "group": 1, "from_on": ONE["started_on"]}
    office = {**ONE, "role": "presidium", "from_on": ONE["started_on"]}
    moved = [{**first, "to_on": date(2019, 1, 1)}, {**ONE, "group": 2, "from_on": date(2019, 1, 1)}]
    assert (await sent(roster, 编组和任职=[first, office])).json["totals"]["unchanged"] == 2
    assert (await sent(roster, 编组和任职=moved)).json["totals"]["changed"] == 2
    (made,) = (await roster.get("/deputyships"))["items"]
    assert (len(made["group_history"]), made["roles"]) == (2, ["presidium"])
    before = await roster.events()
    late, early = date(2020, 1, 1), date(2018, 1, 1)
    wrong: list[tuple[list[dict[str, Any]], str, str]] = [
        ([first], "编组和任职.F2", "系统中登记"),
        ([{**office, "from_on": early}], "编组和任职.F2", "系统中登记"),
        ([{**office, "group": 1}], "编组和任职.D2", "填其中一项"),
        ([{**ONE, "from_on": late}], "编组和任职.D2", "填其中一项"),
        ([{**first, "group": 9}], "编组和任职.D2", "9"),
        ([{**first, "from_on": date(2016, 1, 1)}], "编组和任职.F2", "早于任职日期"),
        ([{**first, "to_on": ONE["started_on"]}], "编组和任职.G2", "不晚于"),
        ([first, {**ONE, "group": 2, "from_on": late}], "编组和任职.F3", "两个小组"),
        ([{**first, "person": "王示例02"}], "编组和任职.A2", "没有这项代表资格"),
    ]
    for rows, loc, word in wrong:
        answer = await sent(roster, 编组和任职=rows)
        faults = {error["loc"]: error["message"] for error in answer.json["errors"]}
        assert (answer.status, word in faults.get(loc, "")) == (422, True), (rows, faults)
    for cells, loc in (({"group": 1}, "G2"), ({"roles": ("chair",)}, "H2"), ({"changed_on": late}, "S2")):
        answer = await sent(roster, 代表资格=[{**ONE, **cells}], 编组和任职=[*moved, office])
        assert f"代表资格.{loc}" in [error["loc"] for error in answer.json["errors"]], answer.json
    told = await sent(roster, 代表资格=[ONE], 编组和任职=[first])
    assert [error["loc"] for error in told.json["errors"]] == ["编组和任职.F2"]
    assert await roster.events() == before


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
