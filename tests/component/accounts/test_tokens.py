"""Tokens: issued to people and programs, renewed once, revoked, and every kind that is none."""

import base64
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.accounts.domain.sessions import GRACE, REPEATS
from shared.errors import Unauthenticated
from shared.http.middleware import RATES
from shared.security.keystore import KeyStore
from shared.security.tokens import UrlKeys, Verifier
from tests.component.accounts.conftest import CLERK, Desk, deputy
from tests.fixtures.apps import TOWN, Answer
from tests.fixtures.clocks import FixedClock
from tests.probes import eventually

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENT = {"name": "县系统", "roles": ["service"], "areas": [TOWN], "expires_on": "2099-12-31"}


async def oauth(desk: Desk, path: str, headers: Any = None, **fields: str) -> Answer:
    async with desk.driver.client.post(f"/accounts/oauth/{path}", data=fields, headers=headers) as response:
        return Answer(response.status, response.headers, await response.json())


async def renew(desk: Desk, refresh_token: str) -> Answer:
    return await oauth(desk, "token", grant_type="refresh_token", refresh_token=refresh_token)


async def for_client(desk: Desk, client: dict[str, Any], **more: str) -> Answer:
    secret = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    return await oauth(desk, "token", grant_type="client_credentials", **secret, **more)


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "==")))


async def test_a_refresh_token_is_used_once_and_a_copy_ends_the_session(office: Desk) -> None:
    await office.made(CLERK)
    first = (await office.sign_in("wang01")).json
    second = (await renew(office, first["refresh_token"])).json
    assert (second["token_type"], second["expires_in"], second["scope"]) == ("Bearer", 600, "office")
    await office.as_(second["access_token"]).must("GET", "/me")
    third = (await renew(office, second["refresh_token"])).json
    copied = await renew(office, first["refresh_token"])
    assert (copied.status, copied.json["error"]) == (400, "invalid_grant")
    await over(office, first, second, third)


async def over(desk: Desk, *given: dict[str, Any]) -> None:
    """The session of these tokens was ended, because one was copied."""
    assert (await renew(desk, given[-1]["refresh_token"])).status == 400
    for tokens in given:
        await desk.as_(tokens["access_token"]).refused("GET", "/me", None, 401, "unauthenticated")
    assert (await desk.events())[-1]["data"]["detail"] == "token-reused"


async def test_a_renewal_whose_answer_was_lost_is_repeated_within_a_minute(office: Desk) -> None:
    await office.made(CLERK)
    first = (await office.sign_in("wang01")).json
    lost = [(await renew(office, first["refresh_token"])).json for _ in range(2)]
    second = await renew(office, first["refresh_token"])
    assert second.status == 200
    third = await renew(office, second.json["refresh_token"])
    assert third.status == 200
    assert (await renew(office, lost[0]["refresh_token"])).status == 400
    await over(office, first, *lost, second.json, third.json)


async def test_who_repeats_a_renewal_with_a_copy_is_found_out_at_the_next(office: Desk) -> None:
    await office.made(CLERK)
    first = (await office.sign_in("wang01")).json
    own = (await renew(office, first["refresh_token"])).json
    copied = (await renew(office, first["refresh_token"])).json
    assert (await renew(office, own["refresh_token"])).status == 400
    await over(office, first, own, copied)


async def test_a_renewal_repeated_too_often_ends_the_session(office: Desk) -> None:
    """Or the tokens given meanwhile would push the holder's own out of those that are known as used."""
    await office.made(CLERK)
    first = (await office.sign_in("wang01")).json
    own = (await renew(office, first["refresh_token"])).json
    copied = [await renew(office, first["refresh_token"]) for _ in range(REPEATS)]
    assert [answer.status for answer in copied] == [200] * REPEATS
    assert (await renew(office, first["refresh_token"])).status == 400
    await over(office, first, own, *(answer.json for answer in copied))


@pytest.mark.parametrize("passed", [GRACE, -2 * GRACE], ids=["later", "by a clock that was set back"])
async def test_a_renewal_is_not_repeated_after_a_minute(
    office: Desk, monkeypatch: pytest.MonkeyPatch, passed: timedelta
) -> None:
    await office.made(CLERK)
    first = (await office.sign_in("wang01")).json
    second = (await renew(office, first["refresh_token"])).json
    store = office.driver.alive.store
    with monkeypatch.context() as patch:
        patch.setattr(store, "clock", FixedClock(store.clock.now() + passed))
        assert (await renew(office, first["refresh_token"])).status == 400
    await over(office, first, second)


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "0" * 5000])
async def test_texts_that_are_no_refresh_token(office: Desk, token: str) -> None:
    assert (await renew(office, token)).json["error"] == "invalid_grant"


async def test_a_guess_at_a_session_does_not_end_it(office: Desk) -> None:
    await office.made(CLERK)
    signed_in = (await office.sign_in("wang01")).json
    sid = signed_in["refresh_token"].partition(".")[0]
    assert (await renew(office, f"{sid}.guessed")).status == 400
    assert (await renew(office, signed_in["refresh_token"])).status == 200


async def test_tokens_say_what_rfc_9068_asks_for(office: Desk) -> None:
    await office.made(deputy(1))
    token = (await office.sign_in("deputy1")).json["access_token"]
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    claims = claims_of(token)
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("lvzhi", "lvzhi", "d1")
    assert (claims["area"], claims["roles"], claims["deputyship_id"]) == (TOWN, ["deputy"], "d1")
    assert claims["exp"] - claims["iat"] == 600
    assert {"jti", "sid"} <= claims.keys()


async def test_a_program_gets_tokens_with_its_secret(office: Desk) -> None:
    client = await office.must("POST", "/clients", CLIENT)
    answer = await for_client(office, client)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "scope"}, "no refresh token"
    claims = claims_of(answer.json["access_token"])
    assert claims["sub"] == claims["client_id"] == client["id"]
    basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    header = {"Authorization": f"Basic {basic}"}
    assert (await oauth(office, "token", header, grant_type="client_credentials")).status == 200
    feed = await office.as_(answer.json["access_token"]).call("GET", f"/towns/{TOWN}/events")
    assert feed.status == 200
    assert feed.headers["RateLimit-Policy"] == '"client";q=600;w=60'
    assert answer.headers["RateLimit"].startswith('"client";r=599;t=')
    assert feed.headers["RateLimit"].startswith('"client";r=597;t='), "two tokens before"


async def test_secrets_are_shown_once_and_two_are_valid_at_a_time(office: Desk) -> None:
    first = await office.must("POST", "/clients", CLIENT)
    path = f"/clients/{first['id']}"
    assert "client_secret" not in await office.must("GET", path)
    second = await office.must("POST", f"{path}:rotate", {})
    assert [(await for_client(office, one)).status for one in (first, second)] == [200, 200]
    third = await office.must("POST", f"{path}:rotate", {})
    assert [(await for_client(office, one)).status for one in (first, second, third)] == [401, 200, 200]
    token = (await for_client(office, second)).json["access_token"]
    alone = await office.must("POST", f"{path}:rotate", {"alone": True})
    assert [(await for_client(office, one)).status for one in (second, third, alone)] == [401, 401, 200]
    await office.as_(token).refused("GET", f"/towns/{TOWN}/events", None, 401, "unauthenticated")
    told = str(await office.events())
    assert all(one["client_secret"] not in told for one in (first, second, third))


async def test_a_disabled_or_expired_program_gets_nothing(office: Desk) -> None:
    yesterday = CLIENT | {"expires_on": "2020-01-01"}
    await office.refused("POST", "/clients", yesterday, 422, "invalid-input")
    client = await office.must("POST", "/clients", CLIENT)
    token = (await for_client(office, client)).json["access_token"]
    await office.must("POST", f"/clients/{client['id']}:disable", {})
    answer = await for_client(office, client)
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    await office.as_(token).refused("GET", f"/towns/{TOWN}/events", None, 401, "unauthenticated")


async def test_nobody_gives_a_program_more_than_they_may(office: Desk, county: Desk) -> None:
    for change in ({"roles": ["county"]}, {"areas": ["340281"]}, {"areas": ["340281198"]}):
        await office.refused("POST", "/clients", CLIENT | change, 403, "beyond-own-rights")
    for unfit in ({"roles": ["teller"]}, {"roles": list[str]()}, {"areas": [""]}):
        assert (await office.call("POST", "/clients", CLIENT | unfit)).status == 422
    above = await county.must("POST", "/clients", CLIENT | {"areas": ["340281"]})
    await office.refused("POST", f"/clients/{above['id']}:rotate", {}, 404, "not-found")


async def test_a_scope_narrows_and_never_widens(county: Desk) -> None:
    both = CLIENT | {"roles": ["auditor", "service"]}
    client = await county.must("POST", "/clients", both)
    narrow = await for_client(county, client, scope="auditor")
    assert claims_of(narrow.json["access_token"])["roles"] == ["auditor"]
    assert (await for_client(county, client, scope="office")).json["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, "invalid_client"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
    ],
)
async def test_requests_for_tokens_that_are_refused(office: Desk, fields: dict[str, str], error: str) -> None:
    answer = await oauth(office, "token", **fields)
    assert (answer.status, answer.json["error"]) == (401 if error == "invalid_client" else 400, error)


@pytest.mark.parametrize("header", ["Basic é", "Basic _w==", "Basic Og==", "Basic /zr/", "Basic", "Bearer x"])
async def test_headers_that_are_no_credentials(office: Desk, header: str) -> None:
    answer = await oauth(office, "token", {"Authorization": header}, grant_type="client_credentials")
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


async def test_a_session_is_revoked_by_its_refresh_token(office: Desk) -> None:
    await office.made(CLERK)
    signed_in = (await office.sign_in("wang01")).json
    assert (await oauth(office, "revoke", token="nobody's")).status == 200
    assert (await oauth(office, "revoke", token=signed_in["refresh_token"])).status == 200
    assert (await renew(office, signed_in["refresh_token"])).status == 400
    await office.as_(signed_in["access_token"]).refused("GET", "/me", None, 401, "unauthenticated")


async def test_an_access_token_is_revoked_alone(office: Desk) -> None:
    await office.made(CLERK)
    first, second = [(await office.sign_in("wang01")).json for _ in range(2)]
    await oauth(office, "revoke", token=first["access_token"])
    await office.as_(first["access_token"]).refused("GET", "/me", None, 401, "unauthenticated")
    await office.as_(second["access_token"]).must("GET", "/me")
    assert (await renew(office, first["refresh_token"])).status == 200


async def test_a_program_cannot_revoke_for_another(office: Desk) -> None:
    one, other = [await office.must("POST", "/clients", CLIENT) for _ in range(2)]
    token = (await for_client(office, one)).json["access_token"]
    secret = {"client_id": other["client_id"], "client_secret": other["client_secret"]}
    assert (await oauth(office, "revoke", token=token, **secret)).status == 200
    assert (await office.as_(token).call("GET", f"/towns/{TOWN}/events")).status == 200
    assert (await oauth(office, "revoke", token=token, client_id="x", client_secret="y")).status == 401


async def test_what_else_the_same_holder_signs_is_no_token(office: Desk) -> None:
    await office.must("POST", "/accounts", CLERK)
    auditor = office.as_(office.driver.token("auditor"))
    statement = (await auditor.must("GET", f"/towns/{TOWN}/head"))["statement"]
    await office.as_(statement).refused("GET", "/accounts", None, 401, "unauthenticated")
    keys, now = office.driver.keys, int(time.time())
    claims = {"iss": "lvzhi", "aud": "lvzhi", "sub": "u", "area": TOWN, "roles": ["office"], "exp": now + 60}
    for typ in ("JWT", "lvzhi-head+jws", "", "at+jwt;x", "refresh+jwt"):
        header = {"alg": "ES256", "kid": keys._key.kid, "typ": typ}
        token = jwt.encode(header, claims, keys._key)
        await office.as_(token).refused("GET", "/accounts", None, 401, "unauthenticated")
    heads = KeyStore(keys.jwks_path.parent / "accounts", purpose="heads")
    token = jwt.encode({"alg": "ES256", "kid": heads._key.kid, "typ": "at+jwt"}, claims, heads._key)
    await office.as_(token).refused("GET", "/accounts", None, 401, "unauthenticated")


async def test_the_published_keys_verify_tokens_and_heads(office: Desk) -> None:
    answer = await office.driver.call("GET", "//accounts/jwks.json", token="")
    document = json.loads(answer.json) if isinstance(answer.json, bytes) else answer.json
    assert [key.get("lvzhi_for") for key in document["keys"]] == ["heads", None]
    assert all("d" not in key for key in document["keys"])
    public = ECKey.import_key(document["keys"][1])
    token = office.driver.token("office")
    assert jwt.decode(token, public, algorithms=["ES256"]).claims["sub"] == "clerk"


async def test_the_issuer_describes_itself(office: Desk) -> None:
    answer = await office.driver.call("GET", "//.well-known/oauth-authorization-server", token="")
    assert (answer.status, answer.json["issuer"]) == (200, "lvzhi")
    assert answer.json["token_endpoint"].endswith("/accounts/oauth/token")
    assert answer.json["jwks_uri"].endswith("/accounts/jwks.json")


async def test_another_process_learns_of_what_was_revoked_and_of_keys(office: Desk) -> None:
    await office.made(CLERK | {"name": "zhao01"})
    account = await office.made(CLERK)
    address = str(office.driver.client.make_url("/accounts/jwks.json"))
    verifier = Verifier(UrlKeys(address, refresh_seconds=0.2))
    token = (await office.sign_in("wang01")).json["access_token"]
    assert (await verifier.verify(token)).sub == account["id"]
    await office.must("POST", f"/accounts/{account['id']}:disable", {})

    async def refused() -> bool:
        """the token of a disabled account, by another process"""
        try:
            await verifier.verify(token)
        except Unauthenticated:
            return True
        return False

    await eventually(refused)
    office.driver.keys.rotate()
    assert len((await UrlKeys(address).current()).keys) == 2
    assert await refused()


async def test_a_program_that_asks_too_often_is_told_when_to_come_back(office: Desk) -> None:
    client = await office.must("POST", "/clients", CLIENT)
    own = office.as_((await for_client(office, client)).json["access_token"])
    office.driver.client.app[RATES].quota = 3
    answers = [await own.call("GET", f"/towns/{TOWN}/events") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert (refused.code, refused.headers["RateLimit"].split(";t=")[0]) == (
        "too-many-requests",
        '"client";r=0',
    )
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert (await office.call("GET", "/accounts")).status == 200, "people are not limited by it"
