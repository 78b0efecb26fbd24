"""Rules of webhooks: signatures as the specification's library verifies them, the schedule, what is wanted."""

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.reports.domain import webhooks as rules
from services.reports.domain.webhooks import Keys, new_keys
from services.reports.webhooks.dispatch import rest_after
from shared.clock import timestamp
from shared.envelope import is_among

KEYS = st.binary(min_size=32, max_size=32)
NOW = datetime.now(UTC).replace(microsecond=0)


def headers(keys: list[Keys], body: bytes, id: str = "event-1") -> dict[str, str]:
    at = int(datetime.now(UTC).timestamp())
    signature = rules.signatures(keys, id, at, body)
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}


@given(KEYS, KEYS, st.text(max_size=200))
def test_the_librarys_receiver_accepts_every_body(secret: bytes, seed: bytes, text: str) -> None:
    keys, body = new_keys(secret, seed), text.encode("utf-8", "replace")
    Webhook(keys.secret).verify(body, headers([keys], body), json_parse=False)


@given(KEYS, KEYS, st.binary(min_size=1, max_size=50))
def test_the_public_key_verifies_the_asymmetric_signature(secret: bytes, seed: bytes, body: bytes) -> None:
    keys = new_keys(secret, seed)
    public = rules.public_key(keys)
    assert public.startswith("whpk_")
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    _, v1a = rules.signatures([keys], "e", 7, body).split(" ")
    verifier.verify(base64.b64decode(v1a.removeprefix("v1a,")), b"e.7." + body)
    with pytest.raises(InvalidSignature):
        verifier.verify(base64.b64decode(v1a.removeprefix("v1a,")), b"e.8." + body)


def test_a_forged_body_id_or_time_is_refused() -> None:
    keys = new_keys(b"s" * 32, b"k" * 32)
    sent, receiver = headers([keys], b"{}"), Webhook(keys.secret)
    receiver.verify(b"{}", sent)
    for forged in ({"webhook-id": "other"}, {"webhook-timestamp": str(int(sent["webhook-timestamp"]) + 1)}):
        with pytest.raises(WebhookVerificationError):
            receiver.verify(b"{}", sent | forged)
    with pytest.raises(WebhookVerificationError):
        receiver.verify(b"[]", sent)


def test_the_specifications_own_example_is_signed_alike() -> None:
    """The vector that the libraries of the specification share."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    keys = new_keys(b"x" * 32, b"k" * 32).model_copy(update={"secret": secret})
    signed = rules.signatures([keys], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed.startswith("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= ")


def test_rotation_keeps_the_old_keys_for_a_while_and_not_longer() -> None:
    first, second, third = (new_keys(bytes([n]) * 32, bytes([n]) * 32) for n in (1, 2, 3))
    both = rules.rotated([first], second, NOW, timedelta(hours=24))
    assert rules.in_force(both, NOW + timedelta(hours=23)) == list(both)
    assert rules.in_force(both, NOW + timedelta(hours=24)) == [second]
    three = rules.rotated(both, third, NOW, timedelta(hours=48))
    assert [key.secret for key in three] == [third.secret, second.secret, first.secret]
    assert rules.in_force(three, NOW + timedelta(hours=24)) == list(three[:2])
    assert rules.rotated(both, third, NOW, timedelta(0)) == (third,)


@given(st.integers(1, 20), st.floats(0, 1), st.integers(0, 10**7))
def test_the_schedule_is_the_specifications_with_jitter(tries: int, chance: float, asked: int) -> None:
    wait = rules.delay(tries, chance)
    if tries >= 10:
        assert wait is None
        assert rules.delay(tries, chance, timedelta(seconds=asked)) is None
        return
    assert wait is not None
    assert rules.SCHEDULE[tries] <= wait <= rules.SCHEDULE[tries] * 1.2
    longer = rules.delay(tries, chance, timedelta(seconds=asked))
    assert longer is not None
    assert wait <= longer <= max(wait, timedelta(hours=24))


def test_the_delays_add_up_to_those_of_the_specification() -> None:
    assert sum(rules.SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_failures_count_while_somebody_tries_and_by_a_clock_that_goes_on() -> None:
    def at(**ago: float) -> str:
        return timestamp(NOW - timedelta(**ago))

    assert rules.failing_since(None, None, NOW) == NOW
    assert rules.failing_since(at(days=4), at(days=1), NOW) == NOW - timedelta(days=4)
    assert rules.failing_since(at(days=9), at(days=8), NOW) == NOW, "away for a holiday"
    assert rules.failing_since(at(days=9), None, NOW) == NOW, "recorded by 1.0 before there was a last time"
    assert rules.failing_since(at(days=-400), at(days=-399), NOW) == NOW, "the clock was ahead"


@pytest.mark.parametrize(
    ("types", "type", "wanted"),
    [
        ((), "roster.person.added.v1", True),
        (("roster.*",), "roster.person.added.v1", True),
        (("roster.person.*",), "roster.person.added.v1", True),
        (("roster.person.added.v1",), "roster.person.added.v1", True),
        (("roster.person.added.*",), "roster.person.added.v1", True),
        (("roster.person.*",), "roster.personal.added.v1", False),
        (("roster.person.added.v1",), "roster.person.added.v10", False),
        (("reports.*",), "roster.person.added.v1", False),
    ],
)
def test_types_are_names_or_all_that_begin_so(types: tuple[str, ...], type: str, *, wanted: bool) -> None:
    assert is_among(types, type) is wanted


def test_the_receiver_in_the_guide_keeps_an_event_once_and_refuses_a_forged_one() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", Path("docs/webhooks.md").read_text("utf-8"), re.DOTALL)
    keys, body = new_keys(b"s" * 32, b"k" * 32), b'{"id": "event-1"}'
    kept: list[Any] = []
    known: dict[str, Any] = {
        "secret": keys.secret,
        "body": body,
        "headers": headers([keys], body),
        "seen": set(),
    }
    known["keep"] = kept.append
    exec(code, dict(known))
    exec(code, known | {"seen": {"event-1"}})
    assert kept == [{"id": "event-1"}]
    with pytest.raises(WebhookVerificationError):
        exec(code, known | {"body": b'{"id": "event-2"}'})


@pytest.mark.parametrize(("took", "rest"), [(0.0, 0.5), (0.1, 2.0), (15.0, 10.0)])
def test_a_look_that_waited_long_is_no_reason_to_rest_long(took: float, rest: float) -> None:
    assert rest_after(took) == rest
