"""Suggestions and voters' opinions over HTTP."""

import asyncio
from typing import Any

from tests.component.activities.conftest import Office

SUGGESTION: dict[str, Any] = {
    "number": 3,
    "raised_on": "2020-06-09",
    "lead_deputyship_id": "d1",
    "co_deputyship_ids": ["d2", "d3"],
    "title": "硬化新城村道路",
    "text": "建议硬化村组道路",
    "category": "交通",
}
OPINION: dict[str, Any] = {
    "received_on": "2020-04-15",
    "channel": "reception",
    "station_id": "st1",
    "deputyship_id": "d1",
    "category": "环境",
    "text": "张大爷反映垃圾清运不及时",
}


async def raised(office: Office, **fields: Any) -> str:
    return f"/suggestions/{(await office.post('/suggestions', {**SUGGESTION, **fields}))['id']}"


async def test_a_suggestion_goes_its_whole_way(office: Office) -> None:
    path = await raised(office)
    assigned = await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-11-30"})
    assert (assigned["state"], assigned["unit"], assigned["due_on"]) == ("assigned", "镇交管站", "2021-02-28")
    replied = await office.post(f"{path}:reply", {"on": "2020-12-20", "class": "b", "interviewed": True})
    assert (replied["state"], replied["replied_on"], replied["class"]) == ("replied", "2020-12-20", "b")
    rated = await office.post(f"{path}:rate", {"process": "satisfied", "result": "dissatisfied"})
    assert (rated["state"], rated["process"], rated["result"]) == ("rated", "satisfied", "dissatisfied")
    assert (await office.post(f"{path}:redo", {}))["state"] == "redo"
    await office.post(f"{path}:reply", {"on": "2021-01-10", "class": "a"})
    await office.post(f"{path}:rate", {"result": "satisfied", "on": "2021-01-12"})
    closed = await office.post(f"{path}:close", {"on": "2021-01-15"})
    assert (closed["state"], closed["class"], closed["result"], closed["version"]) == (
        "closed",
        "a",
        "satisfied",
        8,
    )
    assert await office.told() == [
        f"suggestion.{verb}.v1"
        for verb in ("raised", "assigned", "replied", "rated", "redone", "replied", "rated", "closed")
    ]
    told = (await office.driver.events())[-1]["data"]
    assert told == {name: value for name, value in closed.items() if name != "told"}
    assert [step["action"] for step in told["steps"]] == [
        "assigned", "replied", "rated", "redone", "replied", "rated", "closed",
    ]  # fmt: skip
    assert told["steps"][1]["class"] == "b"
    assert [step["rate_by"] for step in told["steps"] if step["rate_by"]] == ["2021-01-18", "2021-02-05"]


async def test_the_due_date_follows_the_towns_pack(office: Office) -> None:
    pack = {"id": "340281199", "version": 2, "rules": {"reply_months": 3, "next_working_day": True}}
    await office.driver.says("roster.town.changed.v1", pack)
    path = await raised(office)
    assigned = await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-11-30"})
    assert assigned["due_on"] == "2021-03-01"
    extended = await office.post(f"{path}:extend", {"on": "2021-02-01", "reason": "需列入预算"})
    assert (extended["due_on"], extended["state"]) == ("2021-05-31", "assigned")  # 30 May is a Sunday
    again = {"on": "2021-03-01", "reason": "再延"}
    await office.refused("POST", f"{path}:extend", again, status=409, code="wrong-state")


async def test_a_due_date_follows_the_pack_that_was_in_force_when_it_was_assigned(office: Office) -> None:
    county = {"id": "c", "scope": "county", "effective_from": "2021-01-01", "rules": {"reply_months": 2}}
    pack = {"id": "340281199", "version": 2, "rules": {}, "rule_packs": [county]}
    await office.driver.says("roster.town.changed.v1", pack)
    early, late = await raised(office), await raised(office, number=4)
    before = await office.post(f"{early}:assign", {"unit": "镇交管站", "on": "2020-12-31"})
    after = await office.post(f"{late}:assign", {"unit": "镇交管站", "on": "2021-01-01"})
    assert (before["due_on"], after["due_on"]) == ("2021-03-31", "2021-03-01")
    extended = await office.post(f"{early}:extend", {"on": "2021-02-01", "reason": "需列入预算"})
    assert extended["due_on"] == "2021-06-30"


async def test_returned_and_assigned_to_another_unit(office: Office) -> None:
    path = await raised(office)
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-06-15"})
    returned = await office.post(f"{path}:return", {"reason": "不属本单位职责"})
    assert (returned["state"], returned["unit"], returned["due_on"]) == ("returned", None, None)
    again = await office.post(f"{path}:assign", {"unit": "镇城建办", "on": "2020-06-20"})
    assert (again["unit"], again["due_on"]) == ("镇城建办", "2020-09-20")


async def test_a_step_recorded_by_mistake_is_taken_back(office: Office) -> None:
    path = await raised(office)
    before = await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-06-15"})
    await office.post(f"{path}:reply", {"on": "2020-07-01", "class": "d"})
    after = await office.post(f"{path}:undo", {})
    assert {**after, "version": 2} == before
    assert (await office.told())[-1] == "suggestion.changed.v1"


async def test_a_suggestion_raised_at_a_session_belongs_to_it(office: Office) -> None:
    session = await office.post(
        "/sessions", {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09"}
    )
    path = await raised(office, session_id=session["id"], number="2020-12")
    suggestion = await office.get(path)
    assert (suggestion["raised_at"], suggestion["number"]) == ("session", "2020-12")
    assert (await office.get(path))["year"] == 2020
    changed = await office.patch(path, {"category": "民生", "raised_at": "between", "session_id": None})
    assert (changed["category"], changed["raised_at"]) == ("民生", "between")


async def test_a_number_is_given_once_in_a_year(office: Office) -> None:
    path, later = await raised(office), await raised(office, raised_on="2021-03-01")
    other, worded = await raised(office, number=4), await raised(office, number="闭会3号")

    async def taken(method: str, at: str, body: Any, loc: str = "body.number") -> None:
        answer = await office.refused(method, at, body, status=409, code="suggestion-exists")
        assert answer.json["detail"] == "2020 年第 3 号建议已登记：硬化新城村道路"
        assert [error["loc"] for error in answer.json["errors"]] == [loc]

    await taken("POST", "/suggestions", SUGGESTION)
    await taken("POST", "/suggestions", {**SUGGESTION, "number": "3", "title": "修桥"})
    await taken("PATCH", other, {"number": 3})
    await taken("PATCH", later, {"raised_on": "2020-03-01"})
    await taken(
        "POST",
        "/suggestions:batch",
        {"items": [{**SUGGESTION, "number": 5}, SUGGESTION]},
        "body.items.1.number",
    )
    twice = {"items": [{**SUGGESTION, "number": 6}] * 2}
    await office.refused("POST", "/suggestions:batch", twice, status=409, code="suggestion-exists")
    opinion = await office.post("/opinions", OPINION)
    convert = f"/opinions/{opinion['id']}:convert"
    await taken("POST", convert, {"suggestion": SUGGESTION}, "body.suggestion.number")
    assert (await office.patch(path, {"number": "3", "category": "民生"}))["number"] == 3
    assert (await office.patch(worded, {"number": 7}))["number"] == 7


async def test_of_two_who_give_one_number_at_once_one_has_it(office: Office) -> None:
    together = [office.driver.call("POST", "/suggestions", {**SUGGESTION, "number": n}) for n in (9, "9")]
    answers = await asyncio.gather(*together)
    assert sorted(answer.status for answer in answers) == [201, 409]
    assert [a.json["code"] for a in answers if a.status == 409] == ["suggestion-exists"]


async def test_steps_out_of_order_are_refused(office: Office) -> None:
    path = await raised(office)
    for command, body in (
        ("reply", {"on": "2020-07-01", "class": "a"}),
        ("return", {}),
        ("rate", {"result": "satisfied"}),
        ("redo", {}),
        ("undo", {}),
    ):
        await office.refused("POST", f"{path}:{command}", body, status=409, code="wrong-state")
    early = {"unit": "镇交管站", "on": "2020-06-08"}
    await office.refused("POST", f"{path}:assign", early, status=422, code="dates-out-of-order")
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-06-15"})
    answer = await office.refused(
        "POST", f"{path}:reply", {"on": "2020-06-14", "class": "a"}, status=422, code="dates-out-of-order"
    )
    assert answer.json["errors"][0]["loc"] == "body.on"
    await office.refused("PATCH", path, {"raised_on": "2020-06-16"}, status=422, code="dates-out-of-order")
    await office.refused("POST", f"{path}:close", {}, status=409, code="wrong-state")


async def test_what_a_suggestion_names_must_exist(office: Office) -> None:
    for field, value in (
        ("lead_deputyship_id", "unknown"),
        ("co_deputyship_ids", ["d2", "unknown"]),
        ("session_id", "unknown"),
    ):
        body = {**SUGGESTION, field: value}
        code = "reference-unknown" if field == "session_id" else "invalid-input"
        answer = await office.refused("POST", "/suggestions", body, status=422, code=code)
        assert answer.json["errors"][0]["loc"] == f"body.{field}"


async def test_what_a_voter_said_stays_with_the_office(office: Office) -> None:
    opinion = await office.post("/opinions", OPINION)
    assert (opinion["text"], opinion["state"]) == (OPINION["text"], "received")
    path = f"/opinions/{opinion['id']}"
    for role, area in (("deputy", "340281199"), ("leader", "340281199"), ("county", "340281")):
        token = office.driver.token(role, area=area)
        assert (await office.get(path, token=token))["text"] == "***"
        assert (await office.get("/opinions", token=token))["items"][0]["text"] == "***"
    told = (await office.driver.events())[-1]
    assert told["type"] == "activities.opinion.received.v1"
    assert "text" not in told["data"]
    assert {name: told["data"][name] for name in OPINION if name != "text"} == {
        name: value for name, value in OPINION.items() if name != "text"
    }


async def test_an_opinion_may_come_in_closed_or_be_closed_later(office: Office) -> None:
    closed = await office.post("/opinions", {**OPINION, "state": "closed", "closed_on": "2020-04-20"})
    assert (closed["state"], closed["closed_on"]) == ("closed", "2020-04-20")
    opinion = await office.post("/opinions", OPINION)
    path = f"/opinions/{opinion['id']}"
    assert (await office.patch(path, {"state": "forwarded"}))["state"] == "forwarded"
    assert (await office.patch(path, {"state": "closed", "closed_on": "2020-05-01"}))["version"] == 3
    for body in ({"closed_on": "2020-04-14"}, {"state": "answered"}):
        await office.refused("PATCH", path, body, status=422, code="dates-out-of-order")
    assert len((await office.get("/opinions?state=closed"))["items"]) == 2
    strange = {**OPINION, "deputyship_id": "unknown"}
    await office.refused("POST", "/opinions", strange, status=422, code="invalid-input")
