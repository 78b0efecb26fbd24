"""By-elections and the office's year over HTTP: what is entered, what the law voids, who was chosen."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver

PLANNED = {"constituency": "第一选区", "held_on": "2023-05-04", "seats": 1, "voters": 1311}
COUNTED = {
    "votes_cast": 1100,
    "candidates": [{"name": "丁示例01", "votes": 802}, {"name": "万示例02", "votes": 201}],
    "elected": ["丁示例01"],
}
OFFICE = {"year": 2023, "staff": 3, "full_time_staff": 1, "funds_budgeted": 126000}
BODIES: dict[str, dict[str, Any]] = {"by_elections": PLANNED, "office": OFFICE}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (
        await driver.call("PUT", "", {"name": "示例镇", "congress_number": 18, "rules": {}})
    ).status == 201
    return driver


async def test_a_by_election_is_planned_then_counted_and_told_whole(roster: Driver) -> None:
    planned = await roster.post("/by_elections", PLANNED)
    assert (planned["congress_number"], planned["elected"]) == (18, [])
    answer = await roster.call("PATCH", f"/by_elections/{planned['id']}", COUNTED)
    assert answer.status == 200, answer.json
    told = (await roster.events())[-1]
    assert (told["type"], told["data"]) == ("roster.by_election.changed.v1", answer.json)
    again = await roster.call("POST", "/by_elections", PLANNED)
    assert (again.status, again.code) == (409, "by-election-exists")


@pytest.mark.parametrize(
    ("change", "code", "loc"),
    [
        ({"votes_cast": 1312}, "votes-unfit", "body.votes_cast"),
        (
            {"votes_cast": 655, "candidates": [{"name": "丁示例01", "votes": 600}]},
            "election-void",
            "body.votes_cast",
        ),
        ({"candidates": [{"name": "丁示例01", "votes": 550}]}, "not-elected", "body.elected.0"),
        ({"elected": ["赵示例03"]}, "votes-unfit", "body.elected.0"),
        (
            {"candidates": [{"name": "丁示例01", "votes": 802, "person_id": "nobody"}]},
            "invalid-input",
            "body.candidates.0.person_id",
        ),
    ],
)
async def test_what_the_law_voids_is_refused_with_the_arithmetic(
    roster: Driver, change: dict[str, Any], code: str, loc: str
) -> None:
    planned = await roster.post("/by_elections", PLANNED)
    before = await roster.events()
    for method, path, body in (
        ("PATCH", f"/by_elections/{planned['id']}", COUNTED | change),
        ("POST", "/by_elections", PLANNED | {"held_on": "2023-05-05"} | COUNTED | change),
    ):
        answer = await roster.call(method, path, body)
        assert (answer.status, answer.code) == (422, code), answer.json
        assert loc in [error["loc"] for error in answer.json["errors"]]
    assert await roster.events() == before


async def test_a_mandate_may_name_the_by_election_that_gave_it(roster: Driver) -> None:
    election = (await roster.post("/by_elections", PLANNED | COUNTED))["id"]
    people = [(await roster.post("/people", {"name": name}))["id"] for name in ("丁示例01", "万示例02")]
    body = {
        "level": "town",
        "started_on": "2023-05-04",
        "started_by": "by_election",
        "by_election_id": election,
    }
    chosen = await roster.post("/deputyships", body | {"person_id": people[0]})
    assert (chosen["by_election_id"], chosen["changes"][0]["basis"]) == (election, "选举法（2020）第五十七条")
    for change in (
        {"person_id": people[1]},
        {"person_id": people[1], "by_election_id": "none"},
        {"person_id": people[1], "started_by": "election"},
    ):
        refused = await roster.call("POST", "/deputyships", body | change)
        assert (refused.status, refused.json["errors"][0]["loc"]) == (422, "body.by_election_id")


async def test_the_office_has_one_entry_a_year(roster: Driver) -> None:
    made = await roster.post("/office", OFFICE)
    assert (await roster.events())[-1]["type"] == "roster.office.recorded.v1"
    again = await roster.call("POST", "/office", OFFICE)
    assert (again.status, again.code) == (409, "office-exists")
    answer = await roster.call("PATCH", f"/office/{made['id']}", {"funds_spent": 118500})
    assert (answer.json["funds_spent"], answer.json["version"]) == (118500, 2)
    wrong = await roster.call("PATCH", f"/office/{made['id']}", {"full_time_staff": 4})
    assert (wrong.status, wrong.json["errors"][0]["loc"]) == (422, "body.full_time_staff")


@pytest.mark.parametrize(
    ("name", "change", "loc"),
    [
        ("by_elections", {"held_on": None}, "body.held_on"),
        ("by_elections", {"votes_cast": "1100"}, "body.votes_cast"),
        ("by_elections", {"winner": "丁示例01"}, "body.winner"),
        ("by_elections", {"candidates": [{"votes": 1}]}, "body.candidates.0.name"),
        ("office", {"year": None}, "body.year"),
        ("office", {"funds_spent": 1.5}, "body.funds_spent"),
        ("office", {"staff": -1}, "body.staff"),
        ("office", {"cars": 1}, "body.cars"),
    ],
)
async def test_bad_entries_are_named(roster: Driver, name: str, change: dict[str, Any], loc: str) -> None:
    before = await roster.events()
    answer = await roster.call("POST", f"/{name}", BODIES[name] | change)
    assert (answer.status, loc in [e["loc"] for e in answer.json["errors"]]) == (422, True)
    assert await roster.events() == before


@pytest.mark.parametrize("name", BODIES)
async def test_who_may_not_is_kept_out(roster: Driver, name: str) -> None:
    made = await roster.post(f"/{name}", BODIES[name])
    path = f"/{name}/{made['id']}"
    assert (await roster.get(path, token=roster.token("county", area="340281")))["id"] == made["id"]
    for method, at in (("POST", f"/{name}"), ("PATCH", path)):
        assert (await roster.call(method, at, {}, token=roster.token("deputy"))).status == 403
        assert (await roster.call(method, at, {}, token="")).status == 401
    assert (await roster.call("GET", path, token=roster.token(area="340281200"))).status == 404
    assert (await roster.call("PATCH", f"/{name}/unknown", {})).status == 404
