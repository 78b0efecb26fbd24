"""What every route refuses, what the service does with foreign facts, and the sealing of a year."""

import asyncio
from typing import Any

import pytest

from shared.envelope import Event, verify_chain
from tests.component.activities.conftest import DEPUTIES, Office, a_deputyship

BODIES: dict[str, dict[str, Any]] = {
    "plans": {"year": 2020},
    "sessions": {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09"},
    "presidium_meetings": {"number": 1, "held_on": "2020-03-15"},
    "activities": {"kind": "training", "title": "代表培训", "held_on": "2020-04-01"},
    "opinions": {"received_on": "2020-04-15"},
    "suggestions": {"number": 1, "raised_on": "2020-06-09", "title": "硬化道路"},
}
COMMANDS: dict[str, dict[str, Any]] = {
    "activities:void": {"reason": "重复"},
    "opinions:answer": {"on": "2020-04-15"},
    "opinions:forward": {"unit": "镇办", "on": "2020-04-15"},
    "opinions:convert": {"suggestion": {"number": 2, "raised_on": "2020-06-09", "title": "硬化道路"}},
    "opinions:close": {"on": "2020-04-15"},
    "suggestions:assign": {"unit": "镇办", "on": "2020-06-15"},
    "suggestions:extend": {"reason": "预算", "on": "2020-06-15"},
    "suggestions:return": {},
    "suggestions:reply": {"on": "2020-07-01"},
    "suggestions:rate": {"result": "satisfied"},
    "suggestions:redo": {},
    "suggestions:close": {},
    "suggestions:forward": {"to": "县交通运输局", "on": "2020-06-15"},
    "suggestions:answer": {"on": "2020-08-15"},
    "suggestions:reject": {"ground": "empty", "on": "2020-06-15"},
    "suggestions:undo": {},
}
WRONG: dict[str, dict[str, Any]] = {
    "plans": {"year": "2020"},
    "sessions": {"held_on": "2020-02-30"},
    "presidium_meetings": {"number": 0},
    "activities": {"kind": "party"},
    "opinions": {"channel": "telepathy"},
    "suggestions": {"raised_at": "never"},
}


@pytest.mark.parametrize("name", BODIES)
async def test_every_resource_refuses_the_wrong_the_missing_and_the_unknown(
    office: Office, name: str
) -> None:
    body = BODIES[name]
    await office.refused("POST", f"/{name}", {**body, **WRONG[name]}, status=422, code="invalid-input")
    await office.refused("POST", f"/{name}", {**body, "extra": 1}, status=422, code="invalid-input")
    for field in (
        body.keys() - {"title"} if name == "activities" else body
    ):  # called after its kind without one
        rest = {key: value for key, value in body.items() if key != field}
        answer = await office.refused("POST", f"/{name}", rest, status=422, code="invalid-input")
        assert answer.json["errors"][0]["loc"] == f"body.{field}"
    made = await office.post(f"/{name}", body)
    path = f"/{name}/{made['id']}"
    await office.refused("PATCH", path, WRONG[name], status=422, code="invalid-input")
    await office.refused("PATCH", path, {"extra": 1}, status=422, code="invalid-input")
    await office.refused("PATCH", path, {"version": 9}, status=422, code="invalid-input")
    batch = {"items": [body, {**body, "extra": 1}]}
    await office.refused("POST", f"/{name}:batch", batch, status=422, code="invalid-input")


@pytest.mark.parametrize("name", BODIES)
async def test_every_resource_is_written_by_its_own_office_only(office: Office, name: str) -> None:
    made = await office.post(f"/{name}", BODIES[name])
    path = f"/{name}/{made['id']}"
    for method, at, body in (("POST", f"/{name}", BODIES[name]), ("PATCH", path, {})):
        for roles in (("leader", "deputy"), ("teller",), ("county",), ("auditor",)):
            token = office.driver.token(*roles)
            await office.refused(method, at, body, status=403, code="forbidden", token=token)
        stranger = office.driver.token(area="340281198")
        await office.refused(method, at, body, status=403, code="forbidden", token=stranger)
        await office.refused(method, at, body, status=401, code="unauthenticated", token="none")
    for at in (path, f"/{name}"):
        stranger = office.driver.token(area="340281198")
        await office.refused("GET", at, None, status=404, code="not-found", token=stranger)
        teller = office.driver.token("teller")
        assert (await office.driver.call("GET", at, token=teller)).status in (403, 404)
        for role in ("leader", "deputy", "county", "auditor"):
            assert await office.get(at, token=office.driver.token(role))
    await office.refused("GET", f"/{name}/unknown", None, status=404, code="not-found")
    await office.refused("PATCH", f"/{name}/unknown", {}, status=404, code="not-found")


async def test_every_command_refuses_strangers_and_unknown_fields(office: Office) -> None:
    for n, (command, body) in enumerate(COMMANDS.items(), start=10):
        name, _, verb = command.partition(":")
        numbered = {"number": n} if name == "suggestions" else {}
        made = await office.post(f"/{name}", {**BODIES[name], **numbered})
        path = f"/{name}/{made['id']}:{verb}"
        await office.refused("POST", path, {**body, "extra": 1}, status=422, code="invalid-input")
        deputy = office.driver.token("deputy")
        await office.refused("POST", path, body, status=403, code="forbidden", token=deputy)
        await office.refused("POST", f"/{name}/unknown:{verb}", body, status=404, code="not-found")
        stale = {"If-Match": '"7"'}
        await office.refused("POST", path, body, status=412, code="stale-version", headers=stale)
        for field in body:
            rest = {key: value for key, value in body.items() if key != field}
            await office.refused("POST", path, rest, status=422, code="invalid-input")
            await office.refused("POST", path, {**body, field: 1.5}, status=422, code="invalid-input")


async def test_a_deputyship_on_its_way_is_waited_for(empty_office: Office) -> None:
    office = empty_office
    body = {**BODIES["activities"], "attendance": {"present": ["d1"]}}
    posting = asyncio.create_task(office.post("/activities", body))
    await office.driver.says("roster.deputyship.started.v1", a_deputyship("d1"))
    made = await posting
    assert made["expected"] == ["d1"]
    assert made["roster_sequence"] == 1


async def test_a_session_counts_on_deputies_that_are_still_arriving(
    empty_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.activities.repository.QUIET_SECONDS", 1.5)

    async def arrive() -> None:
        for one in DEPUTIES:
            await empty_office.driver.says("roster.deputyship.started.v1", a_deputyship(one))

    arriving = asyncio.create_task(arrive())
    body = {**BODIES["sessions"], "attendance": {"present": DEPUTIES[:6]}}
    session = await empty_office.post("/sessions", body)
    await arriving
    assert session["expected"] == DEPUTIES


async def test_older_news_of_a_deputyship_changes_nothing(office: Office) -> None:
    ended = a_deputyship("d9", status="ended", ended_on="2020-01-01", version=3)
    await office.driver.says("roster.deputyship.ended.v1", ended)
    await office.driver.says("roster.deputyship.changed.v1", a_deputyship("d9", version=2))
    session = await office.post("/sessions", BODIES["sessions"])
    assert "d9" not in session["expected"]


async def test_facts_of_tomorrow_are_understood_as_far_as_possible(office: Office) -> None:
    await office.driver.says("roster.constituency.drawn.v1", {"id": "c1", "name": "第一选区"})
    future = a_deputyship("d30", mandate="imperative", constituency=None)
    await office.driver.says("roster.deputyship.started.v1", future)
    await office.driver.says(
        "roster.town.changed.v1", {"id": "340281199", "version": 2, "rules": {"reply_months": "soon"}}
    )
    session = await office.post("/sessions", BODIES["sessions"])
    assert "d30" in session["expected"]
    suggestion = await office.post("/suggestions", BODIES["suggestions"])
    assigned = await office.post(
        f"/suggestions/{suggestion['id']}:assign", {"unit": "镇办", "on": "2020-06-15"}
    )
    assert assigned["due_on"] == "2020-09-15"


async def test_a_year_is_sealed_with_what_was_told(office: Office) -> None:
    for name, body in BODIES.items():
        await office.post(f"/{name}", body)
    await office.post("/activities", BODIES["activities"])
    events = [Event.model_validate(event) for event in await office.driver.events()]
    request = {"id": "closing-1", "year": 2020, "as_of": "2020-12-07"}
    await office.driver.says("reports.closing.requested.v1", request)
    sealed = (await office.driver.events())[-1]
    assert sealed["type"] == "activities.year.sealed.v1"
    assert sealed["data"] == {
        "closing_id": "closing-1",
        "manifest": "",
        "year": 2020,
        "as_of": "2020-12-07",
        "upto_sequence": events[-1].sequence,
        "hash": events[-1].hash,
        "counts": {
            "plan": 1,
            "session": 1,
            "absence": 0,
            "presidium_meeting": 1,
            "activity": 2,
            "opinion": 1,
            "suggestion": 1,
        },
        "parked": 0,
        "parked_events": [],
    }
    verify_chain([*events, Event.model_validate(sealed)])


async def test_a_repeated_request_gets_the_same_answer(office: Office) -> None:
    key = {"Idempotency-Key": "sheet-1"}
    first = await office.post("/activities", BODIES["activities"], headers=key)
    assert await office.post("/activities", BODIES["activities"], headers=key) == first
    assert await office.told() == ["activity.held.v1"]


async def test_a_bulk_entry_is_all_or_nothing(office: Office) -> None:
    many = {"items": [BODIES["activities"]] * 20}
    made = await office.post("/activities:batch", many)
    assert len({item["id"] for item in made["items"]}) == 20
    wrong = {**BODIES["activities"], "attendance": {"present": ["unknown"]}}
    broken = {"items": [BODIES["activities"], wrong]}
    answer = await office.refused("POST", "/activities:batch", broken, status=422, code="reference-unknown")
    assert answer.json["errors"][0]["loc"] == "body.items.1.attendance.present.0"
