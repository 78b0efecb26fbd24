"""What an account names is checked against what roster and ratings told; what is not known yet is told, not refused."""

import asyncio
from functools import partial
from typing import Any

import pytest

from services.accounts import repository
from services.accounts.handlers import copies
from tests.component.accounts.conftest import Desk, deputy
from tests.fixtures.apps import TOWN
from tests.probes import eventually

TELLER = {"name": "teller1", "display_name": "赵示例01", "roles": ["teller"], "areas": [TOWN]}


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 0.5)


@pytest.fixture
async def heard(office: Desk) -> Desk:
    """The roster has told of one deputy, ratings of one meeting."""
    await office.driver.says("roster.deputyship.started.v1", {"id": "d1", "status": "serving"})
    await office.driver.says("ratings.meeting.planned.v1", {"id": "m1", "state": "planned"})
    return office


async def test_an_account_of_a_known_deputy_is_checked(heard: Desk) -> None:
    made = await heard.must("POST", "/accounts", deputy(1))
    assert made["unchecked"] == []
    teller = await heard.must("POST", "/accounts", {**TELLER, "meeting_id": "m1"})
    assert teller["unchecked"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [(deputy(2), "deputyship_id"), ({**TELLER, "meeting_id": "nowhere"}, "meeting_id")],
)
async def test_an_unknown_id_is_refused_with_its_field(heard: Desk, body: Any, field: str) -> None:
    answer = await heard.refused("POST", "/accounts", body, 422, "reference-unknown")
    assert [error["loc"] for error in answer.json["errors"]] == [f"body.{field}"]
    assert (await heard.must("GET", "/accounts"))["items"] == []


async def test_an_id_on_its_way_is_waited_for(heard: Desk) -> None:
    adding = asyncio.create_task(heard.call("POST", "/accounts", deputy(2)))
    await asyncio.sleep(0)
    await heard.driver.says("roster.deputyship.started.v1", {"id": "d2", "status": "serving"})
    answer = await adding
    assert (answer.status, answer.json["unchecked"]) == (201, [])


async def test_before_anything_is_heard_of_a_town_it_is_told_what_was_not_checked(office: Desk) -> None:
    made = await office.must("POST", "/accounts", deputy(1))
    teller = await office.must("POST", "/accounts", {**TELLER, "meeting_id": "m1"})
    assert (made["unchecked"], teller["unchecked"]) == (["deputyship_id"], ["meeting_id"])
    listed = {one["id"]: one["unchecked"] for one in (await office.must("GET", "/accounts"))["items"]}
    assert listed == {made["id"]: ["deputyship_id"], teller["id"]: ["meeting_id"]}
    await office.driver.says("roster.deputyship.started.v1", {"id": "d1", "status": "serving"})
    assert (await office.must("GET", f"/accounts/{made['id']}"))["unchecked"] == []
    assert (await office.must("GET", f"/accounts/{teller['id']}"))["unchecked"] == ["meeting_id"]


@pytest.mark.parametrize("status", ["ended", "voided"])
async def test_a_mandate_that_is_over_gets_no_account(heard: Desk, status: str) -> None:
    kind = f"roster.deputyship.{status}.v1"
    await heard.driver.says(kind, {"id": "d1", "status": status, "version": 2})
    await heard.refused("POST", "/accounts", deputy(1), 422, "reference-unknown")


async def test_a_voided_mandate_ends_its_account(heard: Desk) -> None:
    made = await heard.must("POST", "/accounts", deputy(1))
    await heard.driver.says("roster.deputyship.voided.v1", {"id": "d1", "status": "voided", "version": 2})
    assert (await heard.must("GET", f"/accounts/{made['id']}"))["state"] == "disabled"
    await heard.refused("POST", f"/accounts/{made['id']}:enable", {}, 422, "reference-unknown")


async def test_a_mandate_that_ends_at_the_same_moment_gets_no_account(
    heard: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, ended = copies.check, {"id": "d1", "status": "ended", "version": 2}
    endings = iter([partial(heard.driver.says, "roster.deputyship.ended.v1", ended)])

    async def check_then_end(*args: Any) -> None:
        await check(*args)
        if (end := next(endings, None)) is not None:
            await end()

    monkeypatch.setattr(copies, "check", check_then_end)
    await heard.refused("POST", "/accounts", deputy(1), 422, "reference-unknown")


async def test_an_account_that_is_added_while_its_mandate_ends_is_disabled(
    heard: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is added after the end has found none to disable, and before that is written."""
    find, adding = repository.account_of, iter([partial(heard.must, "POST", "/accounts", deputy(1))])
    made: list[dict[str, Any]] = []

    async def find_then_add(*args: Any) -> Any:
        found = await find(*args)
        if (add := next(adding, None)) is not None:
            made.append(await add())
        return found

    monkeypatch.setattr(repository, "account_of", find_then_add)
    await heard.driver.says("roster.deputyship.ended.v1", {"id": "d1", "status": "ended", "version": 2})

    async def disabled() -> bool:
        account = await heard.must("GET", f"/accounts/{made[0]['id']}")
        return str(account["state"]) == "disabled"

    await eventually(disabled, within=10)


async def test_a_suspended_deputy_keeps_the_account(heard: Desk) -> None:
    made = await heard.must("POST", "/accounts", deputy(1))
    told = {"id": "d1", "status": "suspended", "version": 2}
    await heard.driver.says("roster.deputyship.suspended.v1", told)
    assert (await heard.must("GET", f"/accounts/{made['id']}"))["state"] == "invited"


async def test_a_change_is_checked_too_and_voids_the_letters_given_before(heard: Desk) -> None:
    await heard.driver.says("roster.deputyship.started.v1", {"id": "d2", "status": "serving"})
    made = await heard.must("POST", "/accounts", deputy(1))
    path = f"/accounts/{made['id']}"
    letter = await heard.must("POST", f"{path}:letter", {})
    await heard.refused("PATCH", path, {"deputyship_id": "d9"}, 422, "reference-unknown")
    assert (await heard.must("PATCH", path, {"deputyship_id": "d2"}))["deputyship_id"] == "d2"
    sent = {"letter": letter["code"]}
    await heard.refused("POST", "/sign_ins", sent, 404, "code-unknown", token="")
    fresh = await heard.must("POST", f"{path}:letter", {})
    assert (await heard.call("POST", "/sign_ins", {"letter": fresh["code"]}, token="")).status == 201


async def test_a_new_display_name_voids_no_letter(heard: Desk) -> None:
    made = await heard.must("POST", "/accounts", deputy(1))
    letter = await heard.must("POST", f"/accounts/{made['id']}:letter", {})
    await heard.must("PATCH", f"/accounts/{made['id']}", {"display_name": "李示例一"})
    assert (await heard.call("POST", "/sign_ins", {"letter": letter["code"]}, token="")).status == 201


async def test_the_set_up_link_outlives_a_change_of_the_mandate(heard: Desk) -> None:
    await heard.driver.says("roster.deputyship.started.v1", {"id": "d2", "status": "serving"})
    made = await heard.must("POST", "/accounts", deputy(1))
    await heard.must("PATCH", f"/accounts/{made['id']}", {"deputyship_id": "d2"})
    await heard.set_up(made["set_up"]["code"])
    assert (await heard.sign_in("deputy1")).status == 201


async def test_a_mandate_of_another_town_is_unknown_here(heard: Desk, county: Desk) -> None:
    elsewhere = f"{TOWN[:6]}198"
    body = deputy(1, areas=[elsewhere])
    made = await county.must("POST", "/accounts", body)
    assert made["unchecked"] == ["deputyship_id"], "nothing was heard of that town"
