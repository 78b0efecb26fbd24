"""The example says what the document it follows says, refers only to what it holds, and is what its tables make."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

import pytest

from examples.build import HERE, TABLES, TEMPLATES, rows, template, workbook
from examples.describe import README, replace_listing
from examples.sheets import WORKBOOKS
from shared.workbook import read
from shared.workbook.model import MANY

Table = list[dict[str, Any]]
AS_OF = date(2020, 12, 7)
SHEETS = {sheet.name: sheet for sheets in WORKBOOKS.values() for sheet in sheets}


@pytest.fixture(scope="module")
def year() -> dict[str, Table]:
    return {name: rows(sheet) for name, sheet in SHEETS.items()}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_are_what_the_tables_make(name: str) -> None:
    assert (HERE / name).read_bytes() == workbook(name), "run: python -m examples.build"
    assert (TEMPLATES / name).read_bytes() == template(name), "run: python -m examples.build"


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_are_read_without_a_problem(name: str, year: dict[str, Table]) -> None:
    found = read((HERE / name).read_bytes(), WORKBOOKS[name])
    assert found.problems == []
    for sheet in WORKBOOKS[name]:
        full = {column.field: () if column.kind in MANY else None for column in sheet.columns}
        assert [dict(row.values) for row in found.rows(sheet.name)] == [
            full | line for line in year[sheet.name]
        ]


def test_every_table_is_a_sheet_and_the_page_lists_their_columns() -> None:
    assert {path.stem for path in TABLES.iterdir()} == set(SHEETS)
    text = README.read_text("utf-8")
    assert replace_listing(text) == text, "run: python -m examples.build"


# -- the facts -------------------------------------------------------------------------------------------------


def serving(year: dict[str, Table], day: date, level: str = "town") -> list[dict[str, Any]]:
    return [
        line
        for line in year["代表资格"]
        if line["level"] == level
        and line["started_on"] <= day
        and (line["ended_on"] is None or day < line["ended_on"])
    ]


def of_kind(year: dict[str, Table], kind: str) -> Table:
    return [line for line in year["活动"] if line["kind"] == kind and line["void_reason"] is None]


def test_deputies(year: dict[str, Table]) -> None:
    assert {level: len(serving(year, AS_OF, level)) for level in ("city", "county", "town")} == {
        "city": 2,
        "county": 14,
        "town": 63,
    }
    assert year["镇情况"][0]["quota"] == 63 == 40 + year["镇情况"][0]["population"] // 1500
    held = list(chain(*(serving(year, AS_OF, level) for level in ("city", "county", "town"))))
    assert (len(held), len({line["person"] for line in held})) == (79, 72)
    changed = [line for line in year["代表资格"] if line["started_by"] == "by_election" or line["ended_on"]]
    assert {line["constituency"] for line in changed} == {"南湖村第一选区"}
    assert len(serving(year, date(2020, 5, 1))) == 62
    assert len(serving(year, date(2020, 6, 9))) == 63


def test_constituencies_elect_one_to_three_and_all_seats_are_taken(year: dict[str, Table]) -> None:
    seats = {line["name"]: line["seats"] for line in year["选区"]}
    assert all(1 <= n <= 3 for n in seats.values())
    assert Counter(line["constituency"] for line in serving(year, AS_OF)) == Counter(seats)


def test_groups_their_leaders_and_rooms(year: dict[str, Table]) -> None:
    groups = {line["number"]: line for line in year["代表小组"]}
    assert [groups[n]["level"] for n in range(1, 6)] == ["town"] * 4 + ["upper"]
    leaders = [line["group"] for line in year["代表资格"] if "group_leader" in line["roles"]]
    assert sorted(leaders) == [1, 2, 3, 4, 5]
    rooms = {line["name"]: line for line in year["活动阵地"]}
    assert [rooms[groups[n]["station"]]["address"] for n in range(1, 6)] == [
        "新城村部",
        "镇政府三楼镇人大活动中心",
        "瑞康公司",
        "供电所三楼会议室",
        "镇政府三楼镇人大活动中心",
    ]
    assert rooms[groups[1]["station"]]["serves"] == ("五洲村", "太白村", "新城村")
    assert rooms[groups[2]["station"]]["serves"][:3] == ("集镇社区", "机关", "单位")
    assert rooms[groups[3]["station"]]["serves"] == ("吴大村", "南都村")
    assert rooms[groups[4]["station"]]["serves"] == ("南湖村", "飞雁村", "部分企业")
    for group in groups.values():
        assert group["rules"] == ("代表小组活动制度", "代表联系选民制度", "代表小组年度活动计划")
    for line in year["代表资格"]:
        assert (groups[line["group"]]["level"] == "town") == (line["level"] == "town")


def test_the_session(year: dict[str, Table]) -> None:
    (session,) = year["人代会"]
    assert (session["congress_number"], session["session_number"], session["held_on"]) == (
        17,
        7,
        date(2020, 6, 9),
    )
    assert session["planned_on"].month == 3
    assert "疫情" in session["postponed_reason"]
    assert [line["kind"] for line in year["人代会报告"]] == ["government", "presidium", "budget"]
    assert all(line["adopted"] for line in year["人代会报告"])
    assert len(year["人代会决议"]) == 4
    assert [len(people(session[state])) for state in ("on_leave", "absent")] == [4, 1]
    assert session["present"] == "全体"
    assert all(line["votes"] >= 32 for line in year["人代会决议"])


def test_the_presidium(year: dict[str, Table]) -> None:
    members = [line for line in year["代表资格"] if "presidium" in line["roles"]]
    assert len(members) == 9
    assert Counter(chain(*(line["roles"] for line in members)))["chair"] == 1
    days = [line["held_on"] for line in year["主席团会议"]]
    assert [(day.month - 1) // 3 for day in days] == [0, 1, 2, 3]
    assert days[-1] < AS_OF
    assert all(line["special_reports"] and line["topics"] for line in year["主席团会议"])
    assert any(line["done_on"] is None and line["due_on"] < AS_OF for line in year["主席团议定事项"])


def test_trainings_start_with_politics(year: dict[str, Table]) -> None:
    trainings = of_kind(year, "training")
    assert len(trainings) == 23
    assert sum(line["void_reason"] is not None for line in year["活动"]) == 1
    assert all(line["topics"] for line in trainings)


def test_activities(year: dict[str, Table]) -> None:
    kinds = Counter(line["kind"] for line in year["活动"] if line["void_reason"] is None)
    assert kinds == {
        "group_activity": 19, "training": 23, "inspection": 3, "research": 2, "law_check": 1, "review": 1,
        "reception": 16, "visit": 4, "contact": 2, "good_deed": 5, "other": 1,
    }  # fmt: skip
    assert Counter(line["group"] for line in of_kind(year, "group_activity")) == {
        ("1",): 4,
        ("2",): 4,
        ("3",): 4,
        ("4",): 4,
        ("5",): 3,
    }
    heard = Counter((o["received_on"], o["station"]) for o in year["选民意见"] if o["channel"] == "reception")
    assert heard == {(r["held_on"], r["station"]): r["opinions_count"] for r in of_kind(year, "reception")}


def test_opinions_in_every_state(year: dict[str, Table]) -> None:
    states = Counter(line["state"] for line in year["选民意见"])
    assert states == {"closed": 23, "answered": 9, "forwarded": 6, "converted": 4, "received": 3}
    for line in year["选民意见"]:
        assert (line["closed_on"] is not None) == (line["state"] == "closed")


def test_suggestions_in_every_state(year: dict[str, Table]) -> None:
    table = year["代表建议"]
    assert Counter(line["raised_at"] for line in table) == {"session": 20, "between": 12}
    assert [line["number"] for line in table] == list(range(1, 33))
    assigned = [line for line in table if line["assigned_on"]]
    replied = [line for line in table if line["replied_on"]]
    assert (len(assigned), len(replied)) == (30, 27)
    due = [line for line in assigned if line not in replied]
    assert sum(line["assigned_on"] < date(2020, 9, 7) for line in due) == 1
    classes = Counter(line["class_again"] or line["class"] for line in replied)
    assert classes == {"a": 16, "b": 8, "c": 1, "d": 2}
    results = Counter(line["result_again"] or line["result"] for line in replied)
    assert results == {"satisfied": 19, "basically_satisfied": 5, "dissatisfied": 1, None: 2}
    steps = ("raised", "assigned", "replied", "rated", "redone", "replied_again", "rated_again", "closed")
    for line in table:
        days = [line[f"{step}_on"] for step in steps if line[f"{step}_on"]]
        assert days == sorted(days)
        assert days[-1] <= AS_OF


def test_plans(year: dict[str, Table]) -> None:
    plan = year["年度计划"]
    assert {line["group"] for line in plan} == {None, 1, 2, 3, 4, 5}
    assert all(line["due_on"] and line["theme"] for line in plan)
    states = Counter(line["state"] for line in plan)
    assert states["cancelled"] == 1
    assert sum(line["due_on"] > AS_OF for line in plan) == 7
    due = [line for line in plan if line["due_on"] <= AS_OF and line["state"] != "cancelled"]
    assert (sum(line["state"] == "done" for line in due), len(due)) == (36, 37)
    known = {line["reference"] for line in year["活动"] if line["void_reason"] is None}
    known |= {"人代会17-7", *(f"主席团2020-{n}" for n in range(1, 5))}
    for line in plan:
        assert (line["done_by"] in known) == (line["state"] == "done")
    used = [line["done_by"] for line in plan if line["done_by"]]
    assert len(set(used)) == len(used)


def test_ratings(year: dict[str, Table]) -> None:
    meetings = {line["reference"]: line for line in year["述职测评会"]}
    assert len(meetings) == 5
    assert all(date(2020, 12, 1) <= line["held_on"] <= date(2020, 12, 6) for line in meetings.values())
    named = [name for line in meetings.values() for name in line["deputies"]]
    assert len(set(named)) == 16
    county = {line["person"] for line in year["代表资格"] if line["level"] == "county"}
    assert sum(name.removesuffix("（县级）") in county for name in named) == 4
    assert year["计票（第一遍）"] == year["计票（第二遍）"]
    for sheet in ("述职报告", "计票（第一遍）"):
        assert [(line["meeting"], line["deputy"]) for line in year[sheet]] == [
            (reference, name) for reference, line in meetings.items() for name in line["deputies"]
        ]
    for line in year["计票（第一遍）"]:
        options = ("satisfied", "basically_satisfied", "dissatisfied", "abstain", "spoiled")
        assert line["issued"] >= line["returned"] == line["void"] + sum(line[option] for option in options)
        assert line["issued"] <= meetings[line["meeting"]]["present"]
    assert max(line["void"] for line in year["计票（第一遍）"]) == 2


# -- nothing refers to what is not there -----------------------------------------------------------------------


def people(cell: str | None) -> list[str]:
    """The names of a cell of attendance, without what is in brackets behind them."""
    return [name.partition("（")[0] for name in (cell or "").split("、") if name]


def named(line: dict[str, Any]) -> list[str]:
    return [name for state in ("present", "on_leave", "absent") for name in people(line[state])]


def names_used(year: dict[str, Table]) -> Iterator[tuple[str, date]]:
    """Every deputy named in a ledger, with the day he is named for."""
    for sheet, day in (("活动", "held_on"), ("人代会", "held_on"), ("主席团会议", "held_on")):
        for line in year[sheet]:
            for name in named(line):
                if not name.startswith(("全体", "第")):
                    yield name, line[day]
    for line in year["代表建议"]:
        yield from ((name, line["raised_on"]) for name in (line["lead"], *line["co"]))
    yield from ((line["deputy"], line["received_on"]) for line in year["选民意见"] if line["deputy"])
    for line in year["述职测评会"]:
        yield from ((name.removesuffix("（县级）"), line["held_on"]) for name in line["deputies"])


def test_whoever_is_named_served_that_day(year: dict[str, Table]) -> None:
    for name, day in names_used(year):
        levels = {
            level
            for level in ("town", "county", "city")
            for line in serving(year, day, level)
            if line["person"] == name
        }
        assert levels, f"{name} {day}"
        assert levels & {"town"} or len(levels) == 1, f"{name} {day}: which mandate?"


def test_nobody_stands_in_two_places(year: dict[str, Table]) -> None:
    for sheet in ("活动", "人代会", "主席团会议"):
        for line in year[sheet]:
            assert len(set(named(line))) == len(named(line)), line


@pytest.mark.parametrize(
    ("sheet", "field", "known", "key"),
    [
        ("代表资格", "person", "人员", "name"),
        ("代表资格", "group", "代表小组", "number"),
        ("代表小组", "station", "活动阵地", "name"),
        ("活动", "station", "活动阵地", "name"),
        ("选民意见", "station", "活动阵地", "name"),
        ("年度计划", "group", "代表小组", "number"),
        ("述职测评会", "scheme", "评议办法", "name"),
        ("主席团议定事项", "number", "主席团会议", "number"),
    ],
)
def test_references(year: dict[str, Table], sheet: str, field: str, known: str, key: str) -> None:
    assert {line[field] for line in year[sheet]} - {None} <= {line[key] for line in year[known]}


def test_activities_are_of_groups_that_exist(year: dict[str, Table]) -> None:
    named = {int(number) for line in year["活动"] for number in line["group"]}
    assert named <= {line["number"] for line in year["代表小组"]}


def test_everybody_is_made_up(year: dict[str, Table]) -> None:
    names = [line["name"] for line in year["人员"]]
    assert [name[1:3] for name in names] == ["示例"] * len(names)
    assert sorted(int(name[3:]) for name in names) == list(range(1, 74))
    assert len({name[0] for name in names}) > 60
    assert all(line["phone"] is None and line["id_number"] is None for line in year["人员"])


def test_all_of_it_lies_in_the_period(year: dict[str, Table]) -> None:
    dated = {"活动": "held_on", "选民意见": "received_on", "述职测评会": "held_on", "主席团会议": "held_on"}
    dated_too = {"选民意见": "closed_on", "主席团议定事项": "done_on", "代表建议": "raised_on"}
    places = [*dated.items(), *dated_too.items()]
    days = [line[field] for sheet, field in places for line in year[sheet] if line[field]]
    assert all(date(2020, 1, 1) <= day <= AS_OF for day in days)
