"""The office's workbook 履职: read whole, reported by cell, written all or nothing, and never twice."""

from datetime import date
from typing import Any

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import DEPUTIES, Office
from tests.fixtures.apps import AS_XLSX, Answer


def tables(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {
        "年度计划": [
            {"year": 2020, "group": 1, "number": 1, "title": "一季度活动", "kind": "group_activity",
             "due_on": date(2020, 3, 31), "state": "done", "done_by": "组2020-1"},
            {"year": 2020, "group": 1, "number": 2, "title": "二季度活动", "state": "cancelled",
             "cancelled_reason": "疫情"},
            {"year": 2020, "number": 1, "title": "召开人代会", "kind": "session", "state": "done",
             "done_by": "人代会17-7"},
            {"year": 2020, "number": 2, "title": "主席团会议", "state": "done", "done_by": "主席团2020-1"},
        ],
        "人代会": [
            {"congress_number": 17, "session_number": 7, "held_on": date(2020, 6, 9), "present": ("全体",),
             "on_leave": (("王示例08", "illness"),), "absent": ("王示例09",), "observers": 12},
        ],
        "人代会报告": [
            {"congress_number": 17, "session_number": 7, "title": "政府工作报告", "kind": "government",
             "adopted": True},
            {"congress_number": 17, "session_number": 7, "title": "主席团工作报告", "kind": "presidium"},
        ],
        "人代会决议": [{"congress_number": 17, "session_number": 7, "title": "关于政府工作报告的决议", "votes": 7}],
        "主席团会议": [
            {"year": 2020, "number": 1, "held_on": date(2020, 3, 15), "topics": ("议题一", "议题二"),
             "present": ("全体",), "absent": ("王示例03",)},
        ],
        "主席团议定事项": [{"year": 2020, "number": 1, "text": "开展视察", "due_on": date(2020, 5, 1)}],
        "活动": [
            {"reference": "组2020-1", "kind": "group_activity", "title": "一季度活动", "held_on": date(2020, 3, 20),
             "group": 1, "station": "新城村部", "present": ("全体", "王示例09"), "on_leave": (("王示例02", None),)},
            {"reference": "视2020-1", "kind": "inspection", "title": "视察", "held_on": date(2020, 9, 1),
             "present": ("李示例20", "第2小组"), "opinions_count": 3},
            {"reference": "误2020-1", "kind": "visit", "title": "走访", "held_on": date(2020, 9, 1),
             "void_reason": "重复登记"},
        ],
        "选民意见": [
            {"reference": "意2020-1", "received_on": date(2020, 4, 15), "channel": "reception", "station": "新城村部",
             "deputy": "王示例01", "text": "路灯不亮", "state": "closed", "closed_on": date(2020, 4, 30)},
        ],
        "代表建议": [
            {"year": 2020, "number": 1, "raised_on": date(2020, 6, 9), "raised_at": "session", "lead": "王示例01",
             "co": ("王示例02",), "title": "硬化道路", "unit": "镇交管站", "assigned_on": date(2020, 6, 15),
             "replied_on": date(2020, 8, 1), "class": "c", "interviewed": True, "process": "satisfied",
             "result": "dissatisfied", "rated_on": date(2020, 8, 5), "redone_on": date(2020, 8, 6),
             "replied_again_on": date(2020, 9, 1), "class_again": "a", "result_again": "satisfied",
             "rated_again_on": date(2020, 9, 5), "closed_on": date(2020, 9, 6)},
            {"year": 2020, "number": 2, "raised_on": date(2020, 7, 1), "raised_at": "between", "title": "增设路灯"},
        ],
    }  # fmt: skip
    return rows | changes


async def send(office: Office, rows: dict[str, list[dict[str, Any]]], query: str = "") -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await office.driver.call("POST", f"/imports{query}", data=data, headers=AS_XLSX)


async def records(office: Office, name: str) -> list[dict[str, Any]]:
    return list((await office.get(f"/{name}?limit=200"))["items"])


async def test_a_dry_run_says_what_would_be_new_and_writes_nothing(office: Office) -> None:
    answer = await send(office, tables(), "?dry_run=true")
    assert (answer.status, answer.json["totals"]) == (
        200,
        {"new": 16, "changed": 0, "unchanged": 0, "wrong": 0},
    )
    assert not answer.json["applied"]
    assert await office.told() == []


async def test_everything_a_workbook_says_is_recorded(office: Office) -> None:
    answer = await send(office, tables())
    assert (answer.status, answer.json["applied"]) == (200, True), answer.json
    session = (await records(office, "sessions"))[0]
    assert session["version"] == 1
    assert session["attendance"] == {
        "present": DEPUTIES[:7],
        "on_leave": [{"deputyship_id": "d8", "reason": "illness"}],
        "absent": ["d9"],
    }
    assert [(one["title"], one["kind"], one["adopted"]) for one in session["reports"]] == [
        ("政府工作报告", "government", True),
        ("主席团工作报告", "presidium", None),
    ]
    assert session["resolutions"] == [{"title": "关于政府工作报告的决议", "votes": 7}]
    meeting = (await records(office, "presidium_meetings"))[0]
    assert (meeting["attendance"]["present"], meeting["version"]) == (["d1", "d2"], 1)
    decided = {"text": "开展视察", "due_on": "2020-05-01", "done_on": None, "outcome": None}
    assert meeting["decisions"] == [decided]
    by_title = {one["title"]: one for one in await records(office, "activities")}
    group, inspection, visit = (by_title[title] for title in ("一季度活动", "视察", "走访"))
    assert group["attendance"]["present"] == ["d9", "d1", "d3", "d4", "d5"]
    assert group["attendance"]["on_leave"] == [{"deputyship_id": "d2", "reason": None}]
    assert (group["group_id"], group["station_id"]) == ("g1", "st1")
    assert sorted(inspection["attendance"]["present"]) == ["d20", "d6", "d7", "d8", "d9"]
    assert (visit["state"], visit["void_reason"]) == ("voided", "重复登记")
    plans = {plan["group_id"]: plan for plan in await records(office, "plans")}
    assert [(i["state"], i["activity_id"], i["cancelled_reason"]) for i in plans["g1"]["items"]] == [
        ("done", group["id"], None),
        ("cancelled", None, "疫情"),
    ]
    assert [item["activity_id"] for item in plans[None]["items"]] == [session["id"], meeting["id"]]
    opinion = (await records(office, "opinions"))[0]
    assert (opinion["deputyship_id"], opinion["closed_on"]) == ("d1", "2020-04-30")
    first, second = sorted(await records(office, "suggestions"), key=lambda one: int(one["number"]))
    assert (first["session_id"], first["state"], first["class"], first["result"]) == (
        session["id"],
        "closed",
        "a",
        "satisfied",
    )
    assert [step["action"] for step in first["steps"]] == [
        "assigned", "replied", "rated", "redone", "replied", "rated", "closed",
    ]  # fmt: skip
    assert (second["state"], second["lead_deputyship_id"]) == ("raised", None)


async def test_the_same_workbook_again_changes_nothing(office: Office) -> None:
    await send(office, tables())
    told = await office.told()
    answer = await send(office, tables())
    assert answer.json["totals"] == {"new": 0, "changed": 0, "unchanged": 16, "wrong": 0}
    assert await office.told() == told


async def test_a_corrected_row_changes_its_record_and_a_missing_one_deletes_nothing(office: Office) -> None:
    await send(office, tables())
    told = len(await office.told())
    rows = tables()
    rows["活动"] = [{**rows["活动"][1], "opinions_count": 4}]
    rows["人代会"], rows["人代会报告"] = [], [{**rows["人代会报告"][1], "adopted": False}]
    rows["代表建议"] = [{**rows["代表建议"][0], "replied_again_on": date(2020, 9, 2)}]
    del rows["年度计划"], rows["主席团会议"], rows["主席团议定事项"], rows["选民意见"], rows["人代会决议"]
    answer = await send(office, rows)
    assert answer.json["totals"] == {"new": 0, "changed": 3, "unchanged": 0, "wrong": 0}, answer.json
    assert len(await records(office, "activities")) == 3
    session = (await records(office, "sessions"))[0]
    assert {one["title"]: one["adopted"] for one in session["reports"]} == {
        "政府工作报告": True,
        "主席团工作报告": False,
    }
    first = next(one for one in await records(office, "suggestions") if one["number"] == 1)
    assert (first["replied_on"], first["state"]) == ("2020-09-02", "closed")
    assert (await office.told())[told : told + 2] == ["session.changed.v1", "activity.changed.v1"]


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("活动", {"present": ("王示例99",)}, "H2", "王示例99"),
    ("活动", {"present": ("全体",), "group": None}, "H2", "全体镇代表"),
    ("活动", {"group": 9}, "F2", "9"),
    ("活动", {"station": "不存在"}, "G2", "不存在"),
    ("活动", {"present": ("王示例01",), "absent": ("王示例01",)}, "H2", "已写在“缺席”"),
    ("活动", {"present": ("第9小组",)}, "H2", "第9小组"),
    ("人代会", {"present": ("李示例20",)}, "J2", "本级"),
    ("人代会", {"present": ("王示例01",)}, "J2", "法定人数"),
    ("人代会", {"ended_on": date(2020, 6, 8)}, "H2", "2020-06-08"),
    ("人代会决议", {"session_number": 6}, "B2", "6"),
    ("主席团会议", {"held_on": date(2021, 3, 1)}, "C2", "2020"),
    ("主席团议定事项", {"number": 4}, "B2", "4"),
    ("年度计划", {"done_by": "组2020-9"}, "K2", "组2020-9"),
    ("年度计划", {"done_by": None}, "K2", "完成记录"),
    ("代表建议", {"assigned_on": None}, "J2", "日期"),
    ("代表建议", {"replied_on": date(2020, 6, 14)}, "L2", "2020-06-14"),
    ("代表建议", {"lead": "无此人"}, "E2", "无此人"),
    ("选民意见", {"closed_on": date(2020, 4, 1)}, "I2", "2020-04-01"),
    ("选民意见", {"received_on": date(2016, 4, 1)}, "E2", "不是代表"),
]


async def test_one_wrong_cell_and_nothing_is_written(office: Office) -> None:
    for sheet, change, cell, word in WRONG:
        rows = tables()
        rows[sheet][0] = {**rows[sheet][0], **change}
        answer = await send(office, rows)
        assert (answer.status, answer.json["code"]) == (422, "workbook-wrong"), answer.json
        faults = {error["loc"]: error["message"] for error in answer.json["errors"]}
        assert word in faults.get(f"{sheet}.{cell}", ""), faults
    assert await office.told() == []


async def test_two_people_of_one_name_are_told_apart_or_refused(office: Office) -> None:
    says = office.driver.says
    await says("roster.person.registered.v1", {"id": "p30", "name": "王示例01"})
    await says(
        "roster.deputyship.started.v1",
        {"id": "d30", "person_id": "p30", "level": "town", "started_on": "2017-01-10"},
    )
    answer = await send(office, {"活动": [{**tables()["活动"][1], "present": ("王示例01",)}]})
    assert "2 位" in answer.json["errors"][0]["message"]


async def test_a_mandate_is_meant_by_level_and_group(office: Office) -> None:
    says = office.driver.says
    both = {"id": "d31", "person_id": "p1", "level": "county", "started_on": "2017-01-10", "group_id": "g2"}
    await says("roster.deputyship.started.v1", both)
    day = {"held_on": date(2020, 9, 1), "kind": "training", "title": "培训"}
    rows = [
        {"reference": "a", **day, "present": ("王示例01",)},
        {"reference": "b", **day, "present": ("王示例01（县级）",)},
        {"reference": "c", **day, "kind": "group_activity", "group": 2, "present": ("王示例０1",)},
        {"reference": "d", **day, "on_leave": (("王示例01（县级）", "family"),)},
    ]
    answer = await send(office, {"活动": rows})
    assert answer.status == 200, answer.json
    made = await records(office, "activities")
    assert sorted(one["attendance"]["present"] for one in made) == [[], ["d1"], ["d31"], ["d31"]]


async def test_who_may_not_write_may_not_import(office: Office) -> None:
    data = write([SHEETS[0]], {})
    for token, status, code in (
        (office.driver.token("deputy"), 403, "forbidden"),
        (office.driver.token(area="340281198"), 403, "forbidden"),
        ("none", 401, "unauthenticated"),
    ):
        headers = AS_XLSX
        await office.refused(
            "POST", "/imports", None, status=status, code=code, token=token, data=data, headers=headers
        )
    await office.refused(
        "POST",
        "/imports",
        None,
        status=400,
        code="workbook-unreadable",
        data=b"PK",
        headers=AS_XLSX,
    )
