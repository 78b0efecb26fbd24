"""The limits of the voters' door: by slip and for wrong codes together, with the wait told."""

import pytest

from services.ratings.errors import TooManyTries
from services.ratings.pages.limits import SLIP_TIMES, WINDOW_SECONDS, WRONG_TIMES, Window


def test_a_key_is_counted_by_itself_and_the_wait_is_told() -> None:
    now = 100.0
    window = Window(2, lambda: now)
    for _ in range(2):
        window.take("a")
        window.take("b")
    now += 19.5
    with pytest.raises(TooManyTries) as refused:
        window.take("a")
    assert refused.value.headers == {"Retry-After": "41"}
    assert "41 秒" in refused.value.detail
    window.take("c")
    now = 100.0 + WINDOW_SECONDS
    window.take("a")


def test_nothing_is_left_of_a_window_once_the_next_begins() -> None:
    now = 0.0
    window = Window(5, lambda: now)
    for n in range(50):
        window.take(str(n))
    now = WINDOW_SECONDS
    window.take("x")
    assert dict(window._counts) == {"x": 1}


def test_a_hall_of_two_hundred_is_never_hindered_in_its_minute() -> None:
    """Each voter opens, reviews, changes and sends; every other mistypes twice before. One address for all."""
    slips, wrong = Window(SLIP_TIMES, lambda: 0.0), Window(WRONG_TIMES, lambda: 0.0)
    for voter in range(200):
        for _ in range(voter % 2 * 2):
            wrong.take()
        for _ in range(10):
            slips.take(f"slip {voter}")
