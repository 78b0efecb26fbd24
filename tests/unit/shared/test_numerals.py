"""Texts that are a whole number, and those that int() takes or refuses besides."""

import pytest

from shared.chinese.numerals import number_of, whole


@pytest.mark.parametrize(
    "text", ["", "²", "٣", "-1", "+1", "1_000", " 1", "1.0", "９", "9" * 16, "9" * 5_000]
)
def test_other_texts_are_none(text: str) -> None:
    assert whole(text) is None
    assert number_of(text) is None


def test_digits_are_a_number() -> None:
    assert (whole("0"), whole("012"), whole("9" * 15)) == (0, 12, 10**15 - 1)
    assert (number_of("12"), number_of("十二")) == (12, 12)
