"""A number is written with the digits 0 to 9, in cells and on sheets also full-width; ٣ is no number of anything."""

import pytest

from services.activities.domain.sheet_words import COUNT, GROUP_NUMBER, whole
from services.activities.imports.lookups import suggestion_key


@pytest.mark.parametrize(
    ("written", "number"), [("3", 3), ("３", 3), ("１２", 12), ("十二", 12), ("二十", 20)]
)
def test_the_number_of_a_group(written: str, number: int) -> None:
    group = GROUP_NUMBER.fullmatch(f"第{written}组")
    assert group is not None
    assert whole(group[1]) == number


@pytest.mark.parametrize("written", ["第٣组", "٣"])
def test_what_is_no_number_of_a_group(written: str) -> None:
    assert GROUP_NUMBER.fullmatch(written) is None
    assert COUNT.fullmatch(f"实到{written}") is None


@pytest.mark.parametrize(
    ("number", "read"),
    [("3", 3), ("３", 3), ("³", 3), ("٣", "٣"), ("第3号", "第3号"), ("9" * 5000, "9" * 5000)],
)
def test_the_number_of_a_suggestion(number: str, read: int | str) -> None:
    assert suggestion_key(f"2020-{number}") == (2020, read)
