"""The ledger as a workbook: what was never in one comes back unchanged too, and nothing in it is a formula."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import read, write
from shared.workbook.guard import open_workbook
from tests.component.activities.conftest import Office
from tests.component.activities.test_meetings import SESSION
from tests.fixtures.apps import AS_XLSX

APPROVED = {"requested_on": "2020-03-30", "approved_on": "2020-04-03", "approved_by": "vice_chair"}
ON_LEAVE = [{"deputyship_id": "d2", "reason": "illness", **APPROVED}]
DECISION = {"text": "督办", "done_on": "2020-05-01", "outcome": "办结3件"}
REVIEW = {
    "kind": "review",
    "title": "评议站所",
    "held_on": "2020-08-01",
    "notice_on": "2020-07-28",
    "organiser": "镇人大主席团",
    "units": [{"name": "镇卫生院", "result": "满意"}, {"name": "镇交管站", "result": ""}],
    "households_count": 0,
    "beneficiaries_count": 12,
    "amount_yuan": 5000,
    "opinions_count": 3,
    "evidence": ["签到表（纸质）", "照片3张，存档案柜"],
    "follow_up": {"passed_on": "2020-08-10", "passed_to": "镇人民政府", "fed_back_on": None},
}
SHEET = {"present": ["d1", "d20"], "on_leave": ON_LEAVE, "absent": ["d3"]}


@pytest.fixture
async def full(office: Office) -> Office:
    """One record of each kind, made over HTTP: none has a number of the clerk's own."""
    training = await office.post(
        "/activities", {"kind": "training", "title": "=1+1", "held_on": "2020-04-01", "attendance": SHEET}
    )
    items = [
        {"title": "一季度学习", "kind": "training"},
        {"title": "视察", "kind": "自定的类型", "due_on": "2020-03-31"},
    ]
    plan = await office.post("/plans", {"year": 2020, "items": items})
    done = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}:done"
    await office.post(done, {"activity_id": training["id"]})
    put_off = f"/plans/{plan['id']}/items/{plan['items'][1]['id']}:postponed"
    for to in ("2020-04-30", "2020-05-31"):
        await office.post(put_off, {"to": to, "reason": "疫情"})
    await office.post("/sessions", SESSION)
    presidium = {"number": 1, "held_on": "2020-03-15", "topics": ["听取汇报", "=HYPERLINK(1)"]}
    await office.post(
        "/presidium_meetings",
        {**presidium, "decisions": [DECISION]},
    )
    await office.post("/opinions", {"received_on": "2020-04-15", "text": "+86", "deputyship_id": "d20"})
    await office.post("/activities", REVIEW)
    answered = await office.post("/opinions", {"received_on": "2020-04-16", "text": "路灯不亮"})
    path = f"/opinions/{answered['id']}"
    await office.post(f"{path}:answer", {"on": "2020-04-17", "by": "镇办", "text": "已报修，\n月底前修好"})
    await office.post(f"{path}:forward", {"on": "2020-04-18", "unit": "供电所"})
    light = {"number": 9, "raised_on": "2020-05-01", "title": "增设路灯"}
    await office.post(f"{path}:convert", {"suggestion": light, "on": "2020-05-02"})
    await office.post(f"{path}:close", {"on": "2020-06-01"})
    suggestion = {"number": 1, "raised_on": "2020-06-09", "title": "@硬化道路", "lead_deputyship_id": "d1"}
    made = await office.post("/suggestions", {**suggestion, "co_deputyship_ids": ["d2"]})
    path = f"/suggestions/{made['id']}"
    await office.post(f"{path}:assign", {"unit": "镇办", "on": "2020-06-15"})
    await office.post(f"{path}:extend", {"on": "2020-06-20", "reason": "预算", "consent_by": "主席团"})
    await office.post(f"{path}:reply", {"on": "2020-07-01", "class": "b"})
    return office


async def exported(office: Office) -> bytes:
    return bytes(await office.get("/exports"))


async def test_records_made_over_http_come_back_unchanged(full: Office) -> None:
    told = await full.told()
    answer = await full.driver.call("POST", "/imports", data=await exported(full), headers=AS_XLSX)
    assert answer.status == 200, answer.json
    assert answer.json["totals"] == {"new": 0, "changed": 0, "unchanged": 18, "wrong": 0}
    assert await full.told() == told


async def test_what_is_corrected_in_the_export_is_corrected_in_the_ledger(full: Office) -> None:
    book = read(await exported(full), SHEETS)
    row = next(row for row in book.rows("活动") if row["title"] == "=1+1")
    assert (row["title"], row["on_leave"]) == ("=1+1", "王示例02（病假）")
    assert [r["number"] for r in book.rows("年度计划")] == [1, 2]
    assert [r["done_by"] for r in book.rows("年度计划")] == [row["reference"], None]


async def test_an_item_may_be_put_off_in_the_workbook(full: Office) -> None:
    book = read(await exported(full), SHEETS)
    (row,) = (row for row in book.rows("年度计划") if row["title"] == "视察")
    days = (row["due_on"], row["postponed_to"], row["postponed_reason"])
    assert days == (date(2020, 4, 30), date(2020, 5, 31), "疫情")

    async def sent(**cells: Any) -> tuple[int, Any]:
        first = {"year": 2020, "number": 1, "title": "一季度学习"}
        plan = [first, {"year": 2020, "number": 2, "title": "视察", **cells}]
        data = write([sheet for sheet in SHEETS if sheet.name == "年度计划"], {"年度计划": plan})
        answer = await full.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
        return answer.status, answer.json.get("totals", {}).get("changed")

    may = date(2020, 5, 31)
    assert await sent(due_on=date(2020, 4, 30)) == (200, 0)
    assert await sent(due_on=date(2020, 4, 30), postponed_to=may, postponed_reason="疫情") == (200, 0)
    assert (await sent(due_on=may, postponed_to=date(2020, 6, 30)))[0] == 422
    assert (await sent(due_on=may, postponed_to=date(2020, 5, 1), postponed_reason="x"))[0] == 422
    assert await sent(due_on=may, postponed_to=date(2020, 6, 30), postponed_reason="防汛") == (200, 2)
    (plan,) = (await full.get("/plans"))["items"]
    assert [one["to"] for one in plan["items"][1]["postponements"]] == [
        "2020-04-30",
        "2020-05-31",
        "2020-06-30",
    ]


async def test_a_suggestion_goes_to_the_county_or_is_not_admitted_by_the_workbook(full: Office) -> None:
    (row,) = (row for row in read(await exported(full), SHEETS).rows("代表建议") if row["number"] == 1)
    put_off = (row["extended_on"], row["extended_for"], row["consent_by"], row["class"])
    assert put_off == (date(2020, 6, 20), "预算", "主席团", "b")

    async def sent(**cells: Any) -> tuple[int, Any]:
        one = {"year": 2020, "raised_on": date(2020, 7, 1), "title": "修桥", **cells}
        data = write([sheet for sheet in SHEETS if sheet.name == "代表建议"], {"代表建议": [one]})
        answer = await full.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
        return answer.status, answer.json.get("totals") or answer.json["errors"][0]["loc"]

    county = {"forwarded_on": date(2020, 7, 3), "forwarded_to": "县交通局", "answered_on": date(2020, 9, 1)}
    whole = {**county, "county_class": "c", "county_answer": "列入明年计划", "closed_on": date(2020, 9, 9)}
    assert (await sent(number=20, **whole))[1]["new"] == 1
    assert (await sent(number=20, **whole))[1]["unchanged"] == 1
    rejected = {"rejected_on": date(2020, 7, 2), "rejected_for": "tender"}
    assert (await sent(number=21, **rejected))[1]["new"] == 1
    found = {s["number"]: s for s in (await full.get("/suggestions"))["items"]}
    assert (found[20]["state"], found[20]["class"], found[20]["answered_on"]) == ("closed", "c", "2020-09-01")
    assert [step["text"] for step in found[20]["steps"]][1] == "列入明年计划"
    assert (found[21]["state"], found[21]["rejected_for"]) == ("rejected", "tender")
    told = await full.told()
    answer = await full.driver.call("POST", "/imports", data=await exported(full), headers=AS_XLSX)
    assert (answer.json["totals"]["changed"], await full.told()) == (0, told)
    assert await sent(number=22, forwarded_to="县交通局") == (422, "代表建议.AD2")
    assert await sent(number=22, answered_on=date(2020, 8, 1)) == (422, "代表建议.AE2")
    assert await sent(number=22, extended_on=date(2020, 8, 1)) == (422, "代表建议.AA2")


async def test_leave_is_approved_in_the_workbook(full: Office) -> None:
    (row,) = read(await exported(full), SHEETS).rows("请假审批")
    assert row.values == {
        "held": row["held"],
        "deputy": "王示例02",
        **APPROVED,
        "requested_on": date(2020, 3, 30),
        "approved_on": date(2020, 4, 3),
    }

    async def sent(**cells: Any) -> tuple[int, Any]:
        one = {"held": row["held"], "deputy": "王示例02", **cells}
        data = write([sheet for sheet in SHEETS if sheet.name == "请假审批"], {"请假审批": [one]})
        answer = await full.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
        return answer.status, answer.json.get("totals") or answer.json["errors"][0]["loc"]

    assert await sent(approved_on=date(2020, 3, 31)) == (
        200,
        {"new": 0, "changed": 1, "unchanged": 0, "wrong": 0},
    )
    (activity,) = (await full.get("/activities?kind=training"))["items"]
    assert activity["attendance"]["on_leave"] == [{**ON_LEAVE[0], "approved_on": "2020-03-31"}]
    assert activity["late_leave"] == []
    assert await sent(approved_on=date(2020, 3, 29)) == (422, "请假审批.D2")
    assert await sent(deputy="王示例03", approved_by="chair") == (422, "请假审批.B2")
    assert await sent(deputy="无此人", approved_by="chair") == (422, "请假审批.B2")
    assert await sent(held="人代会17-99") == (422, "请假审批.A2")


async def test_what_was_done_with_an_opinion_is_taken_from_the_workbook(full: Office) -> None:
    (row,) = (row for row in read(await exported(full), SHEETS).rows("选民意见") if row["suggestion"])
    told = {field: row[field] for field in ("answered_by", "answer", "forwarded_to", "suggestion")}
    assert told == {
        "answered_by": "镇办",
        "answer": "已报修，\n月底前修好",
        "forwarded_to": "供电所",
        "suggestion": "2020-9",
    }
    assert (row["converted_on"], row["closed_on"]) == (date(2020, 5, 2), date(2020, 6, 1))

    async def sent(**cells: Any) -> tuple[int, Any]:
        one = {"reference": "意1", "received_on": date(2020, 7, 1), **cells}
        data = write([sheet for sheet in SHEETS if sheet.name == "选民意见"], {"选民意见": [one]})
        answer = await full.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
        return answer.status, answer.json.get("totals") or answer.json["errors"][0]["loc"]

    def only(outcome: str) -> tuple[int, dict[str, int]]:
        return 200, {"new": 0, "changed": 0, "unchanged": 0, "wrong": 0, outcome: 1}

    july = {"suggestion": "2020-1", "converted_on": date(2020, 7, 5), "closed_on": date(2020, 7, 9)}
    (training,) = (await full.get("/activities?kind=training"))["items"]
    whole = {**july, "state": "closed", "activity": training["id"], "answered_on": date(2020, 7, 2)}
    assert await sent(**whole) == only("new")
    assert await sent(**whole) == only("unchanged")
    (made,) = (o for o in (await full.get("/opinions"))["items"] if o["received_on"] == "2020-07-01")
    assert (made["state"], made["converted_on"], made["activity_id"]) == (
        "closed",
        "2020-07-05",
        training["id"],
    )
    (joined,) = (s for s in (await full.get("/suggestions"))["items"] if s["number"] == 1)
    assert joined["opinion_ids"] == [made["id"]]
    assert await sent(suggestion="2020-9") == (422, "选民意见.P2")
    assert await sent(suggestion="2020-77") == (422, "选民意见.P2")
    assert await sent(converted_on=date(2020, 7, 5)) == (422, "选民意见.P2")
    assert await sent(activity="无此活动") == (422, "选民意见.J2")
    assert await sent(forwarded_on=date(2020, 6, 1)) == (422, "选民意见.N2")
    (review,) = (await full.get("/activities?kind=review"))["items"]
    assert review["evidence"] == REVIEW["evidence"]


async def test_no_text_becomes_a_formula(full: Office) -> None:
    members = open_workbook(await exported(full)).members
    assert any(name.startswith("xl/worksheets/") for name in members)
    content = b"".join(members.values())
    assert b"<f>" not in content
    assert b"<hyperlink" not in content


async def test_only_the_office_of_the_town_takes_it_out(full: Office) -> None:
    for role in ("county", "deputy", "teller", "auditor"):
        answer = await full.driver.call("GET", "/exports", token=full.driver.token(role))
        assert (answer.status, answer.code) == (403, "forbidden")
    stranger = full.driver.token("office", area="340281101")
    assert (await full.driver.call("GET", "/exports", token=stranger)).status == 404
    assert (await full.driver.call("GET", "/exports?year=2020")).status == 422
