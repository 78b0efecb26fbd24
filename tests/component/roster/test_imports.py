"""The office's workbook: read whole, reported by cell, written all or nothing, and never twice."""

from datetime import date
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import read, write
from tests.fixtures.apps import AS_XLSX, TOWN, Answer, Drive, Driver


def tables(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {
        "镇情况": [{"code": TOWN, "name": "示例镇", "congress_number": 17, "quota": 63}],
        "活动阵地": [{"name": "第一活动室", "kind": "activity_room", "serves": ("新城村", "五洲村")}],
        "代表小组": [{"number": 1, "level": "town", "station": "第一活动室"}],
        "人员": [{"name": "丁示例01", "gender": "f"}, {"name": "王示例02", "gender": "m"}],
        "代表资格": [
            {
                "person": "丁示例01",
                "level": "town",
                "started_on": date(2017, 1, 10),
                "group": 1,
                "roles": ("group_leader",),
            },
            {
                "person": "王示例02",
                "level": "town",
                "started_on": date(2017, 1, 10),
                "ended_on": date(2020, 5, 1),
                "ended_reason": "resigned",
            },
        ],
    }
    return rows | changes


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    return await drive(build(Settings()))


async def send(roster: Driver, rows: dict[str, list[dict[str, Any]]], query: str = "") -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await roster.call("POST", f"/imports{query}", data=data, headers=AS_XLSX)


async def test_a_dry_run_says_what_would_be_new_and_writes_nothing(roster: Driver) -> None:
    answer = await send(roster, tables(), "?dry_run=true")
    assert (answer.status, answer.json["totals"]) == (
        200,
        {"new": 7, "changed": 0, "unchanged": 0, "wrong": 0},
    )
    assert await roster.events() == []


async def test_the_same_workbook_twice_changes_nothing(roster: Driver) -> None:
    assert (await send(roster, tables())).json["applied"] is True
    before = await roster.events()
    again = await send(roster, tables())
    assert again.json["totals"] == {"new": 0, "changed": 0, "unchanged": 7, "wrong": 0}
    assert await roster.events() == before


async def test_a_name_with_blanks_between_its_characters_is_the_same_name(roster: Driver) -> None:
    rows = tables(人员=[{"name": "王　伟", "gender": "f"}, {"name": "欧阳明"}], 代表资格=[])
    rows["代表资格"] = [{"person": "王 伟", "level": "town", "started_on": date(2017, 1, 10)}]
    assert (await send(roster, rows)).json["totals"]["new"] == 6
    assert [one["name"] for one in (await roster.get("/people"))["items"]] == ["王伟", "欧阳明"]
    book = read(await roster.get("/exports"), SHEETS)
    assert [row["name"] for row in book.rows("人员")] == ["王　伟", "欧阳明"]
    assert [row["person"] for row in book.rows("代表资格")] == ["王　伟"]
    again = await roster.call("POST", "/imports", data=await roster.get("/exports"), headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 6


async def test_rows_refer_to_each_other_and_a_leader_leads_his_group(roster: Driver) -> None:
    await send(roster, tables())
    (group,) = (await roster.get("/groups"))["items"]
    leader = await roster.get(f"/deputyships/{group['leader_deputyship_id']}")
    assert (leader["group_id"], leader["roles"]) == (group["id"], ["group_leader"])
    assert len((await roster.get("/deputies?as_of=2020-05-01"))["items"]) == 1


async def test_a_corrected_row_changes_its_record_alone(roster: Driver) -> None:
    await send(roster, tables())
    answer = await send(roster, tables(人员=[{"name": "丁示例01", "gender": "f", "party": "群众"}]))
    assert answer.json["totals"]["changed"] == 1
    assert (await roster.events())[-1]["type"] == "roster.person.changed.v1"


async def test_a_dry_run_shows_what_would_be_recorded_instead_of_what(roster: Driver) -> None:
    await send(roster, tables())
    people = [{"name": "丁示例01", "gender": "m"}, {"name": "王 示例02", "gender": "m"}]
    answer = await send(roster, tables(人员=people), "?dry_run=true")
    assert {sheet["name"]: sheet["changes"] for sheet in answer.json["sheets"] if sheet["changes"]} == {
        "人员": [{"key": "丁示例01", "column": "性别", "was": "女", "becomes": "男"}]
    }


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"镇情况": [{"code": "340281200", "name": "别的镇"}]}, "镇情况.A2"),
        ({"人员": [{"gender": "f"}]}, "人员.A2"),
        (
            {"代表资格": [{"person": "没有这人", "level": "town", "started_on": date(2017, 1, 10)}]},
            "代表资格.A2",
        ),
        ({"代表小组": [{"number": 1, "level": "town", "station": "无此处"}]}, "代表小组.D2"),
    ],
)
async def test_one_wrong_cell_is_named_and_nothing_is_written(
    roster: Driver, changes: dict[str, Any], loc: str
) -> None:
    answer = await send(roster, tables(**changes))
    assert (answer.status, answer.code) == (422, "workbook-wrong")
    assert loc in [error["loc"] for error in answer.json["errors"]]
    assert await roster.events() == []


async def test_what_is_no_workbook_is_refused(roster: Driver) -> None:
    answer = await roster.call("POST", "/imports", data=b"no workbook", headers=AS_XLSX)
    assert (answer.status, answer.code) == (400, "workbook-unreadable")


async def test_a_seat_written_twice_is_told_in_the_words_of_the_sheet(roster: Driver) -> None:
    seat = {"person": "丁示例01", "level": "town", "started_on": date(2017, 1, 10)}
    answer = await send(roster, tables(代表资格=[seat, seat]))
    assert [error["message"] for error in answer.json["errors"]] == [
        "与第 2 行重复：丁示例01 镇级 2017-01-10"
    ]


async def test_two_rows_of_one_name_are_told_how_to_be_told_apart(roster: Driver) -> None:
    people = [{"name": "王芳", "gender": "f"}, {"name": "王 芳", "gender": "f"}]
    (error,) = (await send(roster, tables(人员=people, 代表资格=[]))).json["errors"]
    assert error["message"].startswith("与第 2 行姓名相同")
    assert "王强（新城村）" in error["message"]
