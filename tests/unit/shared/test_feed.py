"""The cursor of an area's feed: small, exact, and refused when it is not ours."""

import base64
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.endpoints.feed import cursor_of, held_in
from shared.errors import Invalid

TOWNS = st.integers(0, 999_999_999).map(lambda town: f"{town:09d}")


@given(st.dictionaries(TOWNS, st.integers(0, 2**40)))
def test_a_cursor_says_what_it_was_made_from(held: dict[str, int]) -> None:
    assert held_in(cursor_of(held)) == held


def test_a_province_fits_into_a_request_line() -> None:
    counties = [330_000 + city * 100 + county for city in range(1, 16) for county in range(1, 6)]
    held = {f"{county}{100 + town}": 20_000 + 37 * town % 997 for county in counties for town in range(20)}
    assert len(held) == 1500
    assert len(cursor_of(held)) < 7000


@pytest.mark.parametrize(
    "cursor",
    ["?", "abc", "AAAA", "eyJhIjoxfQ", base64.urlsafe_b64encode(zlib.compress(b"\x80")).decode().rstrip("=")],
)
def test_what_we_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        held_in(cursor)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=40))
def test_nothing_else_ever_breaks_it(cursor: str) -> None:
    with suppress(Invalid):
        held_in(cursor)
