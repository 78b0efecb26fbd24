"""Decisions of the presidium, to the end: done with an outcome, listed while open, said when due."""

import asyncio
from datetime import timedelta
from typing import Any

from services.activities.driver import remind_now
from shared.process.turns import Turns
from tests.component.activities.conftest import Office


async def decided(office: Office, number: int, held_on: str, *decisions: dict[str, Any]) -> str:
    meeting = await office.post(
        "/presidium_meetings", {"number": number, "held_on": held_on, "decisions": list(decisions)}
    )
    return f"/presidium_meetings/{meeting['id']}"


async def test_a_decision_is_done_with_its_outcome(office: Office) -> None:
    path = await decided(office, 1, "2020-03-15", {"text": "视察"}, {"text": "督办", "due_on": "2020-05-01"})
    done = await office.post(f"{path}/decisions/2:done", {"on": "2020-04-20", "outcome": "办结3件"})
    assert done["decisions"][1] == {
        "text": "督办",
        "due_on": "2020-05-01",
        "done_on": "2020-04-20",
        "outcome": "办结3件",
    }
    assert (await office.post(f"{path}/decisions/2:done", {"on": "2020-04-20", "outcome": "办结3件"}))[
        "version"
    ] == 2
    body = {"on": "2020-04-20"}
    for where, sent, status, code in (
        (f"{path}/decisions/1", {"on": "2020-03-14"}, 422, "dates-out-of-order"),
        (f"{path}/decisions/1", {"on": "2020-02-30"}, 422, "invalid-input"),
        (f"{path}/decisions/1", {}, 422, "invalid-input"),
        (f"{path}/decisions/1", {**body, "extra": 1}, 422, "invalid-input"),
        (f"{path}/decisions/3", body, 404, "not-found"),
        (f"{path}/decisions/first", body, 404, "not-found"),
        (f"{path}/decisions/١", body, 404, "not-found"),
        (f"{path}/decisions/{'9' * 5000}", body, 404, "not-found"),
        ("/presidium_meetings/unknown/decisions/1", body, 404, "not-found"),
    ):
        await office.refused("POST", f"{where}:done", sent, status=status, code=code)
    token = office.driver.token("deputy")
    at = f"{path}/decisions/1:done"
    await office.refused("POST", at, body, status=403, code="forbidden", token=token)
    assert await office.told() == ["presidium_meeting.held.v1", "presidium_meeting.changed.v1"]


async def test_open_decisions_of_every_year_are_listed_as_of_a_day(office: Office) -> None:
    await decided(office, 4, "2019-12-15", {"text": "旧事", "due_on": "2020-06-01"}, {"text": "不限期"})
    path = await decided(office, 1, "2020-03-15", {"text": "急事", "due_on": "2020-04-01"})
    await decided(office, 2, "2020-08-15", {"text": "后事"})
    await office.post(f"{path}/decisions/1:done", {"on": "2020-05-20"})

    async def listed(day: str) -> list[tuple[str, bool]]:
        answer = await office.get(f"/decisions?open_on={day}", token=office.driver.token("county"))
        return [(item["text"], item["overdue"]) for item in answer["items"]]

    assert await listed("2020-05-19") == [("急事", True), ("旧事", False), ("不限期", False)]
    assert await listed("2020-06-02") == [("旧事", True), ("不限期", False)]
    first = (await office.get("/decisions"))["items"][0]
    assert (first["year"], first["meeting_number"], first["number"]) == (2019, 4, 1)
    for wrong in ("open_on=2020-02-30", "year=2020"):
        assert (await office.driver.call("GET", f"/decisions?{wrong}")).status == 422
    assert (await office.driver.call("GET", "/decisions", token=office.driver.token("teller"))).status == 403
    stranger = office.driver.token(area="340281198")
    assert (await office.driver.call("GET", "/decisions", token=stranger)).status == 404


async def test_a_decision_is_said_to_be_due_soon_and_overdue_once_each(office: Office) -> None:
    today = office.driver.alive.store.clock.today()

    def on(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    decisions = [{"text": f"{days}", "due_on": on(days)} for days in (7, 8, -1, -40)]
    done = {"text": "done", "due_on": on(1), "done_on": on(-1)}
    await decided(office, 1, on(-50), *decisions, done)
    alive = office.driver.alive
    await asyncio.gather(*(remind_now(alive, Turns("activities", "test")) for _ in range(3)))
    await remind_now(alive, Turns("activities", "test"))
    said = (await office.driver.events())[1:]
    assert [(event["type"].split(".")[2], event["data"]["told"][-1]["part"]) for event in said] == [
        ("due_soon", "7"),
        ("overdue", "-1"),
    ]
