"""Corrections of the roster: who was renamed, who was entered by mistake, and rows that find their record by number."""

from datetime import date
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import read, write
from tests.fixtures.apps import AS_XLSX, TOWN, Answer, Drive, Driver

BEGAN = date(2017, 1, 10)
SEATS = 20


def mandate(n: int, **cells: Any) -> dict[str, Any]:
    seat = {"constituency": f"第{(n - 1) // 2 + 1}选区", "congress_number": 17}
    return {"person": f"王示例{n:02}", "level": "town", "started_on": BEGAN, **seat, **cells}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    """Twenty deputies for twenty seats, two in each constituency."""
    driver = await drive(build(Settings()))
    rows: dict[str, list[dict[str, Any]]] = {
        "镇情况": [{"code": TOWN, "name": "示例镇", "quota": SEATS}],
        "选区": [{"name": f"第{n}选区", "seats": 2} for n in range(1, SEATS // 2 + 1)],
        "代表小组": [{"number": 1, "level": "town"}],
        "人员": [{"name": f"王示例{n:02}"} for n in range(1, SEATS + 1)],
        "代表资格": [mandate(n) for n in range(1, SEATS + 1)],
    }
    assert (await sent(driver, **rows)).status == 200
    return driver


async def sent(roster: Driver, **rows: list[dict[str, Any]]) -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await roster.call("POST", "/imports", data=data, headers=AS_XLSX)


async def ledger(roster: Driver) -> dict[str, list[dict[str, Any]]]:
    book = read(await roster.get("/exports"), SHEETS)
    return {sheet: [dict(row.values) for row in book.rows(sheet)] for sheet in ("人员", "代表资格")}


def renamed(rows: list[dict[str, Any]], field: str, **cells: Any) -> list[dict[str, Any]]:
    """The rows with 王示例07 called 赵示例 and without the numbers that would find him."""
    return [
        {**row, "reference": None, field: "赵示例", **cells}
        if row[field].replace("\u3000", "") == "王示例07"
        else row
        for row in rows
    ]


async def test_a_row_gone_and_a_new_one_with_the_same_seat_and_day_is_asked_about(roster: Driver) -> None:
    book, before = await ledger(roster), await roster.events()
    people, mandates = renamed(book["人员"], "name"), renamed(book["代表资格"], "person")
    answer = await sent(roster, 人员=people, 代表资格=mandates)
    assert answer.status == 422
    (problem,) = answer.json["errors"]
    row = [one["person"] for one in mandates].index("赵示例") + 2
    assert problem["loc"] == f"代表资格.A{row}"
    assert "王示例07" in problem["message"]
    assert "原姓名" in problem["message"]
    assert "作废原因" in problem["message"]
    assert await roster.events() == before


async def test_a_vacancy_elsewhere_does_not_make_a_renamed_deputy_two(roster: Driver) -> None:
    assert (await roster.call("PATCH", "", {"quota": 30})).status == 200
    book = await ledger(roster)
    people, mandates = renamed(book["人员"], "name"), renamed(book["代表资格"], "person")
    assert (await sent(roster, 人员=people, 代表资格=mandates)).status == 422


async def test_part_of_a_list_adds_a_deputy_where_a_seat_is_free_and_asks_where_none_is(
    roster: Driver,
) -> None:
    assert (await sent(roster, 选区=[{"name": "第1选区", "seats": 3}])).status == 200
    people = [{"name": "孙示例"}]
    for constituency, status in (("第2选区", 422), ("第1选区", 200)):
        row = mandate(1, person="孙示例", constituency=constituency)
        assert (await sent(roster, 人员=people, 代表资格=[row])).status == status


@pytest.mark.parametrize(("renamed_on", "former"), [(None, []), (date(2019, 5, 1), ["2019-05-01"])])
async def test_the_name_before_leads_to_the_same_person(
    roster: Driver, renamed_on: date | None, former: list[str]
) -> None:
    book = await ledger(roster)
    cells = {"previous_name": "王示例07", "renamed_on": renamed_on}
    people, mandates = renamed(book["人员"], "name", **cells), renamed(book["代表资格"], "person")
    for outcome in ("changed", "unchanged"):
        answer = await sent(roster, 人员=people, 代表资格=mandates)
        assert answer.status == 200, answer.json
        changed = answer.json["totals"]["changed"], answer.json["totals"]["new"]
        assert changed == ((1, 0) if outcome == "changed" else (0, 0))
    assert len((await roster.get("/deputies?as_of=2020-06-09"))["items"]) == SEATS
    (person,) = (await roster.get("/people?name=赵示例"))["items"]
    assert [name["until"] for name in person["former_names"]] == former
    before, data = await roster.events(), await roster.get("/exports")
    assert (await roster.call("POST", "/imports", data=data, headers=AS_XLSX)).status == 200
    assert await roster.events() == before


async def test_a_number_finds_the_person_and_the_mandate_whatever_else_changes(roster: Driver) -> None:
    book = await ledger(roster)
    people = [{**row, "name": "赵示例"} if row["name"] == "王示例07" else row for row in book["人员"]]
    mandates = [
        {**row, "person": "赵示例", "started_on": date(2017, 1, 12)} if row["person"] == "王示例07" else row
        for row in book["代表资格"]
    ]
    answer = await sent(roster, 人员=people, 代表资格=mandates)
    assert (answer.status, answer.json["totals"]["changed"], answer.json["totals"]["new"]) == (200, 2, 0)
    rows = (await roster.get("/deputies?as_of=2020-06-09"))["items"]
    assert (len(rows), "赵示例" in {row["name"] for row in rows}) == (SEATS, True)


async def test_the_office_may_give_numbers_of_its_own_but_none_twice(roster: Driver) -> None:
    assert (await sent(roster, 人员=[{"name": "王示例01", "reference": "代01"}])).status == 200
    assert (await sent(roster, 人员=[{"name": "王示例1号", "reference": "代01"}])).status == 200
    (person,) = (await roster.get("/people?name=王示例1号"))["items"]
    assert person["reference"] == "代01"
    twice = await roster.call("POST", "/people", {"name": "别人", "reference": "代01"})
    assert (twice.status, twice.code) == (409, "reference-exists")


async def test_a_copied_row_with_its_number_left_in_is_told(roster: Driver) -> None:
    book = await ledger(roster)
    copied = {**book["代表资格"][0], "person": "孙示例"}
    answer = await sent(roster, 人员=[{"name": "孙示例"}], 代表资格=[*book["代表资格"], copied])
    assert answer.status == 422
    assert "不填编号" in answer.json["errors"][0]["message"]


async def test_a_mandate_entered_by_mistake_is_voided_by_its_row_and_is_nobodys(roster: Driver) -> None:
    for outcome in ("changed", "unchanged"):
        answer = await sent(roster, 代表资格=[mandate(7, void_reason="登记错了人")])
        assert (answer.status, answer.json["totals"][outcome]) == (200, 1)
    assert len((await roster.get("/deputies?as_of=2017-01-10"))["items"]) == SEATS - 1
    assert "王示例07" not in {row["person"] for row in (await ledger(roster))["代表资格"]}
    assert (
        await sent(roster, 人员=[{"name": "孙示例"}], 代表资格=[mandate(7, person="孙示例")])
    ).status == 200
    assert len((await roster.get("/deputies?as_of=2020-06-09"))["items"]) == SEATS
    assert (await roster.get("/integrity"))["faults"] == []


async def test_one_workbook_ends_a_mandate_and_begins_the_next(roster: Driver) -> None:
    """The general election: what runs out makes room for what begins on that day."""
    over = {"ended_on": date(2021, 12, 20), "ended_reason": "term_over"}
    new = mandate(1, started_on=date(2021, 12, 20), congress_number=18)
    answer = await sent(roster, 代表资格=[mandate(1, **over), new])
    assert (answer.status, answer.json["totals"]["new"], answer.json["totals"]["changed"]) == (200, 1, 1)


async def test_one_person_entered_twice_is_merged_by_a_row(roster: Driver) -> None:
    again = await roster.post("/people", {"name": "王 示例07", "party": "群众"})
    book = await ledger(roster)
    number = next(row["reference"] for row in book["人员"] if row["reference"] == again["id"][-8:])
    kept = next(r for r in book["人员"] if "王示例07" in r["name"] and r["reference"] != number)
    row = {"name": "王示例07", "reference": number, "merge_into": kept["reference"]}
    for outcome in ("changed", "unchanged"):
        answer = await sent(roster, 人员=[row])
        assert (answer.status, answer.json["totals"][outcome]) == (200, 1), answer.json
    (person,) = [p for p in (await roster.get("/people?name=王示例07"))["items"] if p["merged_into"] is None]
    assert person["party"] == "群众"
    nobody = await sent(roster, 人员=[{"name": "王示例08", "merge_into": "无此人"}])
    assert (nobody.status, nobody.json["errors"][0]["loc"]) == (422, "人员.N2")


async def test_two_people_of_one_name_are_declared_different_by_a_row(roster: Driver) -> None:
    other = await roster.post("/people", {"name": "王示例07"})
    assert len((await roster.get("/people/duplicates"))["items"]) == 1
    mine = next(p for p in (await roster.get("/people?name=王示例07"))["items"] if p["id"] != other["id"])
    row = {"name": "王示例07", "reference": other["id"][-8:], "different_from": (mine["id"][-8:],)}
    for outcome in ("changed", "unchanged"):
        answer = await sent(roster, 人员=[row])
        assert (answer.status, answer.json["totals"][outcome]) == (200, 1), answer.json
    assert (await roster.get("/people/duplicates"))["items"] == []
    before, data = await roster.events(), await roster.get("/exports")
    assert (await roster.call("POST", "/imports", data=data, headers=AS_XLSX)).status == 200
    assert await roster.events() == before


async def test_a_mandate_of_a_mistyped_year_names_its_field(roster: Driver) -> None:
    person = (await roster.post("/people", {"name": "赵示例"}))["id"]
    body = {"person_id": person, "level": "county", "started_on": "2099-01-10"}
    answer = await roster.call("POST", "/deputyships", body)
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "body.started_on")
    one = (await roster.post("/deputyships", body | {"started_on": "2017-01-10"}))["id"]
    ended = await roster.call("POST", f"/deputyships/{one}:end", {"reason": "died", "on": "2099-01-10"})
    assert (ended.status, ended.json["errors"][0]["loc"]) == (422, "body.on")
    moved = await roster.call("PATCH", f"/deputyships/{one}", {"started_on": "2099-01-10"})
    assert (moved.status, moved.json["errors"][0]["loc"]) == (422, "body.started_on")
    election = await roster.call(
        "POST", "/by_elections", {"constituency": "第1选区", "held_on": "2099-01-10"}
    )
    assert (election.status, election.json["errors"][0]["loc"]) == (422, "body.held_on")
