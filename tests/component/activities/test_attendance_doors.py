"""The table of attendance as pasted, through `attendance:resolve`; who is on the roll of an activity."""

import asyncio
from typing import Any

import pytest

from tests.component.activities.conftest import Office
from tests.contract.attendance import CASES, PEOPLE, found, wanted

SESSION = {"of": "session", "held_on": "2020-06-09", "others": "not_recorded"}


@pytest.fixture
async def town(empty_office: Office) -> Office:
    says = empty_office.driver.says
    facts: list[tuple[str, dict[str, Any]]] = [
        ("roster.town.registered.v1", {"id": "340281199", "name": "示例镇", "rules": {}}),
        ("roster.station.opened.v1", {"id": "st1", "name": "桥头村部", "serves": ["桥头村"]}),
        ("roster.group.formed.v1", {"id": "g1", "number": 1, "level": "town", "station_id": "st1"}),
        ("roster.group.formed.v1", {"id": "g2", "number": 2, "level": "town"}),
    ]
    for n, (name, group, place) in enumerate(PEOPLE):
        facts.append(("roster.person.registered.v1", {"id": f"p{n}", "name": name}))
        started = {"person_id": f"p{n}", "started_on": "2017-01-10", "constituency": place}
        history = [{"group_id": f"g{group}", "from_on": None, "to_on": None}]
        facts.append(
            (
                "roster.deputyship.started.v1",
                {"id": f"d{n}", **started, "level": "town", "group_history": history},
            )
        )
    county = {"id": "c1", "person_id": "p1", "level": "county", "started_on": "2017-01-10"}
    facts.append(("roster.deputyship.started.v1", county))
    await asyncio.gather(*(says(*fact) for fact in facts))
    return empty_office


async def test_a_text_means_the_same_as_at_the_other_doors(town: Office) -> None:
    names = {f"d{n}": name for n, (name, _, _) in enumerate(PEOPLE)}
    for case in CASES:
        answer = await town.post("/attendance:resolve", {**SESSION, **case["text"]})
        assert found(answer["attendance"], answer["doubts"], names) == wanted(case), case["about"]
        assert [line["number"] for line in answer["roll"]] == list(range(1, 11))


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ({"of": "training"}, [f"d{n}" for n in range(10)]),
        ({"of": "inspection", "group_id": "g1"}, ["d0", "d1", "d2", "d9"]),
        ({"of": "research", "invited": {"group_ids": ["g1"]}}, ["d0", "d1", "d2", "d9"]),
        ({"of": "group_activity", "invited": {"group_ids": ["g1", "g2"]}}, [f"d{n}" for n in range(10)]),
        (
            {"of": "reception", "invited": {"station_ids": ["st1"]}},
            ["d0", "d1", "d2", "d6", "d7", "d8", "d9"],
        ),
        ({"of": "visit", "invited": {"deputyship_ids": ["d3", "c1"]}}, ["c1", "d3"]),
        ({"of": "contact", "invited": {"levels": ["county", "city"]}}, ["c1"]),
        ({"of": "law_check", "invited": {"levels": ["county", "town"]}}, [f"d{n}" for n in range(10)]),
        ({"of": "review", "invited": {"levels": ["county"], "group_ids": ["g1"]}}, ["d0", "d1", "d2", "d9"]),
    ],
)
async def test_the_roll_of_an_activity_is_of_those_invited(
    town: Office, body: dict[str, Any], who: list[str]
) -> None:
    answer = await town.post("/attendance:resolve", {"held_on": "2020-06-09", **body})
    assert sorted(line["deputyship_id"] for line in answer["roll"]) == who
    assert answer["expected"] == len(who)
    assert sorted(answer["attendance"]["present"]) == who


async def test_guests_may_be_named_and_are_not_counted_among_those_expected(town: Office) -> None:
    body = {"of": "group_activity", "held_on": "2020-06-09", "group_id": "g1", "present": "全体、刘洋"}
    answer = await town.post("/attendance:resolve", body)
    assert sorted(answer["attendance"]["present"]) == ["d0", "d1", "d2", "d4", "d9"]
    assert answer["expected"] == 4


async def test_whom_an_invitation_names_must_exist(town: Office) -> None:
    for invited in ({"group_ids": ["g9"]}, {"station_ids": ["st9"]}, {"deputyship_ids": ["d99"]}):
        body = {"of": "training", "held_on": "2020-06-09", "invited": invited}
        answer = await town.driver.call("POST", "/attendance:resolve", body)
        assert answer.status == 422


async def test_a_sheet_is_printed_for_those_invited(town: Office) -> None:
    register = await town.driver.call("GET", "/reception_register?held_on=2020-06-09&station_id=st1")
    assert (register.status, register.json[:5]) == (200, b"%PDF-")
    page = await town.driver.call("GET", "/sign_in_sheet?of=reception&held_on=2020-06-09&station_id=st1")
    assert page.json.decode().count("<tr>") == 1 + 7
