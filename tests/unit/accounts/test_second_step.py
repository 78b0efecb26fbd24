"""The second step: digits as the RFCs compute them, each accepted once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.domain import second_step

SECRET = second_step.encode(b"12345678901234567890")


@pytest.mark.parametrize(
    ("unix", "digits"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_digits_are_those_of_rfc_6238(unix: int, digits: str) -> None:
    assert second_step.digits(SECRET, unix // 30) == digits


@given(st.integers(3000, 2**33), st.integers(-3, 3))
def test_digits_are_accepted_one_step_around_now_and_once(unix: int, away: int) -> None:
    now = unix // 30
    typed = second_step.digits(SECRET, now + away)
    step = second_step.step_of(SECRET, f" {typed[:3]} {typed[3:]}", unix, after=0)
    if abs(away) <= 1:
        assert step is not None
    if step is not None:
        assert second_step.step_of(SECRET, typed, unix, after=now + 1) is None
