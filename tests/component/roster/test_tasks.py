"""Tasks of the committee over HTTP: what opens and settles them, and that they leave the end to people."""

import asyncio
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver
from tests.probes import PATIENCE


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇", "rules": {}})).status == 201
    return driver


async def a_deputyship(roster: Driver) -> str:
    person = await roster.post("/people", {"name": "王示例01"})
    body = {"person_id": person["id"], "level": "town", "started_on": "2021-12-28"}
    return str((await roster.post("/deputyships", body))["id"])


async def a_task(roster: Driver, deputyship: str, **fields: Any) -> dict[str, Any]:
    body = {"kind": "absent_twice", "deputyship_id": deputyship, "opened_on": "2026-03-01", **fields}
    return dict(await roster.post("/tasks", body))


async def test_a_request_to_resign_opens_a_task_and_its_acceptance_settles_it(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    await roster.post(f"/deputyships/{deputyship}:resign", {"requested_on": "2026-03-01"})
    (task,) = (await roster.get("/tasks?state=open"))["items"]
    assert (task["kind"], task["deputyship_id"], task["basis"]) == (
        "resignation",
        deputyship,
        "选举法（2020）第五十五条",
    )
    end = {"reason": "resigned", "on": "2026-07-20", "accepted_on": "2026-07-20"}
    await roster.post(f"/deputyships/{deputyship}:end", end)
    settled = await roster.get(f"/tasks/{task['id']}")
    assert (settled["state"], settled["outcome"], settled["settled_on"]) == (
        "settled",
        "accepted",
        "2026-07-20",
    )


async def test_an_end_without_acceptance_leaves_the_task_open_until_it_is_told(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    await roster.post(f"/deputyships/{deputyship}:resign", {"requested_on": "2026-03-01"})
    await roster.post(f"/deputyships/{deputyship}:end", {"reason": "resigned", "on": "2026-07-20"})
    assert len((await roster.get("/tasks?state=open"))["items"]) == 1
    await roster.call("PATCH", f"/deputyships/{deputyship}", {"accepted_on": "2026-07-20"})
    assert (await roster.get("/tasks?state=open"))["items"] == []


def missed(deputyship: str, *numbers: int, version: int = 1, state: str = "reached") -> dict[str, Any]:
    """As the activities tell it; the sessions lie two months apart."""
    sessions = [
        {"session_id": f"s{n}", "session_number": n, "held_on": f"2024-{2 * n:02}-01"} for n in numbers
    ]
    told = {"id": f"absence-{deputyship}", "deputyship_id": deputyship, "congress_number": 17}
    return {**told, "sessions": sessions, "state": state, "version": version}


async def test_absences_told_by_the_activities_open_change_and_withdraw_the_task(roster: Driver) -> None:
    one = await a_deputyship(roster)

    async def says(verb: str, *numbers: int, version: int, state: str = "reached") -> list[tuple[Any, ...]]:
        fact = missed(one, *numbers, version=version, state=state)
        await roster.says(f"activities.absence.{verb}.v1", fact)
        found = (await roster.get("/tasks"))["items"]
        return [(t["state"], t["outcome"], t["opened_on"], t["records"]) for t in found]

    first = ("open", None, "2024-04-01", ["s1", "s2"])
    assert await says("reached", 1, 2, version=1) == [first]
    assert await says("reached", 1, 2, version=1) == [first]
    assert await says("changed", 1, 2, 3, version=2) == [(*first[:3], ["s1", "s2", "s3"])]
    await says("withdrawn", 1, version=3, state="withdrawn")
    (task,) = (await roster.get("/tasks"))["items"]
    assert (task["state"], task["outcome"]) == ("settled", "unfounded")
    assert (await roster.get(f"/deputyships/{one}"))["status"] == "serving"
    again = (await says("reached", 1, 4, version=4))[1]
    assert again == ("open", None, "2024-08-01", ["s1", "s4"])
    task = (await roster.get("/tasks?state=open"))["items"][0]
    await roster.post(f"/tasks/{task['id']}:settle", {"outcome": "reported", "on": "2026-01-20"})
    assert len(await says("changed", 1, 4, version=5)) == 2
    assert (await says("changed", 1, 4, 5, version=6))[2][3] == ["s1", "s4", "s5"]
    assert (await roster.get("/integrity"))["faults"] == []
    sealed = {"id": "c1", "year": 2024, "as_of": "2024-12-31"}
    await roster.says("reports.closing.requested.v1", sealed)
    counts = (await roster.events())[-1]["data"]["counts"]
    assert (counts["task"], set(counts) & {"", "None"}) == (3, set())


async def test_a_task_of_the_offices_own_stays_and_an_ended_mandate_gets_none(roster: Driver) -> None:
    one = await a_deputyship(roster)
    own = await a_task(roster, one)
    await roster.says("activities.absence.reached.v1", missed(one, 1, 2))
    await roster.says("activities.absence.withdrawn.v1", missed(one, 1, version=2, state="withdrawn"))
    assert await roster.get(f"/tasks/{own['id']}") == own
    await roster.post(f"/deputyships/{one}:end", {"reason": "moved_away", "on": "2026-03-02"})
    await roster.says("activities.absence.reached.v1", missed(one, 1, 3, version=3))
    assert len((await roster.get("/tasks"))["items"]) == 1


async def test_an_absence_told_after_a_restore_is_followed_where_its_version_was_received_before(
    roster: Driver,
) -> None:
    """The restored service gives the versions anew that the restore undid."""
    one = await a_deputyship(roster)
    kept = [await roster.says("activities.absence.reached.v1", missed(one, 1, 2))]
    for version in (2, 3):
        await roster.says("activities.absence.changed.v1", missed(one, 1, 2, version, version=version))
    epoch = await roster.set_back(kept)
    await roster.says("activities.absence.changed.v1", missed(one, 1, 2, 4, version=2), epoch=epoch)
    (task,) = (await roster.get("/tasks"))["items"]
    assert task["records"] == ["s1", "s2", "s4"]


async def test_facts_of_one_absence_that_come_in_one_batch_are_applied_in_their_order(roster: Driver) -> None:
    one = await a_deputyship(roster)
    told = [
        ("reached", missed(one, 1, 2)),
        ("changed", missed(one, 1, 2, 3, version=2)),
        ("withdrawn", missed(one, 1, version=3, state="withdrawn")),
    ]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(roster.says(f"activities.absence.{verb}.v1", fact) for verb, fact in told))
    (task,) = (await roster.get("/tasks"))["items"]
    assert (task["state"], task["outcome"]) == ("settled", "unfounded")
    assert (await roster.get("/dead"))["items"] == []


async def test_a_seal_in_one_batch_with_an_absence_counts_the_task_that_its_log_opens(roster: Driver) -> None:
    one = await a_deputyship(roster)
    told = [
        ("activities.absence.reached.v1", missed(one, 1, 2)),
        ("reports.closing.requested.v1", {"id": "c1", "year": 2024, "as_of": "2024-12-31"}),
    ]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(roster.says(type, fact) for type, fact in told))
    events = await roster.events()
    (seal,) = (event["data"] for event in events if event["type"] == "roster.year.sealed.v1")
    opened = [e for e in events[: seal["upto_sequence"]] if e["type"] == "roster.task.opened.v1"]
    assert seal["counts"]["task"] == len(opened)


@pytest.mark.parametrize("outcome", ["accepted", "not_accepted", "withdrawn"])
async def test_what_was_decided_is_noted_in_the_mandate_and_ends_nothing(
    roster: Driver, outcome: str
) -> None:
    deputyship = await a_deputyship(roster)
    path = f"/deputyships/{deputyship}"
    await roster.post(f"{path}:resign", {"requested_on": "2026-03-01"})
    (task,) = (await roster.get("/tasks"))["items"]
    await roster.post(f"/tasks/{task['id']}:settle", {"outcome": outcome, "on": "2026-07-20"})
    record = await roster.get(path)
    assert (record["status"], record["resignations"][0]["outcome"]) == ("serving", outcome)
    if outcome == "accepted":
        end = {"reason": "resigned", "on": "2026-07-20", "accepted_on": "2026-07-20"}
        ended = await roster.post(f"{path}:end", end)
        assert [one["settled_on"] for one in ended["resignations"]] == ["2026-07-20"]


async def test_two_absences_open_a_task_that_ends_nothing(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    task = await a_task(roster, deputyship, records=["session-2", "session-4"])
    told = (await roster.events())[-1]
    assert (told["type"], told["data"]["records"]) == ("roster.task.opened.v1", ["session-2", "session-4"])
    again = {"kind": "absent_twice", "deputyship_id": deputyship, "opened_on": "2026-03-02"}
    answer = await roster.call("POST", "/tasks", again)
    assert (answer.status, answer.code) == (409, "task-exists")
    body = {"outcome": "unfounded", "on": "2026-04-01", "remark": "第四次会议的病假已经批准"}
    settled = await roster.post(f"/tasks/{task['id']}:settle", body)
    assert (settled["outcome"], settled["remark"]) == ("unfounded", body["remark"])
    assert "remark" not in (await roster.events())[-1]["data"]
    assert (await roster.get(f"/deputyships/{deputyship}"))["status"] == "serving"
    twice = await roster.call("POST", f"/tasks/{task['id']}:settle", body)
    assert (twice.status, twice.code) == (409, "wrong-status")
    await a_task(roster, deputyship)


async def test_what_ends_the_mandate_settles_what_was_open(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    task = await a_task(roster, deputyship)
    await roster.post(f"/deputyships/{deputyship}:end", {"reason": "absent_twice", "on": "2026-07-20"})
    assert (await roster.get(f"/tasks/{task['id']}"))["outcome"] == "reported"
    assert [event["type"] for event in (await roster.events())[-2:]] == [
        "roster.task.settled.v1",
        "roster.deputyship.ended.v1",
    ]


@pytest.mark.parametrize(
    ("change", "loc"),
    [
        ({"kind": "gossip"}, "body.kind"),
        ({"deputyship_id": "nobody"}, "body.deputyship_id"),
        ({"opened_on": "2021-12-27"}, "body.opened_on"),
        ({"opened_on": None}, "body.opened_on"),
        ({"punish": True}, "body.punish"),
    ],
)
async def test_bad_tasks_are_named(roster: Driver, change: dict[str, Any], loc: str) -> None:
    body = {"kind": "absent_twice", "deputyship_id": await a_deputyship(roster), "opened_on": "2026-03-01"}
    before = await roster.events()
    answer = await roster.call("POST", "/tasks", body | change)
    assert (answer.status, loc in [e["loc"] for e in answer.json["errors"]]) == (422, True)
    assert await roster.events() == before


async def test_tasks_are_seen_and_settled_by_the_office_alone(roster: Driver) -> None:
    path = f"/tasks/{(await a_task(roster, await a_deputyship(roster)))['id']}"
    settle = {"outcome": "reported", "on": "2026-07-20"}
    for role in ("deputy", "leader", "teller", "auditor"):
        token = roster.token(role)
        for method, at, body in (("GET", path, None), ("GET", "/tasks", None), ("PATCH", path, {}),
                                 ("POST", "/tasks", {}), ("POST", f"{path}:settle", settle)):  # fmt: skip
            assert (await roster.call(method, at, body, token=token)).status == 403
    stranger = roster.token(area="340281200")
    assert (await roster.call("GET", path, token=stranger)).status == 404
    assert (await roster.call("POST", "/tasks/unknown:settle", settle)).status == 404
    assert (await roster.call("POST", f"{path}:settle", {"on": "2026-07-20"})).status == 422
    wrong = await roster.call("POST", f"{path}:settle", settle | {"outcome": "accepted"})
    assert wrong.json["errors"][0]["loc"] == "body.outcome"
    assert (await roster.call("PATCH", path, {"state": "settled"})).status == 422


async def test_open_tasks_and_the_end_of_a_term_are_due(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    await roster.post("/terms", {"congress_number": 18, "started_on": "2021-12-28"})
    task = await a_task(roster, deputyship)
    assert await _due(roster, "2026-11-01") == [
        ("absent_twice", None, "王示例01两次未经批准不出席会议，等待核实")
    ]
    over = "第18届人大任期五年，到2026年12月28日届满"
    assert (await _due(roster, "2026-12-01"))[0] == ("term_over", "2026-12-28", over)
    await roster.post(f"/tasks/{task['id']}:settle", {"outcome": "unfounded", "on": "2026-03-10"})
    assert await _due(roster, "2026-11-01") == []


async def _due(roster: Driver, on: str) -> list[tuple[str, str | None, str]]:
    items = (await roster.get(f"/due?on={on}"))["items"]
    return [(item["kind"], item["due_on"], item["text"]) for item in items]
