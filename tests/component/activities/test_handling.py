"""Deadlines, forwarding, refusal and carrying over of suggestions over HTTP."""

from tests.component.activities.conftest import Office
from tests.component.activities.test_suggestions import raised


async def test_the_way_to_a_due_date_is_explained(office: Office) -> None:
    pack = {"id": "340281199", "version": 2, "rules": {"next_working_day": True}}
    await office.driver.says("roster.town.changed.v1", pack)
    path = await raised(office)
    await office.refused("GET", f"{path}/deadline", None, status=409, code="wrong-state")
    await office.refused("GET", "/suggestions/unknown/deadline", None, status=404, code="not-found")
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-11-30"})
    told = await office.get(f"{path}/deadline", token=office.driver.token("deputy"))
    assert (told["raw"], told["clipped"], told["moved_to"], told["due_on"]) == (
        *("2021-02-30", "2021-02-28"),
        *("2021-03-01", "2021-03-01"),
    )
    assert told["explanation"].endswith("2月28日为星期日，顺延至3月1日")


async def test_the_towns_own_calendar_decides_what_a_working_day_is(office: Office) -> None:
    rules = {
        "next_working_day": True,
        "reply_from": "session_end",
        "calendar": {"2027": {"holidays": ["2027-09-13"], "workdays": []}},
    }
    await office.driver.says("roster.town.changed.v1", {"id": "340281199", "version": 2, "rules": rules})
    session = {"congress_number": 17, "session_number": 9, "held_on": "2027-06-10", "ended_on": "2027-06-11"}
    held = await office.post("/sessions", session)
    path = await raised(office, raised_on="2027-06-10", session_id=held["id"])
    assigned = await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2027-06-20"})
    assert assigned["due_on"] == "2027-09-14"  # 11 September is a Saturday, 13 September off
    assert "会议闭会" in (await office.get(f"{path}/deadline"))["explanation"]


async def test_what_dissatisfied_is_not_closed_before_it_is_done_again(office: Office) -> None:
    path = await raised(office)
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-06-15"})
    extension = {"on": "2020-08-30", "reason": "需列入预算", "consent_by": "镇人大主席团"}
    assert (await office.post(f"{path}:extend", extension))["steps"][-1]["consent_by"] == "镇人大主席团"
    await office.post(f"{path}:reply", {"on": "2020-09-01", "class": "d"})
    await office.post(f"{path}:rate", {"result": "dissatisfied", "on": "2020-09-05"})
    answer = await office.refused("POST", f"{path}:close", {}, status=409, code="wrong-state")
    assert "退回重办" in answer.json["detail"]
    redone = await office.post(f"{path}:redo", {"on": "2020-09-07"})
    assert (redone["redo_due_on"], redone["due_on"]) == ("2020-11-07", "2020-12-15")
    assert (await office.get(f"{path}/deadline"))[
        "explanation"
    ] == "2020年9月7日退回重办，加2个月为2020年11月7日"
    await office.post(f"{path}:reply", {"on": "2020-10-07", "class": "a"})
    assert (await office.post(f"{path}:close", {}))["state"] == "closed"


async def test_what_is_forwarded_is_answered_by_the_county(office: Office) -> None:
    path = await raised(office)
    forwarded = await office.post(
        f"{path}:forward", {"to": "县交通运输局", "on": "2020-06-20", "reason": "县道"}
    )
    assert (forwarded["state"], forwarded["forwarded_to"]) == ("forwarded", "县交通运输局")
    body = {"on": "2020-08-18", "text": "列入大修计划", "class": "b", "reference": "县建31"}
    stranger = office.driver.token("county", area="340282")
    await office.refused("POST", f"{path}:answer", body, status=403, code="forbidden", token=stranger)
    county = office.driver.token("county", area="340281", subject="county-clerk")
    answered = await office.post(f"{path}:answer", body, token=county)
    assert (answered["state"], answered["answered_on"], answered["county_reference"], answered["class"]) == (
        *("replied", "2020-08-18"),
        *("县建31", "b"),
    )
    events = await office.driver.events()
    assert [event["type"].split(".")[2] for event in events] == ["raised", "forwarded", "answered"]
    assert events[-1]["actor"] == "county-clerk"
    await office.refused(
        "POST",
        f"{path}:assign",
        {"unit": "镇办", "on": "2020-09-01"},
        status=409,
        code="wrong-state",
        token=None,
    )


async def test_what_is_still_open_on_a_day_is_listed_whatever_its_year(office: Office) -> None:
    async def opened(day: str) -> list[int]:
        return [item["number"] for item in (await office.get(f"/suggestions?open_on={day}"))["items"]]

    await raised(office, number=1, raised_on="2019-11-04")
    done = await raised(office, number=2, raised_on="2019-11-05")
    await office.post(f"{done}:close", {"on": "2020-01-15"})
    refused = await raised(office, number=3, raised_on="2019-11-06")
    body = {"ground": "court_case", "on": "2019-12-01"}
    assert (await office.post(f"{refused}:reject", body))["rejected_for"] == "court_case"
    assert await opened("2019-11-05") == [1, 2]
    assert await opened("2020-01-01") == [1, 2]
    assert await opened("2020-01-15") == [1]
    await office.refused("GET", "/suggestions?open_on=soon", None, status=422, code="invalid-input")
    intake = {"one_matter": True, "specific": False}
    kept = await office.get(await raised(office, number=4, intake=intake))
    assert (kept["intake"]["specific"], kept["intake"]["not_tender"]) == (False, None)
