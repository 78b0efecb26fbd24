"""Terms, the office's year, by-elections and resignations in the workbook: in, out, and not twice."""

from datetime import date
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.component.roster.test_imports import send, tables
from tests.fixtures.apps import AS_XLSX, Answer, Drive, Driver

VOTE = {
    "constituency": "第一选区",
    "held_on": date(2020, 5, 20),
    "seats": 1,
    "voters": 1293,
    "votes_cast": 1107,
}
ROWS: dict[str, Any] = {
    "选区": [{"name": "第一选区", "seats": 3}],
    "届次": [{"congress_number": 17, "started_on": date(2017, 1, 12), "quota": 63, "population": 34500}],
    "机构和经费": [{"year": 2020, "staff": 3, "full_time_staff": 1, "funds_budgeted": 126000}],
    "补选": [
        {**VOTE, "name": "丁示例01", "votes": 742, "elected": True},
        {**VOTE, "name": "邱示例80", "votes": 318, "elected": False},
    ],
    "代表资格": [
        {
            "person": "丁示例01",
            "level": "town",
            "started_on": date(2020, 5, 20),
            "constituency": "第一选区",
            "started_by": "by_election",
            "elected_on": date(2020, 5, 20),
        },
        {
            "person": "王示例02",
            "level": "town",
            "started_on": date(2017, 1, 10),
            "ended_on": date(2020, 6, 9),
            "ended_reason": "resigned",
            "requested_on": date(2020, 3, 1),
            "accepted_on": date(2020, 6, 9),
            "accepted_by_session": "第十七届第七次会议",
        },
    ],
}
TOTAL = 12


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    return await drive(build(Settings()))


async def exported(roster: Driver) -> Answer:
    data = bytes(await roster.get("/exports"))
    return await roster.call("POST", "/imports", data=data, headers=AS_XLSX)


async def test_the_new_sheets_go_in_once_and_what_is_exported_changes_nothing(roster: Driver) -> None:
    first = await send(roster, tables(**ROWS))
    assert first.json["totals"] == {"new": TOTAL, "changed": 0, "unchanged": 0, "wrong": 0}, first.json
    before = await roster.events()
    for again in (await send(roster, tables(**ROWS)), await exported(roster)):
        assert (again.status, again.json["totals"]["unchanged"]) == (200, TOTAL), again.json
    assert await roster.events() == before


async def test_a_row_of_a_mandate_finds_its_vote_and_tells_its_resignation(roster: Driver) -> None:
    await send(roster, tables(**ROWS))
    (election,) = (await roster.get("/by_elections"))["items"]
    assert (election["elected"], len(election["candidates"])) == (["丁示例01"], 2)
    held = (await roster.get("/deputyships"))["items"]
    chosen = next(d for d in held if d["started_by"] == "by_election")
    assert chosen["by_election_id"] == election["id"]
    assert election["candidates"][0]["person_id"] == chosen["person_id"]
    gone = next(d for d in held if d["status"] == "ended")
    assert (gone["resignations"][0]["requested_on"], gone["resignations"][0]["settled_on"]) == (
        "2020-03-01",
        "2020-06-09",
    )
    (task,) = (await roster.get("/tasks"))["items"]
    assert (task["state"], task["outcome"]) == ("settled", "accepted")


async def test_what_is_entered_over_http_comes_back_as_it_was(roster: Driver) -> None:
    await send(roster, tables(**ROWS))
    (election,) = (await roster.get("/by_elections"))["items"]
    both = [{"name": name, "votes": 600} for name in ("邱示例80", "丁示例01")]
    change = {"seats": 2, "candidates": both, "elected": ["丁示例01", "邱示例80"]}
    assert (await roster.call("PATCH", f"/by_elections/{election['id']}", change)).status == 200
    await roster.post("/by_elections", {"constituency": "第二选区", "held_on": "2020-09-01"})
    deputyship = next(d for d in (await roster.get("/deputyships"))["items"] if d["status"] == "serving")
    await roster.post(f"/deputyships/{deputyship['id']}:resign", {"requested_on": "2020-11-01"})
    before = await roster.events()
    assert (await exported(roster)).json["totals"] == {
        "new": 0,
        "changed": 0,
        "unchanged": TOTAL + 1,
        "wrong": 0,
    }
    assert await roster.events() == before


async def test_a_count_put_right_in_one_row_changes_the_vote_alone(roster: Driver) -> None:
    await send(roster, tables(**ROWS))
    rows = [{**ROWS["补选"][0], "votes": 743}]
    answer = await send(roster, {"镇情况": tables()["镇情况"], "补选": rows})
    assert answer.json["totals"]["changed"] == 1
    (election,) = (await roster.get("/by_elections"))["items"]
    assert [one["votes"] for one in election["candidates"]] == [743, 318]


@pytest.mark.parametrize(
    ("sheet", "row", "change", "cell"),
    [
        ("补选", 1, {"votes": 1108}, "补选.I3"),
        ("补选", 1, {"votes": 366}, "补选.I2"),
        ("补选", 0, {"votes_cast": 1294}, "补选.F2"),
        ("补选", 1, {"seats": 2}, "补选.D3"),
        ("补选", 0, {"votes": 553}, "补选.J2"),
        ("补选", 1, {"name": None}, "补选.H3"),
        ("届次", 0, {"ended_on": date(2017, 1, 11)}, "届次.C2"),
        ("机构和经费", 0, {"full_time_staff": 4}, "机构和经费.C2"),
        ("代表资格", 0, {"elected_on": date(2020, 5, 21)}, "代表资格.K2"),
        ("代表资格", 1, {"accepted_on": date(2020, 2, 1)}, "代表资格.M3"),
        ("代表资格", 1, {"requested_on": date(2016, 12, 1)}, "代表资格.L3"),
        ("代表资格", 1, {"ended_on": None, "ended_reason": None}, "代表资格.M3"),
    ],
)
async def test_a_wrong_cell_is_named_and_nothing_is_written(
    roster: Driver, sheet: str, row: int, change: dict[str, Any], cell: str
) -> None:
    rows = [dict(one) for one in ROWS[sheet]]
    rows[row] |= change
    if "votes_cast" in change:
        rows[1] |= change
    answer = await send(roster, tables(**(ROWS | {sheet: rows})))
    assert (answer.status, answer.code) == (422, "workbook-wrong")
    assert cell in [error["loc"] for error in answer.json["errors"]], answer.json["errors"]
    assert await roster.events() == []
