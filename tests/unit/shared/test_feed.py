"""The cursor of an area's feed: small, exact, and refused when it is not ours."""

import base64
import random
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.endpoints.cursors import decode_cursor, encode_cursor
from shared.errors import Invalid

TOWNS = st.text("0123456789", min_size=1, max_size=9)
BEFORE = "eNrr6Vu4iLEBCBQYW9iT2AE0jAV0"
"""A cursor as it was encoded before it had planes."""


@given(st.dictionaries(TOWNS, st.integers(0, 2**40)))
def test_a_cursor_says_what_it_was_made_from(sequences: dict[str, int]) -> None:
    assert decode_cursor(encode_cursor(sequences)) == sequences


def test_a_cursor_of_before_is_taken() -> None:
    assert decode_cursor(BEFORE) == {"340281199": 7, "340281101": 900, "340281100": 2**33}
    assert decode_cursor("eNoDAAAAAAE") == {}


@pytest.mark.parametrize(
    ("towns", "events", "longest"), [(1_500, 20_000, 3_800), (2_250, 20_000, 5_600), (3_100, 20_000, 7_700)]
)
def test_a_province_fits_into_a_request_line(towns: int, events: int, longest: int) -> None:
    """The largest has 3,100 towns. Sequences that resemble each other would be compressed away."""
    counties = [510_000 + city * 100 + county for city in range(1, 22) for county in range(1, 10)]
    codes = [f"{county}{100 + town}" for county in counties for town in range(20)][:towns]
    assert len(codes) == towns
    dice = random.Random(towns)
    assert len(encode_cursor({code: dice.randint(1, events) for code in codes})) < longest


@pytest.mark.parametrize(
    "cursor",
    [
        *("?", "abc", "AAAA", "A", "eyJhIjoxfQ", BEFORE[:-4], encode_cursor({"340281199": 7}) + "AAAA"),
        base64.urlsafe_b64encode(zlib.compress(b"\x80")).decode().rstrip("="),
    ],
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
