"""A roster set back to a backup: the copies follow its log, what people decided in accounts stays."""

from typing import Any

import pytest

from services.accounts.repository import DEPUTYSHIPS
from shared.envelope import source_of
from shared.transport import Message
from tests.component.accounts.conftest import Desk, deputy
from tests.component.accounts.test_tokens import renew
from tests.fixtures.apps import TOWN
from tests.probes import eventually

SOURCE = source_of(TOWN, "roster")


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 0.5)


async def tells(desk: Desk, verb: str, id: str, version: int, **more: Any) -> Message:
    data = {"id": id, "status": "serving", "version": version} | more
    return await desk.driver.says(f"roster.deputyship.{verb}.v1", data)


async def copied(desk: Desk) -> dict[str, str]:
    found = await desk.driver.alive.store.reading(TOWN, "tester").find(DEPUTYSHIPS)
    return {copy.id: copy.status for copy in found}


async def state(desk: Desk, account: Any) -> str:
    return str((await desk.must("GET", f"/accounts/{account['id']}"))["state"])


async def test_the_copies_are_those_of_the_restored_log(office: Desk) -> None:
    kept = [await tells(office, "started", "d1", 1), await tells(office, "started", "d2", 1)]
    await tells(office, "ended", "d1", 2, status="ended")
    await tells(office, "started", "d3", 1)
    epoch = await office.driver.set_back(kept)
    assert await copied(office) == {"d1": "serving", "d2": "serving"}
    made = await office.must("POST", "/accounts", deputy(1))
    assert made["unchecked"] == []
    await office.refused("POST", "/accounts", deputy(3), 422, "reference-unknown")
    ended = {"id": "d1", "status": "ended", "version": 2}
    await office.driver.says("roster.deputyship.ended.v1", ended, epoch=epoch)
    assert await state(office, made) == "disabled", "the end in the new epoch is another one"


async def test_an_account_enabled_since_stays_so_and_its_password_and_session_too(office: Desk) -> None:
    kept = [await tells(office, "started", "d1", 1)]
    made = await office.must("POST", "/accounts", deputy(1))
    kept.append(await tells(office, "ended", "d1", 2, status="ended"))
    kept.append(await tells(office, "resumed", "d1", 3))
    assert await state(office, made) == "disabled"
    enabled = await office.must("POST", f"/accounts/{made['id']}:enable", {})
    await office.set_up(enabled["set_up"]["code"])
    signed = await office.sign_in("deputy1")
    await tells(office, "started", "d2", 1)
    await office.driver.set_back(kept)
    assert await copied(office) == {"d1": "serving"}
    assert await state(office, made) == "active"
    assert (await renew(office, signed.json["refresh_token"])).status == 200
    assert (await office.sign_in("deputy1")).status == 201


async def test_an_account_whose_mandate_ended_in_the_undone_past_stays_disabled(office: Desk) -> None:
    kept = [await tells(office, "started", "d1", 1)]
    made = await office.must("POST", "/accounts", deputy(1))
    await tells(office, "ended", "d1", 2, status="ended")
    await office.driver.set_back(kept)
    assert await copied(office) == {"d1": "serving"}
    assert await state(office, made) == "disabled"
    await office.must("POST", f"/accounts/{made['id']}:enable", {})


async def test_an_account_of_a_mandate_that_is_gone_is_told_as_unchecked(office: Desk) -> None:
    kept = [await tells(office, "started", "d1", 1)]
    await tells(office, "started", "d2", 1)
    made = await office.must("POST", "/accounts", deputy(2))
    assert made["unchecked"] == []
    await office.driver.set_back(kept)
    assert (await office.must("GET", f"/accounts/{made['id']}"))["unchecked"] == ["deputyship_id"]
    assert await state(office, made) == "invited"


@pytest.mark.parametrize("step", ["added", "enabled"])
async def test_nobody_gets_rights_from_a_mandate_while_its_end_is_to_be_received_again(
    office: Desk, step: str
) -> None:
    kept = [await tells(office, "started", "d1", 1)]
    made = await office.must("POST", "/accounts", deputy(1)) if step == "enabled" else None
    kept.append(await tells(office, "ended", "d1", 2, status="ended"))
    path, body = (f"/accounts/{made['id']}:enable", {}) if made else ("/accounts", deputy(1))
    await office.refused("POST", path, body, 422, "reference-unknown")
    rebuilt = await office.call("POST", f"/towns/{TOWN}:rebuild", {})
    assert rebuilt.status == 202, rebuilt.json
    await office.refused("POST", path, body, 503, "unavailable")
    await office.driver.transport.publish(kept[:1])
    await eventually(lambda: copied_is(office, {"d1": "serving"}))
    await office.refused("POST", path, body, 503, "unavailable")
    await office.driver.hears_again(SOURCE, kept[1:])
    await office.refused("POST", path, body, 422, "reference-unknown")


@pytest.mark.parametrize("reading", [1, 2, 3])
async def test_a_mandate_whose_end_is_received_again_between_two_readings_gives_nobody_rights(
    office: Desk, monkeypatch: pytest.MonkeyPatch, reading: int
) -> None:
    """Its copy is read as long as there is none, the mark when all is here again."""
    kept = [await tells(office, "started", "d1", 1), await tells(office, "ended", "d1", 2, status="ended")]
    rebuilt = await office.call("POST", f"/towns/{TOWN}:rebuild", {})
    assert rebuilt.status == 202, rebuilt.json
    find, readings = office.driver.alive.store.find, list[int]()

    async def look_then_hear(name: str, query: Any, **options: Any) -> list[dict[str, Any]]:
        found = await find(name, query, **options)
        if name == DEPUTYSHIPS.name and query.get("_id") == "d1":
            readings.append(len(readings) + 1)
            if readings[-1] == reading:
                await office.driver.hears_again(SOURCE, kept)
        return found

    monkeypatch.setattr(office.driver.alive.store, "find", look_then_hear)
    answer = await office.call("POST", "/accounts", deputy(1))
    assert (answer.status, answer.code) in {(422, "reference-unknown"), (503, "unavailable")}, answer.json
    assert (await office.must("GET", "/accounts"))["items"] == []


async def copied_is(desk: Desk, expected: dict[str, str]) -> bool:
    return await copied(desk) == expected
