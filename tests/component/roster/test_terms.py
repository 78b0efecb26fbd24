"""Terms, resignations and the written history over HTTP: what is told, what is refused, what waits."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver

TERM = {"congress_number": 17, "started_on": "2017-01-12", "quota": 63, "population": 34500}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    body = {"name": "示例镇", "county_name": "示例市", "congress_number": 17, "quota": 63, "rules": {}}
    assert (await driver.call("PUT", "", body)).status == 201
    return driver


async def a_deputyship(roster: Driver, **fields: Any) -> dict[str, Any]:
    person = await roster.post("/people", {"name": "王示例01"})
    body = {"person_id": person["id"], "level": "town", "started_on": "2017-01-10", **fields}
    return dict(await roster.post("/deputyships", body))


async def test_a_term_is_opened_once_and_told_whole(roster: Driver) -> None:
    term = await roster.post("/terms", TERM)
    told = (await roster.events())[-1]
    assert (told["type"], told["data"]) == ("roster.term.opened.v1", term)
    again = await roster.call("POST", "/terms", TERM)
    assert (again.status, again.code) == (409, "term-exists")
    answer = await roster.call("PATCH", f"/terms/{term['id']}", {"ended_on": "2021-12-28"})
    assert (answer.json["ended_on"], answer.json["version"]) == ("2021-12-28", 2)


async def test_a_term_ends_with_the_mandates_that_are_its_own_and_not_over(roster: Driver) -> None:
    term = await roster.post("/terms", TERM)
    seats = {
        name: await a_deputyship(roster, congress_number=number, level=level)
        for name, number, level in (
            ("serving", 17, "town"),
            ("suspended", 17, "town"),
            ("resigned", 17, "town"),
            ("next", 18, "town"),
            ("county", 17, "county"),
        )
    }
    await roster.post(
        f"/deputyships/{seats['suspended']['id']}:suspend",
        {"reason": "criminal_detention", "on": "2020-05-01"},
    )
    await roster.post(f"/deputyships/{seats['resigned']['id']}:end", {"reason": "died", "on": "2020-06-01"})
    ended = await roster.post(f"/terms/{term['id']}:end", {"on": "2021-12-28"})
    assert (ended["ended_on"], ended["version"]) == ("2021-12-28", 2)
    now = {name: (await roster.call("GET", f"/deputyships/{one['id']}")).json for name, one in seats.items()}
    assert {name: (one["status"], one["ended_on"], one["ended_reason"]) for name, one in now.items()} == {
        "serving": ("ended", "2021-12-28", "term_over"),
        "suspended": ("ended", "2021-12-28", "term_over"),
        "resigned": ("ended", "2020-06-01", "died"),
        "next": ("serving", None, None),
        "county": ("serving", None, None),
    }
    again = await roster.call("POST", f"/terms/{term['id']}:end", {"on": "2021-12-28"})
    assert (again.status, again.json["version"]) == (200, 2)


async def test_a_mandate_that_began_later_lets_no_term_end_and_is_named(roster: Driver) -> None:
    term = await roster.post("/terms", TERM)
    first = await a_deputyship(roster, congress_number=17)
    await a_deputyship(roster, congress_number=17, started_on="2022-03-01")
    before = await roster.events()
    refused = await roster.call("POST", f"/terms/{term['id']}:end", {"on": "2021-12-28"})
    assert (refused.status, refused.code) == (422, "impossible-date")
    assert refused.json["errors"][0]["loc"] == "body.on"
    assert refused.json["errors"][0]["message"].startswith("王示例01：")
    assert (await roster.call("GET", f"/deputyships/{first['id']}")).json["status"] == "serving"
    assert await roster.events() == before


async def test_terms_that_cross_are_refused_and_nothing_is_told(roster: Driver) -> None:
    term = await roster.post("/terms", TERM)
    before = await roster.events()
    crossing = await roster.call("POST", "/terms", {"congress_number": 18, "started_on": "2017-01-11"})
    assert (crossing.status, crossing.code) == (422, "impossible-date")
    backwards = await roster.call("PATCH", f"/terms/{term['id']}", {"ended_on": "2017-01-11"})
    assert backwards.json["errors"][0]["loc"] == "body.ended_on"
    assert await roster.events() == before


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({**TERM, "seats": 3}, "body.seats"),
        ({**TERM, "congress_number": "17"}, "body.congress_number"),
        ({**TERM, "quota": -1}, "body.quota"),
        ({"started_on": "2017-01-12"}, "body.congress_number"),
        ({"congress_number": 17}, "body.started_on"),
        ({**TERM, "started_on": "2017-02-30"}, "body.started_on"),
    ],
)
async def test_bad_terms_are_named(roster: Driver, body: dict[str, Any], loc: str) -> None:
    before = await roster.events()
    answer = await roster.call("POST", "/terms", body)
    assert (answer.status, loc in [e["loc"] for e in answer.json["errors"]]) == (422, True)
    assert await roster.events() == before


async def test_terms_are_the_offices_and_the_towns(roster: Driver) -> None:
    term = await roster.post("/terms", TERM)
    for method, path in (("POST", "/terms"), ("PATCH", f"/terms/{term['id']}")):
        assert (await roster.call(method, path, {}, token=roster.token("county"))).status == 403
        assert (await roster.call(method, path, {}, token="")).status == 401
    stranger = roster.token(area="340281200")
    assert (await roster.call("GET", f"/terms/{term['id']}", token=stranger)).status == 404
    assert (await roster.call("PATCH", "/terms/unknown", {})).status == 404


async def test_a_resignation_waits_and_ends_with_the_acceptance(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    path = f"/deputyships/{deputyship['id']}"
    asked = await roster.post(f"{path}:resign", {"requested_on": "2021-05-01"})
    assert (asked["status"], asked["resignations"][0]["outcome"]) == ("serving", "pending")
    assert (await roster.events())[-1]["type"] == "roster.deputyship.changed.v1"
    twice = await roster.call("POST", f"{path}:resign", {"requested_on": "2021-05-02"})
    assert (twice.status, twice.code) == (409, "wrong-status")
    body = {"reason": "resigned", "on": "2021-06-09", "accepted_on": "2021-06-09"}
    ended = await roster.post(f"{path}:end", {**body, "accepted_by_session": "第十七届第八次会议"})
    assert (ended["status"], ended["resignations"][0]["outcome"]) == ("ended", "accepted")
    told = (await roster.events())[-1]["data"]
    assert [(c["kind"], c["version"]) for c in told["changes"]] == [
        ("started", 1),
        ("resignation_requested", 2),
        ("resignation_settled", 3),
        ("ended", 3),
    ]
    assert told["changes"][-1]["basis"] == "代表法（2015）第四十九条第二项"


async def test_an_end_entered_wrongly_is_put_right_and_completed(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    path = f"/deputyships/{deputyship['id']}"
    await roster.post(f"{path}:end", {"reason": "resigned", "on": "2021-06-09"})
    answer = await roster.call("PATCH", path, {"ended_on": "2021-06-10", "accepted_on": "2021-06-10"})
    assert (answer.json["ended_on"], answer.json["resignations"][0]["settled_on"]) == (
        "2021-06-10",
        "2021-06-10",
    )
    assert len((await roster.get("/deputies?as_of=2021-06-09"))["items"]) == 1
    corrected = next(c for c in answer.json["changes"] if c["kind"] == "corrected")
    assert (corrected["field"], corrected["before"]) == ("ended_on", "2021-06-09")


@pytest.mark.parametrize(
    ("verb", "body", "loc"),
    [
        ("resign", {"requested_on": "2016-12-31"}, "body.requested_on"),
        ("resign", {"requested_on": "2021-05-01", "on": "2021-05-01"}, "body.on"),
        ("resign", {}, "body.requested_on"),
        ("end", {"reason": "died", "on": "2021-06-09", "accepted_on": "2021-06-09"}, "body.accepted_on"),
        ("end", {"reason": "resigned", "on": "2021-06-09", "accepted_by_session": "s"}, "body.accepted_on"),
        ("end", {"reason": "resigned", "on": "2021-06-09", "accepted_on": "2021-06-10"}, "body.on"),
    ],
)
async def test_what_contradicts_itself_is_named(
    roster: Driver, verb: str, body: dict[str, Any], loc: str
) -> None:
    deputyship = await a_deputyship(roster)
    before = await roster.events()
    answer = await roster.call("POST", f"/deputyships/{deputyship['id']}:{verb}", body)
    assert (answer.status, loc in [e["loc"] for e in answer.json["errors"]]) == (422, True)
    assert await roster.events() == before


async def test_resigning_is_entered_by_the_office_for_a_deputyship_there_is(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    body = {"requested_on": "2021-05-01"}
    path = f"/deputyships/{deputyship['id']}:resign"
    assert (await roster.call("POST", path, body, token=roster.token("deputy"))).status == 403
    assert (await roster.call("POST", "/deputyships/unknown:resign", body)).status == 404


async def test_the_past_answers_as_it_did_whatever_comes_later(roster: Driver) -> None:
    groups = [(await roster.post("/groups", {"number": n}))["id"] for n in (1, 2)]
    deputyship = await a_deputyship(roster, group_id=groups[0], roles=["presidium"])
    path = f"/deputyships/{deputyship['id']}"
    answer = await roster.get("/deputies?as_of=2020-02-29")
    await roster.call("PATCH", path, {"group_id": groups[1], "roles": ["chair"], "on": "2020-03-01"})
    await roster.post(f"{path}:suspend", {"reason": "criminal_detention", "on": "2020-04-01"})
    during = await roster.get("/deputies?as_of=2020-04-30")
    await roster.post(f"{path}:resume", {"on": "2020-05-01"})
    await roster.post(f"{path}:end", {"reason": "moved_away", "on": "2020-06-01"})
    assert await roster.get("/deputies?as_of=2020-02-29") == answer
    assert await roster.get("/deputies?as_of=2020-04-30") == during
    (row,) = during["items"]
    assert (row["status"], row["group_id"], row["roles"]) == ("suspended", groups[1], ["chair"])
