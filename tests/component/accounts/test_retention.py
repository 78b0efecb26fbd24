"""Retention and keys: names erased in time, what is over removed, another key noticed."""

import os
import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.accounts import driver
from services.accounts.domain import retention
from services.accounts.driver import prune_now
from shared.norms import Retention
from shared.observability.metrics import REGISTRY
from shared.process.turns import Turns
from shared.security import keystore
from tests.component.accounts.conftest import CLERK, Desk, deputy
from tests.component.accounts.test_signing import CLIENT as SIGNING
from tests.component.accounts.test_signing import check, signed
from tests.fixtures.apps import TOWN
from tests.fixtures.clocks import FixedClock
from tests.probes import eventually


async def later(desk: Desk, rule: Retention, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prune as it will be done a day after the time of a rule is over."""
    store = desk.driver.alive.store
    clock = FixedClock(store.clock.now() + rule.kept + timedelta(days=1))
    with monkeypatch.context() as patch:
        patch.setattr(store, "clock", clock)
        await prune_now(desk.driver.alive, Turns("accounts", "test"))


async def test_a_disabled_account_loses_its_name_in_time(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await office.made(deputy(1))
    await office.made(CLERK)
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    await prune_now(office.driver.alive, Turns("accounts", "test"))
    assert (await office.must("GET", f"/accounts/{account['id']}"))["name"] == "deputy1"
    await later(office, retention.ACCOUNTS, monkeypatch)
    erased = await office.must("GET", f"/accounts/{account['id']}")
    assert (erased["name"], erased["display_name"]) == (f"erased-{account['id']}", "（已删除）")
    await office.refused("POST", f"/accounts/{account['id']}:enable", {}, 409, "wrong-state")
    everything = [
        str(await office.driver.alive.store.database[name].find().to_list(None))
        for name in await office.driver.alive.store.database.list_collection_names()
    ]
    assert not [text for text in everything if "deputy1" in text or "李示例01" in text]
    assert (await office.events())[-1]["type"] == "accounts.account.erased.v1"
    assert (await office.must("GET", "/accounts"))["items"][-1]["name"] == "wang01"
    await office.must("POST", "/accounts", deputy(1))


async def test_what_is_over_is_removed(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.made(CLERK)
    await office.sign_in("wang01", "not the password")
    await office.sign_in("wang01")
    await later(office, retention.AUDIT, monkeypatch)
    database = office.driver.alive.store.database
    for name in ("attempts", "invitations", "sessions", "audit"):
        assert await database[name].count_documents({}) == 0, name
    assert await database["accounts"].count_documents({}) == 1


async def test_each_is_removed_by_its_own_rule(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await office.must("POST", "/clients", SIGNING)
    assert (await check(office, signed(client))).status == 200
    account = await office.made(deputy(1))
    await office.sign_in("deputy1")
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    with capture_logs() as logs:
        await later(office, retention.SESSIONS, monkeypatch)
    assert {"accounts.revocations", "accounts.nonces"} <= {entry.get("rule") for entry in logs}


async def test_a_record_that_cannot_be_read_holds_up_no_other(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.made(CLERK)
    account = await office.made(deputy(1))
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    await office.sign_in("wang01", "not the password")
    await office.sign_in("wang01")
    database = office.driver.alive.store.database
    broken = {"town": "0", "version": "?"}
    await database["attempts"].insert_one({"_id": "!", "last_at": "2000-01-01T00:00:00.000Z", **broken})
    long_ago = {"erased_at": None, "disabled_at": "2000-01-01T00:00:00.000Z", "key": "x", "holder": "x"}
    await database["accounts"].insert_one({"_id": "!", **long_ago, **broken})
    await later(office, retention.AUDIT, monkeypatch)
    for name, left in (("attempts", 1), ("sessions", 0), ("audit", 1)):  # that of the erasure
        assert await database[name].count_documents({}) == left, name
    assert (await office.must("GET", f"/accounts/{account['id']}"))["display_name"] == "（已删除）"


async def test_more_that_cannot_be_read_than_one_turn_takes_hold_up_no_other(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "PRUNED_AT_ONCE", 2)
    await office.made(CLERK)
    account = await office.made(deputy(1))
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    database, store = office.driver.alive.store.database, office.driver.alive.store
    broken = {"town": "0", "version": "?", "erased_at": None}
    for n in range(5):
        then = f"2000-01-0{n + 1}T00:00:00.000Z"
        names = {"key": f"x{n}", "holder": f"x{n}"}
        await database["accounts"].insert_one({"_id": f"{n}", "disabled_at": then, **names, **broken})
        await database["attempts"].insert_one({"_id": f"{n}", "last_at": then, **broken})
    good = {"town": TOWN, "version": 1, "last_at": "2000-01-09T00:00:00.000Z"}
    await database["attempts"].insert_one({"_id": "good", **good})
    monkeypatch.setattr(store, "clock", FixedClock(store.clock.now() + retention.ACCOUNTS.kept * 2))
    turns = Turns("accounts", "test")
    for _ in range(4):
        await prune_now(office.driver.alive, turns)
    assert (await office.must("GET", f"/accounts/{account['id']}"))["display_name"] == "（已删除）"
    assert [one["_id"] for one in await database["attempts"].find({}).to_list(None)] == list("01234")
    assert (turns.failed(retention.ACCOUNTS.id), turns.failed(retention.ATTEMPTS.id)) == (5, 5)


async def test_rules_have_their_basis(office: Desk) -> None:
    deputy_token = office.driver.token("deputy")
    rules = (await office.as_(deputy_token).must("GET", "/retention"))["items"]
    assert {rule["id"] for rule in rules} == {rule.id for rule in retention.RULES}
    assert all("法第" in rule["basis"] and rule["days"] > 0 for rule in rules)


async def test_another_key_is_recorded_however_it_came(office: Desk) -> None:
    office.driver.keys.rotate(at_once=True)
    outbox = office.driver.alive.store.database["outbox"]

    async def recorded() -> bool:
        """the new key in the audit of the installation"""
        bodies = [one["body"] for one in await outbox.find({}).to_list(None)]
        return any("accounts.key.rotated.v1" in body and office.driver.keys.kid in body for body in bodies)

    await eventually(recorded)


async def test_keys_that_cannot_be_published_are_counted_and_the_service_stays_ready(office: Desk) -> None:
    path, alive = office.driver.keys.jwks_path, office.driver.alive
    aside = path.rename(path.with_name("aside"))
    path.mkdir()

    def failing() -> float | None:
        labels = {"service": "accounts", "task": "chores"}
        return REGISTRY.get_sample_value("background_turns_failing", labels)

    await eventually(lambda: failing() == 1)
    assert all((await alive.ready()).values())
    path.rmdir()
    aside.rename(path)
    await eventually(lambda: failing() == 0)


async def test_a_key_is_replaced_by_schedule(office: Desk) -> None:
    keys, private = office.driver.keys, office.driver.keys.jwks_path.with_name("signing-key.json")
    long_ago = time.time() - 91 * 86_400
    os.utime(private, (long_ago, long_ago))
    first = keys.kid

    async def published() -> bool:
        """the next key published, while the first still signs"""
        return keys.rotating and keys.kid == first

    await eventually(published)
    early = time.time() - keystore.AHEAD_SECONDS - 1
    os.utime(private.with_name("next-key.json"), (early, early))

    async def signs() -> bool:
        """the next key"""
        return keys.kid != first

    await eventually(signs)
