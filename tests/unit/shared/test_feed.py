"""The cursor of an area's feed: small, exact, and refused when it is not ours."""

import base64
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.endpoints.cursors import decode_cursor, encode_cursor
from shared.errors import Invalid

TOWNS = st.integers(0, 999_999_999).map(lambda town: f"{town:09d}")


@given(st.dictionaries(TOWNS, st.integers(0, 2**40)))
def test_a_cursor_says_what_it_was_made_from(sequences: dict[str, int]) -> None:
    assert decode_cursor(encode_cursor(sequences)) == sequences


def test_a_province_fits_into_a_request_line() -> None:
    counties = [330_000 + city * 100 + county for city in range(1, 16) for county in range(1, 6)]
    sequences = {
        f"{county}{100 + town}": 20_000 + 37 * town % 997 for county in counties for town in range(20)
    }
    assert len(sequences) == 1500
    assert len(encode_cursor(sequences)) < 7000


@pytest.mark.parametrize(
    "cursor",
    ["?", "abc", "AAAA", "eyJhIjoxfQ", base64.urlsafe_b64encode(zlib.compress(b"\x80")).decode().rstrip("=")],
)
def test_what_we_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(cursor)


@given(st.dictionaries(TOWNS, st.integers(0, 2**40)), st.data())
def test_a_cursor_that_was_cut_off_is_refused(sequences: dict[str, int], data: st.DataObject) -> None:
    whole = base64.urlsafe_b64decode(encode_cursor(sequences) + "===")
    part = whole[: data.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(Invalid):
        decode_cursor(base64.urlsafe_b64encode(part).decode().rstrip("="))


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=40))
def test_nothing_else_ever_breaks_it(cursor: str) -> None:
    with suppress(Invalid):
        decode_cursor(cursor)
