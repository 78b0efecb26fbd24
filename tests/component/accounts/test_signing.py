"""Signed requests: each is worth a token once, and only to who has the secret."""

import asyncio
import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.accounts.app import build
from services.accounts.settings import Settings
from tests.component.accounts.conftest import Desk
from tests.component.accounts.test_tokens import oauth
from tests.fixtures.apps import TOWN, Answer, Drive
from tests.fixtures.clocks import FixedClock

CLIENT = {"name": "县平台", "roles": ["service"], "areas": [TOWN], "expires_on": "2099-12-31", "signs": True}


def signed(client: dict[str, Any], **change: Any) -> dict[str, Any]:
    """A request to read the log, signed as docs/integrate.md says; `change` after it was signed, but for `at`."""
    body = {
        "app_key": client["client_id"],
        "timestamp": str(int(time.time()) + change.pop("at", 0)),
        "nonce": secrets.token_hex(8),
        "method": "GET",
        "target": f"/roster/v1/towns/{TOWN}/events?limit=1",
        "digest": hashlib.sha256(b"").hexdigest(),
    }
    key = change.pop("key", client["client_secret"])
    body["signature"] = hmac.new(key.encode(), "\n".join(body.values()).encode(), "sha256").hexdigest()
    return body | change


async def check(desk: Desk, body: dict[str, Any]) -> Answer:
    return await desk.call("POST", "/signed_requests", body, token="")


@pytest.fixture
async def client(office: Desk) -> dict[str, Any]:
    return dict(await office.must("POST", "/clients", CLIENT))


async def test_a_signed_request_is_worth_a_token_once(office: Desk, client: dict[str, Any]) -> None:
    request = signed(client)
    given = await check(office, request)
    assert (given.status, given.json["scope"]) == (200, "service")
    assert (await office.as_(given.json["access_token"]).call("GET", "/retention")).status == 200
    again = await check(office, request)
    assert (again.status, again.code) == (401, "signature-refused")


async def test_a_request_that_is_sent_twice_at_once_counts_once(office: Desk, client: dict[str, Any]) -> None:
    request = signed(client)
    answers = await asyncio.gather(*(check(office, request) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


@pytest.mark.parametrize(
    "change",
    [
        {"target": "/roster/v1/towns"},
        {"method": "POST"},
        {"digest": "0" * 64},
        {"nonce": "another-nonce"},
        {"signature": "0" * 64},
        {"key": "lzs_another"},
        {"at": -301},
        {"at": 302},
        {"app_key": "unknown"},
    ],
)
async def test_what_is_refused(office: Desk, client: dict[str, Any], change: dict[str, Any]) -> None:
    answer = await check(office, signed(client, **change))
    assert (answer.status, answer.code) == (401, "signature-refused")


async def test_who_has_not_the_secret_uses_up_no_nonce(office: Desk, client: dict[str, Any]) -> None:
    request = signed(client)
    assert (await check(office, request | {"signature": "0" * 64})).status == 401
    assert (await check(office, request)).status == 200


async def test_a_client_that_only_gets_tokens_signs_nothing(office: Desk) -> None:
    client = await office.must("POST", "/clients", CLIENT | {"signs": False})
    assert (await check(office, signed(client))).status == 401


async def test_both_secrets_sign_after_a_rotation_and_one_where_it_became_known(
    office: Desk, client: dict[str, Any]
) -> None:
    second = await office.must("POST", f"/clients/{client['client_id']}:rotate", {})
    for one in (client, second):
        assert (await check(office, signed(one))).status == 200
    third = await office.must("POST", f"/clients/{client['client_id']}:rotate", {"alone": True})
    assert [(await check(office, signed(one))).status for one in (client, second, third)] == [401, 401, 200]


async def test_a_client_signs_until_the_end_of_its_last_day_in_china(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 17:00 UTC it is one o'clock of the next day in Beijing, as for tokens."""
    last = FixedClock(datetime(2020, 12, 31, 15, tzinfo=UTC))
    driver = await drive(build(Settings(data_dir=tmp_path)), clock=last)
    office = Desk(driver, driver.token("office"))
    client = await office.must("POST", "/clients", CLIENT | {"expires_on": "2020-12-31"})
    named = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    for clock, status in ((last, 200), (FixedClock(last.instant + timedelta(hours=2)), 401)):
        monkeypatch.setattr(driver.alive.store, "clock", clock)
        at = int(clock.now().timestamp()) - int(time.time())
        assert (await check(office, signed(client, at=at))).status == status
        answer = await oauth(office, "token", grant_type="client_credentials", **named)
        assert answer.status == status


async def test_a_disabled_client_signs_nothing_and_refusals_are_recorded(
    office: Desk, client: dict[str, Any]
) -> None:
    await check(office, signed(client, at=-999))
    await office.must("POST", f"/clients/{client['client_id']}:disable", {})
    assert (await check(office, signed(client))).status == 401
    audit = await office.must("GET", f"/towns/{TOWN}/audit?kind=client_refused")
    assert [entry["detail"] for entry in audit["items"]] == ["expired", "time"]


async def test_ten_refusals_of_a_client_in_a_minute_are_recorded_at_both_doors_together(
    office: Desk, client: dict[str, Any]
) -> None:
    named = {"client_id": client["client_id"], "client_secret": "no"}
    for _ in range(6):
        assert (await check(office, signed(client, key="no"))).status == 401
        answer = await oauth(office, "token", grant_type="client_credentials", **named)
        assert answer.status == 401
    audit = await office.must("GET", f"/towns/{TOWN}/audit?kind=client_refused")
    assert len(audit["items"]) == 10


async def test_the_secret_is_encrypted_where_it_is_kept(office: Desk, client: dict[str, Any]) -> None:
    (stored,) = [one async for one in office.driver.alive.store.database["signing"].find({})]
    assert client["client_secret"] not in str(stored)
    assert str(stored["secret"]).startswith("sealed:")
