"""The office's workbook: brought in by three people, never twice, all or nothing."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from services.ratings.sheets import SHEETS
from shared.workbook import read, write
from tests.component.ratings.conftest import Town, locs
from tests.fixtures.apps import AS_XLSX, Answer

pytestmark = pytest.mark.mongo

OFFICE, FIRST, SECOND = "o1:office", "t1:teller", "t2:teller"
Tables = dict[str, list[dict[str, Any]]]


def a_count(deputy: str, satisfied: int = 40) -> dict[str, Any]:
    numbers = {"satisfied": satisfied, "basically_satisfied": 45 - satisfied, "dissatisfied": 0, "spoiled": 0}
    return {"meeting": "述2020-1", "deputy": deputy, "issued": 48, "returned": 46, "void": 1, **numbers}


def tables(**changes: Any) -> Tables:
    rows: Tables = {
        "评议办法": [
            {
                "name": "满意度测评",
                "options": (("满意", None), ("基本满意", None), ("不满意", None)),
                "formula": "satisfied_over_options",
                "min_raters": 20,
                "min_published": 10,
            }
        ],
        "述职测评会": [
            {
                "reference": "述2020-1",
                "held_on": date(2020, 12, 3),
                "constituency": "第三选区",
                "deputies": ("王示例01", "李示例02"),
                "scheme": "满意度测评",
                "method": "paper",
                "invited": 50,
                "present": 48,
                "state": "published",
            }
        ],
        "述职报告": [{"meeting": "述2020-1", "deputy": "王示例01", "form": "oral", "text": "一年来履职情况"}],
        "计票（第一遍）": [a_count("王示例01"), a_count("李示例02", 30)],
        "计票（第二遍）": [a_count("王示例01"), a_count("李示例02", 30)],
    }
    return deepcopy(rows | changes)


@pytest.fixture
async def staffed(town: Town) -> Town:
    await town.deputy("d1", "王示例01")
    await town.deputy("d2", "李示例02")
    return town


async def send(town: Town, who: str, rows: Tables | None = None, query: str = "") -> Answer:
    rows = rows or tables()
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await town.ask("POST", f"imports{query}", as_=who, data=data, headers=AS_XLSX)


async def bring(town: Town) -> list[dict[str, int]]:
    """The four sendings of one workbook; what each of them did."""
    answers = [
        await send(town, OFFICE),
        await send(town, FIRST, query="?sheets=计票（第一遍）"),
        await send(town, SECOND, query="?sheets=计票（第二遍）"),
        await send(town, OFFICE),
    ]
    assert [answer.status for answer in answers] == [200] * 4, [answer.json for answer in answers]
    return [answer.json["totals"] for answer in answers]


async def only_meeting(town: Town) -> dict[str, Any]:
    (meeting,) = (await town.get("meetings")).json["items"]
    return dict(meeting)


async def test_three_people_bring_one_workbook_to_a_published_result(staffed: Town) -> None:
    done = await bring(staffed)
    assert done == [
        {"new": 3, "changed": 0, "unchanged": 0, "wrong": 0},
        {"new": 2, "changed": 0, "unchanged": 0, "wrong": 0},
        {"new": 2, "changed": 0, "unchanged": 0, "wrong": 0},
        {"new": 0, "changed": 1, "unchanged": 2, "wrong": 0},
    ]
    meeting = await only_meeting(staffed)
    assert meeting["state"] == "published"
    results = (await staffed.get(f"meetings/{meeting['id']}/results")).json
    assert [(line["name"], line["counts"]["satisfied"]) for line in results["deputies"]] == [
        ("王示例01", 40),
        ("李示例02", 30),
    ]


async def test_the_same_workbook_again_changes_nothing(staffed: Town) -> None:
    await bring(staffed)
    before = len(await staffed.events())
    for totals in await bring(staffed):
        assert totals["unchanged"] > 0
        assert (totals["new"], totals["changed"], totals["wrong"]) == (0, 0, 0)
    assert len(await staffed.events()) == before


async def test_what_deputies_said_and_who_watched_the_count_come_back_unchanged(staffed: Town) -> None:
    rows = tables()
    said = {
        "study": "学法",
        "at_sessions": "审议",
        "between_sessions": "视察",
        "with_voters": "走访",
        "text": "x",
    }
    rows["述职报告"][0] |= said
    rows["述职测评会"][0] |= {"scrutineers": ("赵示例03", "钱示例04"), "year": 2019, "state": "draft"}
    assert (await send(staffed, OFFICE, rows)).json["totals"]["new"] == 3
    meeting = await only_meeting(staffed)
    assert (meeting["scrutineers"], meeting["year"]) == (["赵示例03", "钱示例04"], 2019)
    (report,) = (await staffed.get("duty_reports")).json["items"]
    assert {name: report[name] for name in said} == said
    book = (await staffed.get("exports")).json
    again = await staffed.ask("POST", "imports", as_=OFFICE, data=book, headers=AS_XLSX)
    assert again.json["totals"] == {"new": 0, "changed": 0, "unchanged": 3, "wrong": 0}, again.json
    (row,) = read(book, SHEETS).rows("述职报告")
    assert {name: row[name] for name in said} == said


async def test_without_naming_a_sheet_each_teller_means_his_own(staffed: Town) -> None:
    for who in (OFFICE, FIRST, SECOND, OFFICE, FIRST, SECOND):
        answer = await send(staffed, who)
        assert answer.status == 200, answer.json
    assert (await only_meeting(staffed))["state"] == "published"


async def test_a_dry_run_writes_nothing(staffed: Town) -> None:
    answer = await send(staffed, OFFICE, query="?dry_run=true")
    assert (answer.status, answer.json["totals"]["new"], answer.json["applied"]) == (200, 3, False)
    assert await staffed.events() == []


async def test_one_teller_cannot_bring_both(staffed: Town) -> None:
    await send(staffed, OFFICE)
    await send(staffed, FIRST)
    answer = await send(staffed, FIRST, query="?sheets=计票（第二遍）")
    assert answer.status == 422
    assert "另一名计票人" in str(answer.json["errors"])


@pytest.mark.parametrize(
    ("who", "asked"), [(OFFICE, "计票（第一遍）"), (FIRST, "述职测评会"), (FIRST, "述职报告,计票（第一遍）")]
)
async def test_a_sheet_of_another_role_is_reported(staffed: Town, who: str, asked: str) -> None:
    await send(staffed, OFFICE)
    before = len(await staffed.events())
    answer = await send(staffed, who, query=f"?sheets={asked}")
    assert (answer.status, answer.json["code"]) == (422, "workbook-wrong")
    assert asked.partition(",")[0] in locs(answer)
    assert len(await staffed.events()) == before


async def test_counts_that_differ_leave_the_meeting_open(staffed: Town) -> None:
    rows = tables(**{"计票（第二遍）": [a_count("王示例01", 41), a_count("李示例02", 30)]})
    for who in (OFFICE, FIRST, SECOND, OFFICE):
        assert (await send(staffed, who, rows)).status == 200
    assert (await only_meeting(staffed))["state"] == "open"
    assert (await send(staffed, SECOND)).json["totals"]["changed"] == 2
    await send(staffed, OFFICE)
    assert (await only_meeting(staffed))["state"] == "published"


@pytest.mark.parametrize(
    ("sheet", "row", "field", "value", "loc"),
    [
        ("述职测评会", 0, "deputies", ("王示例01", "赵示例09"), "述职测评会.D2"),
        ("述职测评会", 0, "scheme", "没有的办法", "述职测评会.E2"),
        ("述职测评会", 0, "deputies", ("王示例01", "王示例01"), "述职测评会.D2"),
        ("述职报告", 0, "meeting", "述2020-9", "述职报告.A2"),
        ("述职报告", 0, "deputy", "赵示例09", "述职报告.B2"),
        ("评议办法", 0, "options", (("优秀", None), ("称职", None)), "评议办法.B2"),
        ("评议办法", 0, "options", (("极好", None), ("称职", None)), "评议办法.B2"),
        ("评议办法", 0, "options", (("满意", "很多"), ("称职", None)), "评议办法.B2"),
    ],
)
async def test_a_wrong_cell_is_named_and_nothing_is_written(
    staffed: Town, sheet: str, row: int, field: str, value: object, loc: str
) -> None:
    rows = tables()
    rows[sheet][row][field] = value
    answer = await send(staffed, OFFICE, rows)
    assert answer.status == 422
    assert loc in locs(answer)
    assert await staffed.events() == []


async def test_every_preset_comes_back_from_its_workbook_as_it_was(town: Town) -> None:
    """Exported, imported into nothing, and imported again where it came from."""
    presets = (await town.get("scheme_presets")).json["items"]
    changes = [{}, {"silent_group": "renormalised", "ties": "none", "min_raters": 30, "min_published": 12}]
    bodies = [
        {
            **{name: value for name, value in preset.items() if name not in ("preset", "formula_label")},
            **change,
        }
        for change in changes
        for preset in presets
    ]
    for n, body in enumerate(bodies):
        body["name"] += str(n)
        assert (await town.post("schemes", body)).status == 201
    book = (await town.get("exports")).json
    again = await town.ask("POST", "imports", data=book, headers=AS_XLSX)
    assert again.json["totals"] == {"new": 0, "changed": 0, "unchanged": len(bodies), "wrong": 0}, again.json
    database = town.driver.alive.store.database
    await database["schemes"].delete_many({})
    fresh = await town.ask("POST", "imports", data=book, headers=AS_XLSX)
    assert fresh.json["totals"]["new"] == len(bodies), fresh.json
    found = (await town.get("schemes?limit=50")).json["items"]
    back = sorted(({k: one[k] for k in bodies[0]} for one in found), key=lambda one: one["name"])
    assert back == sorted(bodies, key=lambda one: one["name"])


async def test_sheets_of_each_dimension_and_group_are_brought_by_row(staffed: Town) -> None:
    rows = tables()
    rows["评议办法"][0] |= {
        "options": (("优秀", "100"), ("称职", "60")),
        "formula": "weighted",
        "groups": (("选民代表", "70"), ("代表", "30")),
        "dimensions": ("参加活动", "联系选民"),
    }
    numbers = {"issued": 20, "returned": 20, "void": 0, "excellent": 15, "competent": 5}
    places = [(group, dimension) for group in ("选民代表", "代表") for dimension in ("参加活动", "联系选民")]
    sheet = [
        {"meeting": "述2020-1", "deputy": deputy, "group": group, "dimension": dimension, **numbers}
        for group, dimension in places
        for deputy in ("王示例01", "李示例02")
    ]
    rows |= {"计票（第一遍）": sheet, "计票（第二遍）": sheet}
    for who in (OFFICE, FIRST, SECOND, OFFICE):
        answer = await send(staffed, who, rows)
        assert answer.status == 200, answer.json
    meeting = await only_meeting(staffed)
    results = (await staffed.get(f"meetings/{meeting['id']}/results")).json
    assert [(one["name"], one["dimension"], one["counts"]["excellent"]) for one in results["deputies"]] == [
        (name, dimension, 30) for name in ("王示例01", "李示例02") for dimension in ("参加活动", "联系选民")
    ]
    assert results["deputies"][0]["rate"]["value"] == 0.9


@pytest.mark.parametrize(
    ("row", "field", "value", "loc"),
    [
        (1, "satisfied", 31, "计票（第一遍）.B3"),
        (1, "issued", 49, "计票（第一遍）.C3"),
        (0, "excellent", 1, "计票（第一遍）.J2"),
        (0, "meeting", "述2020-9", "计票（第一遍）.A2"),
    ],
)
async def test_a_wrong_count_is_named_and_nothing_is_kept(
    staffed: Town, row: int, field: str, value: object, loc: str
) -> None:
    await send(staffed, OFFICE)
    rows = tables()
    rows["计票（第一遍）"][row][field] = value
    answer = await send(staffed, FIRST, rows)
    assert answer.status == 422
    assert loc in locs(answer)
    meeting = await only_meeting(staffed)
    assert (await staffed.get(f"meetings/{meeting['id']}/counts")).json["sheets"] == []
