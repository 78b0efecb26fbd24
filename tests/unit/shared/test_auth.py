"""Who gets in: tokens that are valid, and every kind of token that is not."""

import asyncio
import base64
import hashlib
import hmac
import json
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared.errors import Unauthenticated, Unavailable
from shared.security import tokens
from shared.security.keystore import KeyStore
from shared.security.tokens import NOBODY, ROLES, Actor, FileKeys, UrlKeys, Verifier, keys_from

TOWN = "340281101"


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def verifier(store: KeyStore) -> Verifier:
    return Verifier(FileKeys(store.jwks_path))


def signed(store: KeyStore, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token of the store's own key with any claims."""
    whole = {
        "iss": "lvzhi",
        "aud": "lvzhi",
        "sub": "u",
        "area": TOWN,
        "roles": ["office"],
        "exp": int(time.time()) + 600,
    } | claims
    kept = {name: value for name, value in whole.items() if value is not None}
    headers = {"alg": "ES256", "kid": store._key.kid, "typ": "at+jwt"} | (header or {})
    return jwt.encode(headers, kept, store._key)


async def refused(verifier: Verifier, token: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    assert caught.value.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_minted_token_is_accepted(store: KeyStore, verifier: Verifier) -> None:
    actor = await verifier.verify(store.mint("office:1", TOWN, ["office", "teller"], 1))
    assert actor == Actor("office:1", TOWN, frozenset({"office", "teller"}))


async def test_a_token_seen_before_is_still_refused_once_it_has_expired(
    store: KeyStore, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = store.mint("u", TOWN, ["office"], 1)
    assert (await verifier.verify(token)) is (await verifier.verify(token))
    later = time.time() + 3600 + tokens.LEEWAY_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    await refused(verifier, token)


async def test_a_withdrawn_key_ends_its_tokens(store: KeyStore, verifier: Verifier) -> None:
    token = store.mint("u", TOWN, ["office"])
    assert (await verifier.verify(token)).sub == "u"
    other = ECKey.generate_key("P-256", {"kid": "next"}).as_dict(private=False)
    store.jwks_path.write_text(json.dumps({"keys": [other]}))
    await refused(verifier, token)


async def test_only_so_many_tokens_are_remembered(
    store: KeyStore, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "SEEN_LIMIT", 3)
    for number in range(10):
        await verifier.verify(store.mint(f"u{number}", TOWN, ["office"]))
        assert len(verifier._seen) <= 3


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"aud": "other"},
        {"aud": None},
        {"iss": "other"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"sub": "a\nb"},
        {"nbf": 2**40},
        {"area": None},
        {"area": ""},
        {"area": "34028110１"},
        {"area": "3402811011"},
        {"area": 340281101},
        {"area": "*"},
        {"roles": None},
        {"roles": "office"},
        {"roles": [1]},
        {"roles": [["office"]]},
    ],
)
async def test_claims_that_are_refused(store: KeyStore, verifier: Verifier, claims: dict[str, Any]) -> None:
    await refused(verifier, signed(store, **claims))


async def test_roles_without_meaning_grant_nothing(store: KeyStore, verifier: Verifier) -> None:
    actor = await verifier.verify(signed(store, roles=["office", "admin"], aud=["other", "lvzhi"]))
    assert actor.roles == {"office"}


async def test_only_a_service_has_no_area(store: KeyStore, verifier: Verifier) -> None:
    assert (await verifier.verify(store.mint("s", "", ["service"]))).covers("999999999")
    await refused(verifier, signed(store, area="", roles=["service", "office"]))
    await refused(verifier, signed(store, area="", roles=["county"]))


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_forged_tokens(store: KeyStore, verifier: Verifier) -> None:
    good = store.mint("u", TOWN, ["office"])
    header, payload, signature = good.split(".")
    public = store.jwks_path.read_bytes()
    secrets = (public, json.dumps(json.loads(public)["keys"][0]).encode(), store._key.as_pem(private=False))
    confused = packed({"alg": "HS256", "typ": "JWT"})
    for secret in secrets:
        mac = hmac.new(secret, f"{confused}.{payload}".encode(), hashlib.sha256).digest()
        await refused(verifier, f"{confused}.{payload}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")
    stranger = ECKey.generate_key("P-256", {"kid": str(store._key.kid)})
    claims = {"iss": "lvzhi", "aud": "lvzhi", "sub": "u", "area": TOWN, "roles": ["office"], "exp": 2**40}
    await refused(verifier, jwt.encode({"alg": "ES256", "kid": store._key.kid}, claims, stranger))
    await refused(
        verifier, jwt.encode({"alg": "ES256", "jwk": stranger.as_dict(private=False)}, claims, stranger)
    )
    await refused(verifier, f"{packed({'alg': 'none'})}.{payload}.")
    await refused(verifier, f"{header}.{packed({'sub': 'other'})}.{signature}")
    await refused(verifier, f"{header}.{payload}.{'A' * 86}")
    await refused(verifier, f"{header}.{payload}.")
    await refused(verifier, signed(store, {"kid": "unknown"}))


@given(st.text())
def test_any_text_is_refused(token: str) -> None:
    key = ECKey.generate_key("P-256")

    class One:
        async def current(self, *, stale: bool = False) -> Any:  # noqa: ARG002
            return tokens.key_set(json.dumps({"keys": [key.as_dict(private=False)]}).encode())

    asyncio.run(refused(Verifier(One()), token))


@given(st.from_regex("[0-9]{0,9}", fullmatch=True), st.from_regex("[0-9]{9}", fullmatch=True))
def test_an_area_covers_what_begins_with_it(area: str, town: str) -> None:
    assert Actor("u", area, frozenset()).covers(town) == (town[: len(area)] == area)
    assert not NOBODY.covers(town)


def test_mint_refuses_what_would_be_refused(store: KeyStore) -> None:
    for area, roles in (
        ("", ["office"]),
        ("34a", ["office"]),
        (TOWN, []),
        (TOWN, ["king"]),
        ("1" * 10, ["office"]),
    ):
        with pytest.raises(ValueError, match="must be"):
            store.mint("u", area, roles)
    with pytest.raises(ValueError, match="subject"):
        store.mint("", TOWN, ["office"])
    for role in ROLES:
        assert store.mint("u", TOWN, [role])


def test_the_private_key_is_private(store: KeyStore) -> None:
    private = store.jwks_path.with_name("signing-key.json")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert "d" in json.loads(private.read_text())
    (public,) = json.loads(store.jwks_path.read_text())["keys"]
    assert "d" not in public
    assert {path.name for path in private.parent.iterdir()} == {"jwks.json", "signing-key.json"}


def test_whoever_starts_together_agrees_on_the_key(tmp_path: Path) -> None:
    count = 16
    together = threading.Barrier(count)

    def kid(_: int) -> str:
        together.wait()
        return str(KeyStore(tmp_path)._key.kid)

    with ThreadPoolExecutor(count) as pool:
        kids = set(pool.map(kid, range(count)))
    (published,) = json.loads((tmp_path / "jwks.json").read_text())["keys"]
    assert kids == {published["kid"]}


async def test_new_keys_are_noticed(store: KeyStore, verifier: Verifier) -> None:
    await verifier.verify(store.mint("u", TOWN, ["office"]))
    other = ECKey.generate_key("P-256", {"kid": "next", "alg": "ES256"})
    published = json.loads(store.jwks_path.read_text())
    useless = [RSAKey.generate_key(2048).as_dict(private=False), {"kty": "oct", "k": "AAAA"}]
    store.jwks_path.write_text(
        json.dumps({"keys": [*useless, *published["keys"], other.as_dict(private=False)]})
    )
    claims = {"iss": "lvzhi", "aud": "lvzhi", "sub": "u", "area": TOWN, "roles": ["office"], "exp": 2**40}
    assert (
        await verifier.verify(jwt.encode({"alg": "ES256", "kid": "next", "typ": "at+jwt"}, claims, other))
    ).sub
    assert (await verifier.verify(store.mint("u", TOWN, ["office"]))).sub


async def test_a_token_nested_too_deep_is_none(store: KeyStore, verifier: Verifier) -> None:
    deep = store.sign(b"[" * 3_000, kind="at+jwt")
    with pytest.raises(Unauthenticated):
        await verifier.verify(deep)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"keys": 1}', '{"keys": [1]}', '{"keys": [{"kty": "EC", "crv": "P-256"}]}']
)
async def test_an_unreadable_key_set_is_our_trouble_not_the_callers(tmp_path: Path, content: str) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(content)
    with pytest.raises(Unavailable):
        await Verifier(keys_from(path)).verify("a.b.c")
    path.unlink()
    with pytest.raises(Unavailable):
        await Verifier(keys_from(str(path))).verify("a.b.c")


class Issuer:
    """An issuer's key set behind an address."""

    def __init__(self) -> None:
        self.content, self.asked = b"", 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                self.send_response(200 if issuer.content else 503)
                self.end_headers()
                self.wfile.write(issuer.content)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    thread = threading.Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield issuer
    issuer.server.shutdown()
    thread.join()
    issuer.server.server_close()


async def test_keys_at_an_address_are_kept(
    store: KeyStore, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.content = store.jwks_path.read_bytes()
    verifier = Verifier(keys_from(issuer.url))
    token = store.mint("u", TOWN, ["office"])
    for _ in range(3):
        assert (await verifier.verify(token)).sub
    assert issuer.asked == 1
    await refused(verifier, signed(store, {"kid": "unknown"}))
    assert issuer.asked == 1, "strangers' tokens must not make us ask again and again"
    monkeypatch.setattr(tokens, "RETRY_SECONDS", 0.0)
    await refused(verifier, signed(store, {"kid": "unknown"}))
    assert issuer.asked == 2
    issuer.content = b""
    await refused(verifier, signed(store, {"kid": "unknown"}))
    assert (await verifier.verify(token)).sub, "while the issuer is away the keys we have stay valid"


async def test_an_issuer_that_never_answered(issuer: Issuer) -> None:
    for _ in range(2):
        with pytest.raises(Unavailable):
            await Verifier(keys_from(issuer.url)).verify("a.b.c")


def test_keys_come_over_https() -> None:
    for url in ("http://id.example/jwks.json", "ftp://localhost.example/x", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="https"):
            UrlKeys(url)
