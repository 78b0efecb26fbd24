"""Rates: so many in a time, told in the headers of the draft, and begun anew after it."""

import time

import pytest

from shared.errors import TooMany
from shared.http import rates
from shared.http.rates import Rates


def test_more_than_the_quota_is_refused_until_the_window_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    limits = Rates("client", 2, 60)
    assert limits.take("a")["RateLimit"] == '"client";r=1;t=60'
    assert limits.take("a")["RateLimit"] == '"client";r=0;t=60'
    with pytest.raises(TooMany) as caught:
        limits.take("a")
    assert caught.value.headers["Retry-After"] == "60"
    assert caught.value.headers["RateLimit-Policy"] == '"client";q=2;w=60'
    assert limits.take("b")["RateLimit"] == '"client";r=1;t=60'
    monkeypatch.setattr(time, "monotonic", lambda: 1060.0)
    assert limits.take("a")["RateLimit"] == '"client";r=1;t=60'


def test_only_so_many_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEPT", 3)
    limits = Rates("client", 2, 60)
    for number in range(10):
        limits.take(str(number))
        assert len(limits._windows) <= 3
