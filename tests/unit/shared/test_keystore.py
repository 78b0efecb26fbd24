"""Keys: replaced in two steps, withdrawn, told apart by purpose, and what is published with them."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from shared.errors import Unauthenticated
from shared.security import keystore
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier, key_set, revocation, token_keys

TOWN = "340281101"


def published(store: KeyStore) -> list[str]:
    return [key["kid"] for key in json.loads(store.published())["keys"]]


def test_a_key_is_published_before_it_signs_and_verifies_after(tmp_path: Path) -> None:
    store, other = KeyStore(tmp_path), KeyStore(tmp_path)
    first = store._key.kid
    assert not store.rotate()
    assert store._key.kid == first
    coming = published(store)[1]
    assert not store.rotate()
    early = time.time() - keystore.AHEAD_SECONDS - 1
    os.utime(tmp_path / "next-key.json", (early, early))
    assert store.rotate()
    assert store._key.kid == other._key.kid == coming
    assert published(store) == [coming, first]
    assert not store.rotating
    assert store.age_seconds < 60


async def test_tokens_of_the_key_before_are_valid_until_it_is_withdrawn(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    verifier, before = Verifier(FileKeys(store.jwks_path)), store.mint("u", TOWN, ["office"])
    store.rotate(at_once=True)
    assert (await verifier.verify(before)).sub == "u"
    after = store.mint("u", TOWN, ["office"])
    store.rotate(at_once=True, withdraw=True)
    with pytest.raises(Unauthenticated):
        await verifier.verify(after)
    assert (await verifier.verify(before)).sub == "u", "of the key before it"
    assert (await verifier.verify(store.mint("u", TOWN, ["office"]))).sub == "u"


def test_a_key_that_was_replaced_verifies_for_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = KeyStore(tmp_path, keep_seconds=60)
    store.rotate(at_once=True)
    assert len(published(KeyStore(tmp_path, keep_seconds=60))) == 2
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert len(published(KeyStore(tmp_path, keep_seconds=60))) == 1


def test_a_private_key_that_was_lost_is_not_taken_for_the_current_one(tmp_path: Path) -> None:
    lost = KeyStore(tmp_path)._key.kid
    (tmp_path / "signing-key.json").unlink()
    store = KeyStore(tmp_path)
    assert published(store) == [store._key.kid, lost]
    assert "retired_at" in json.loads(store.published())["keys"][1]


def test_no_token_is_verified_with_a_key_that_has_another_purpose(tmp_path: Path) -> None:
    tokens = KeyStore(tmp_path)
    heads = KeyStore(tmp_path / "heads", beside=[tokens.jwks_path, tmp_path / "absent.json"], purpose="heads")
    assert len(key_set(heads.published()).keys) == 2
    (key,) = token_keys(heads.published()).keys
    assert key.kid == tokens._key.kid


async def test_what_is_revoked_is_published_with_the_keys(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    verifier = Verifier(FileKeys(store.jwks_path))
    one, other = [store.mint("u", TOWN, ["office"], sid=sid) for sid in ("s1", "s2")]
    assert (await verifier.verify(one)).sub == "u"
    store.announce([revocation("s1")])
    with pytest.raises(Unauthenticated, match="撤销"):
        await verifier.verify(one)
    assert (await verifier.verify(other)).sub == "u"
    assert json.loads(KeyStore(tmp_path).published())["revoked"] == [revocation("s1")]
    store.announce([])
    assert (await verifier.verify(one)).sub == "u"


async def test_a_token_may_have_several_areas(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    token = store.mint("u", ["340281101", "340282"], ["office"])
    actor = await Verifier(FileKeys(store.jwks_path)).verify(token)
    assert [actor.covers(area) for area in ("340281101", "340282101", "340281102", "340281")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("area", [[], ["340281", ""], ["340281", 1], [["340281"]], ["34028x"], ["3"] * 101])
async def test_lists_that_are_no_areas(tmp_path: Path, area: Any) -> None:
    store = KeyStore(tmp_path)
    with pytest.raises((ValueError, TypeError)):
        store.mint("u", area, ["office"])
    claims = {"iss": "lvzhi", "aud": "lvzhi", "sub": "u", "area": area, "roles": ["office"], "exp": 2**40}
    header = {"alg": "ES256", "kid": store._key.kid, "typ": "at+jwt"}
    with pytest.raises(Unauthenticated):
        await Verifier(FileKeys(store.jwks_path)).verify(jwt.encode(header, claims, store._key))
