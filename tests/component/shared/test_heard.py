"""A caller who was told something elsewhere can have this service wait until it was told the same."""

import asyncio

import pytest
from multidict import CIMultiDict

from services.activities.app import build
from services.activities.settings import Settings
from shared.http import received
from tests.fixtures.apps import TOWN, Drive, Driver

PERSON = {"id": "p1", "name": "张示例"}
BODY = {"kind": "training", "title": "学习", "held_on": "2020-03-05"}


@pytest.fixture
async def activities(drive: Drive) -> Driver:
    return await drive(build(Settings()))


async def test_a_request_waits_for_what_its_sender_saw(activities: Driver) -> None:
    said = activities.says("roster.person.registered.v1", PERSON)
    made, _ = await asyncio.gather(
        activities.call("POST", "/activities", BODY, headers={"Lvzhi-After": "roster=1"}), said
    )
    assert made.status == 201
    assert (await activities.call("GET", "/activities", headers={"Lvzhi-After": "roster=1"})).status == 200


async def test_what_does_not_arrive_in_time_is_asked_for_again_later(
    activities: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received, "ARRIVAL_SECONDS", 0.05)
    await activities.says("roster.person.registered.v1", PERSON)
    refused = await activities.call("POST", "/activities", BODY, headers={"Lvzhi-After": "roster=2"})
    assert (refused.status, refused.code) == (503, "not-heard-yet")
    assert await activities.events() == []


@pytest.mark.parametrize(
    "given",
    [["roster=9,roster=1"], ["roster=1,roster=9"], ["roster=1", "roster=9"], ["roster=9", "roster=1"]],
)
async def test_all_that_the_sender_saw_is_waited_for(
    activities: Driver, monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    monkeypatch.setattr(received, "ARRIVAL_SECONDS", 0.05)
    await activities.says("roster.person.registered.v1", PERSON)
    headers = CIMultiDict([("Lvzhi-After", line) for line in given])
    assert (await activities.call("GET", "/activities", headers=headers)).code == "not-heard-yet"


@pytest.mark.parametrize(
    "given", ["roster", "roster=-1", "roster=1;ratings=2", "名册=1", f"/{TOWN}/roster=1"]
)
async def test_a_header_that_says_nothing_is_refused(activities: Driver, given: str) -> None:
    refused = await activities.call("POST", "/activities", BODY, headers={"Lvzhi-After": given})
    assert (refused.status, refused.code) == (400, "malformed")


async def test_nothing_is_waited_for_once_what_the_sender_saw_is_here(
    activities: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 3600.0)
    await activities.says("roster.person.registered.v1", PERSON)
    body = {**BODY, "attendance": {"present": ["nobody"]}}
    refused = await activities.call("POST", "/activities", body, headers={"Lvzhi-After": "roster=1"})
    assert refused.status == 422
