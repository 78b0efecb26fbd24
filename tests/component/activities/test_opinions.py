"""Opinions of voters on their way: answered, passed on, turned into suggestions, closed; and what is said of it."""

from typing import Any

from tests.component.activities.conftest import Office

TOLD = "王大爷说路灯坏了半年"
SUGGESTION = {"number": 3, "raised_on": "2020-05-01", "title": "修复村东路灯"}


async def told(office: Office, **state: Any) -> str:
    body = {
        "received_on": "2020-04-15",
        "channel": "reception",
        "deputyship_id": "d1",
        "category": "基础设施",
    }
    made = await office.post("/opinions", {**body, "text": TOLD, **state})
    return f"/opinions/{made['id']}"


async def test_an_opinion_is_passed_on_answered_and_closed(office: Office) -> None:
    reception = {"kind": "reception", "held_on": "2020-04-15", "station_id": "st1", "voters_count": 3}
    held = await office.post("/activities", reception)
    path = await told(office, activity_id=held["id"], station_id="st1")
    passed = await office.post(f"{path}:forward", {"unit": "镇村镇建设办", "on": "2020-04-16"})
    assert (passed["state"], passed["forwarded_to"], passed["forwarded_on"]) == (
        *("forwarded", "镇村镇建设办", "2020-04-16"),
    )
    said = {"on": "2020-04-28", "by": "镇村镇建设办", "text": "王大爷门前两盏已修好"}
    answered = await office.post(f"{path}:answer", said)
    assert (answered["state"], answered["answer"], answered["answered_by"]) == (
        *("answered", "王大爷门前两盏已修好", "镇村镇建设办"),
    )
    closed = await office.post(f"{path}:close", {"on": "2020-04-30"})
    assert (closed["state"], closed["closed_on"]) == ("closed", "2020-04-30")
    assert await office.told() == [
        *("activity.held.v1", "opinion.received.v1", "opinion.forwarded.v1"),
        *("opinion.answered.v1", "opinion.closed.v1"),
    ]
    events = await office.driver.events()
    assert events[-1]["data"]["activity_id"] == held["id"]
    assert "王大爷" not in str(events)
    seen = await office.get(path, token=office.driver.token("deputy"))
    assert (seen["text"], seen["answer"]) == ("***", "***")
    listed = await office.get(f"/opinions?activity_id={held['id']}")
    assert [one["state"] for one in listed["items"]] == ["closed"]
    await office.refused("POST", f"{path}:answer", said, status=409, code="wrong-state")
    assert (await office.patch(path, {"state": "answered", "closed_on": None}))["state"] == "answered"


async def test_a_suggestion_that_came_from_opinions_and_they_name_each_other(office: Office) -> None:
    path, second = await told(office), await told(office)
    turned = await office.post(f"{path}:convert", {"suggestion": SUGGESTION})
    assert (turned["state"], turned["converted_on"]) == ("converted", "2020-05-01")
    suggestion = await office.get(f"/suggestions/{turned['suggestion_id']}")
    assert suggestion["opinion_ids"] == [turned["id"]]
    assert (suggestion["lead_deputyship_id"], suggestion["category"], suggestion["text"]) == (
        *("d1", "基础设施", ""),
    )
    joined = {"suggestion_id": suggestion["id"], "on": "2020-05-02"}
    other = await office.post(f"{second}:convert", joined)
    suggestion = await office.get(f"/suggestions/{suggestion['id']}")
    assert suggestion["opinion_ids"] == [turned["id"], other["id"]]
    listed = await office.get(f"/opinions?suggestion_id={suggestion['id']}")
    assert len(listed["items"]) == 2
    assert await office.told() == [
        *("opinion.received.v1", "opinion.received.v1", "suggestion.raised.v1", "opinion.converted.v1"),
        *("suggestion.changed.v1", "opinion.converted.v1"),
    ]
    assert (await office.get("/integrity"))["faults"] == []
    await office.post(f"{path}:close", {"on": "2020-09-01"})


async def test_what_cannot_be_is_refused_at_its_place(office: Office) -> None:
    path = await told(office)

    async def refused(verb: str, body: Any, code: str, *places: str) -> None:
        answer = await office.refused("POST", f"{path}:{verb}", body, status=422, code=code)
        assert [error["loc"] for error in answer.json["errors"]] == list(places)

    await refused("close", {"on": "2020-04-14"}, "dates-out-of-order", "body.on")
    await refused("forward", {"unit": " ", "on": "2020-04-16"}, "invalid-input", "body.unit")
    await refused("convert", {"on": "2020-05-01"}, "invalid-input", "body")
    both = {"suggestion": SUGGESTION, "suggestion_id": "s1"}
    await refused("convert", both, "invalid-input", "body")
    await refused("convert", {"suggestion_id": "s1"}, "reference-unknown", "body.suggestion_id")
    unknown = {"suggestion": {**SUGGESTION, "session_id": "x"}}
    await refused("convert", unknown, "reference-unknown", "body.suggestion.session_id")
    early = {"suggestion": {**SUGGESTION, "raised_on": "2020-04-01"}}
    await refused("convert", early, "dates-out-of-order", "body.on")
    wrong = {"received_on": "2020-04-15", "activity_id": "unknown"}
    answer = await office.refused("POST", "/opinions", wrong, status=422, code="reference-unknown")
    assert answer.json["errors"][0]["loc"] == "body.activity_id"


async def test_an_opinion_may_come_in_with_all_that_was_done(office: Office) -> None:
    done = {"answered_on": "2020-04-15", "answered_by": "代表", "answer": "现场答复"}
    path = await told(office, **done)
    assert (await office.get(path))["state"] == "answered"
    assert (await office.patch(path, {"forwarded_on": "2020-04-16"}))["state"] == "forwarded"
    assert (await office.patch(path, {"closed_on": "2020-04-20"}))["state"] == "closed"
    late = {"answered_on": "2020-04-21"}
    await office.refused("PATCH", path, late, status=422, code="dates-out-of-order")
