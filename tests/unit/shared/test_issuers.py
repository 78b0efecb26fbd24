"""Tokens of another issuer: as Keycloak makes them, by every kind of key, and whatever is not meant for us."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from shared.errors import CannotStart, Unauthenticated, Unavailable
from shared.process.serve import key_store, verifier_of
from shared.security import tokens
from shared.security.issuers import Profile, foreign_keys
from shared.settings import Settings

TOWN = "340281101"
SIGNING = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
ENCRYPTION = RSAKey.generate_key(2048, {"kid": "enc"})
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


class Issuer:
    """An issuer of tokens, with a realm, as Keycloak has them."""

    def __init__(self) -> None:
        self.key, self.encryption = SIGNING, ENCRYPTION
        self.keys: list[Any] = [self.key, self.encryption]
        self.asked: list[str] = []
        self.away = False
        self.moved: dict[str, str] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                if self.path in issuer.moved:
                    self.send_response(302)
                    self.send_header("Location", issuer.moved[self.path])
                    self.end_headers()
                    return
                self.send_response(503 if issuer.away else 200)
                self.end_headers()
                if not issuer.away:
                    self.wfile.write(json.dumps(issuer.answer(self.path)).encode())

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realms/county"
        self.configuration = {"issuer": self.url, "jwks_uri": f"{self.url}/protocol/openid-connect/certs"}

    def answer(self, path: str) -> Any:
        if path.endswith("/certs") or path.startswith("/elsewhere"):
            use = {"use": "enc", "alg": "RSA-OAEP"}
            return {
                "keys": [k.as_dict(private=False) | (use if k is self.encryption else {}) for k in self.keys]
            }
        return self.configuration

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """An access token with the default claims of Keycloak, and an attribute `area`."""
        key, now = key or self.key, int(time.time())
        content = {
            "exp": now + 300,
            "iat": now,
            "jti": "4b8a",
            "iss": self.url,
            "aud": "account",
            "sub": "f:1:wang",
            "typ": "Bearer",
            "azp": "lvzhi-console",
            "sid": "8c1e",
            "acr": "1",
            "realm_access": {"roles": ["offline_access", "uma_authorization", "office"]},
            "resource_access": {"account": {"roles": ["manage-account"]}},
            "scope": "profile email",
            "preferred_username": "wang",
            "area": TOWN,
        } | claims
        kept = {name: value for name, value in content.items() if value is not None}
        headers = {"alg": "RS256", "typ": "JWT", "kid": key.kid} | (header or {})
        return jwt.encode(
            headers, kept, key, algorithms=["RS256", "ES256", "EdDSA", "Ed25519", "HS256", "PS256"]
        )


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    thread = threading.Thread(target=issuer.server.serve_forever, args=(0.05,))
    thread.start()
    yield issuer
    issuer.server.shutdown()
    thread.join()
    issuer.server.server_close()


@pytest.fixture
def settings(issuer: Issuer, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, issuer=issuer.url, audience="account")


async def refused(verifier: Any, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_a_token_as_keycloak_makes_it_by_default(issuer: Issuer, settings: Settings) -> None:
    actor = await verifier_of(settings).verify(issuer.token())
    assert (actor.sub, actor.area, actor.roles) == ("f:1:wang", TOWN, frozenset({"office"}))
    assert issuer.asked == ["/realms/county/.well-known/openid-configuration",
                            "/realms/county/protocol/openid-connect/certs"]  # fmt: skip


async def test_tokens_of_this_installation_stay_valid_beside_it(issuer: Issuer, settings: Settings) -> None:
    verifier = verifier_of(settings)
    own = key_store(settings).mint("u", TOWN, ["office"])
    assert (await verifier.verify(own)).sub == "u"
    assert issuer.asked == []
    await refused(verifier, key_store(settings).mint("u", TOWN, ["office"], iss=issuer.url))
    await refused(verifier, issuer.token(iss="lvzhi"))


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256", {"kid": "ec"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "EdDSA"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "Ed25519"),
    ],
    ids=["ES256", "EdDSA", "Ed25519"],
)
async def test_other_kinds_of_keys(issuer: Issuer, settings: Settings, key: Any, alg: str) -> None:
    issuer.keys.append(key)
    assert (await verifier_of(settings).verify(issuer.token(key, {"alg": alg}))).sub == "f:1:wang"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "lvzhi"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"nbf": 2**40},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"typ": "Logout"},
        {"typ": None},
        {"sub": None},
        {"sub": ""},
        {"area": None},
        {"area": ""},
        {"area": []},
        {"area": ["示例镇"]},
        {"area": {"code": TOWN}},
        {"area": None, "realm_access": {"roles": ["service"]}},
        {"area": "", "realm_access": {"roles": ["service"]}},
    ],
)
async def test_claims_that_are_refused(issuer: Issuer, settings: Settings, claims: dict[str, Any]) -> None:
    await refused(verifier_of(settings), issuer.token(**claims))


@pytest.mark.parametrize(
    "roles", [None, {}, {"roles": "office"}, {"roles": [1]}, {"roles": ["OFFICE"]}, ["office"]]
)
async def test_roles_that_mean_nothing_grant_nothing(issuer: Issuer, settings: Settings, roles: Any) -> None:
    actor = await verifier_of(settings).verify(issuer.token(realm_access=roles))
    assert actor.roles == ({"office"} if roles == {"roles": "office"} else set())


async def test_its_words_are_translated(issuer: Issuer, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        issuer=issuer.url,
        audience="account",
        subject_claim="preferred_username",
        role_claims=("resource_access.lvzhi.roles", "realm_access.roles"),
        area_claims=("https://id.example/groups",),
        role_names={"人大办": "office", "县人大": "county"},
        area_names={"/县/示例镇": TOWN, "/县": "340281"},
    )
    said: dict[str, Any] = {
        "https://id.example/groups": ["/县/示例镇", "/其他", "340282"],
        "resource_access": {"lvzhi": {"roles": ["人大办", "office", "county"]}},
    }
    token = issuer.token(None, None, **said)
    actor = await verifier_of(settings).verify(token)
    assert (actor.sub, actor.areas, actor.roles) == ("wang", [TOWN, "340282"], frozenset({"office"}))


async def test_a_clock_that_goes_wrong_is_borne_as_far_as_set(issuer: Issuer, settings: Settings) -> None:
    late = issuer.token(exp=int(time.time()) - 60)
    await refused(verifier_of(settings), late)
    patient = settings.model_copy(update={"clock_skew_seconds": 120})
    assert (await verifier_of(patient).verify(late)).sub


async def test_forged_tokens(issuer: Issuer, settings: Settings) -> None:
    verifier, stranger = verifier_of(settings), RSAKey.generate_key(2048, {"kid": "rsa"})
    await refused(verifier, issuer.token(stranger))
    await refused(verifier, issuer.token(header={"alg": "PS256"}))
    await refused(verifier, issuer.token(header={"kid": "unknown"}))
    await refused(verifier, issuer.token(issuer.encryption))
    none, _, _ = issuer.token().rpartition(".")
    await refused(verifier, none + ".")
    await refused(verifier, issuer.token() + "x")


async def test_plain_tokens_are_accepted_where_it_is_set(issuer: Issuer, settings: Settings) -> None:
    plain = verifier_of(settings.model_copy(update={"plain_tokens": True}))
    assert (await plain.verify(issuer.token(typ=None))).sub
    await refused(plain, issuer.token(typ=None, nonce="x"))
    await refused(plain, issuer.token(typ="ID"))
    assert (await plain.verify(issuer.token(typ=None, header={"typ": "at+jwt"}))).sub
    await refused(plain, issuer.token(typ=None, header={"typ": "logout+jwt"}))


async def test_another_key_is_learned_and_a_withdrawn_one_forgotten(
    issuer: Issuer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier, before = verifier_of(settings), issuer.token()
    assert (await verifier.verify(before)).sub
    following = RSAKey.generate_key(2048, {"kid": "next", "use": "sig", "alg": "RS256"})
    issuer.keys = [following]
    monkeypatch.setattr(tokens, "RETRY_SECONDS", 0.0)
    assert (await verifier.verify(issuer.token(following))).sub
    await refused(verifier, before)


async def test_a_withdrawn_key_is_forgotten_within_a_minute_without_another(
    issuer: Issuer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier, token = verifier_of(settings), issuer.token()
    assert (await verifier.verify(token)).sub
    issuer.keys = [issuer.encryption]
    later = time.monotonic() + 59
    monkeypatch.setattr(time, "monotonic", lambda: later)
    await refused(verifier, token)


async def test_redirects_are_not_followed(issuer: Issuer, settings: Settings) -> None:
    issuer.moved = {"/realms/county/protocol/openid-connect/certs": "/elsewhere"}
    with pytest.raises(Unavailable):
        await verifier_of(settings).verify(issuer.token())
    assert "/elsewhere" not in issuer.asked


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://other.example"},
        {"jwks_uri": "http://id.example/certs"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
async def test_discovery_that_leads_elsewhere(
    issuer: Issuer, settings: Settings, change: dict[str, Any]
) -> None:
    issuer.configuration |= change
    with pytest.raises(Unavailable):
        await verifier_of(settings).verify(issuer.token())


async def test_an_issuer_that_is_away(issuer: Issuer, settings: Settings) -> None:
    issuer.away = True
    verifier = verifier_of(settings)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await verifier.verify(issuer.token())
    assert len(issuer.asked) == 1


@pytest.mark.parametrize("url", ["http://id.example", "ftp://127.0.0.1", "id.example", "https://"])
def test_issuers_come_over_https(tmp_path: Path, url: str) -> None:
    keys = f"{url}/certs" if "//" in url else "x://y"
    for given in (
        Settings(data_dir=tmp_path, issuer=url),
        Settings(data_dir=tmp_path, issuer="https://id.example", jwks=keys),
    ):
        with pytest.raises(CannotStart):
            verifier_of(given)


def test_keys_of_no_use_are_left_out() -> None:
    weak = {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "weak"}
    wrong = ECKey.generate_key("P-384", {"kid": "p384"}).as_dict(private=False)
    secret = {"kty": "oct", "k": "AAAA", "kid": "oct"}
    mixed = ECKey.generate_key("P-256", {"kid": "mixed", "alg": "RS256"}).as_dict(private=False)
    good = ECKey.generate_key("P-256", {"kid": "good"}).as_dict(private=False)
    content = json.dumps({"keys": [weak, wrong, secret, mixed, good]}).encode()
    assert [key.kid for key in foreign_keys(content).keys] == ["good"]


def test_paths_lead_into_the_claims_and_nowhere_else() -> None:
    profile = Profile(roles=("a.b", "c"), areas=("x",))
    for claims in ({}, {"a": "b"}, {"a": {"b": {"c": 1}}}, {"a": [1]}):
        assert profile.translate(claims)["roles"] == []
    assert profile.translate({"c": ["office"], "x": ["340281", "340281", "x"]}) == {
        "sub": None,
        "roles": ["office"],
        "area": ["340281"],
    }


def test_the_loop_is_not_held_up_by_an_issuer(issuer: Issuer, settings: Settings) -> None:
    async def together() -> int:
        verifier, token = verifier_of(settings), issuer.token()
        await asyncio.gather(*(verifier.verify(token) for _ in range(20)))
        return len(issuer.asked)

    assert asyncio.run(together()) == 2
