"""Chinese notation of numbers, and that the recount has the same."""

import pytest

from recount.tags import group_name as counted_again
from services.reports.events_in import Group
from services.reports.notation import group_name, numeral, period_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *[(0, "零"), (7, "七"), (10, "十"), (17, "十七"), (20, "二十"), (105, "一百零五"), (110, "一百一十")],
        *[(999, "九百九十九"), (1000, "1000"), (2**53 - 1, str(2**53 - 1))],
    ],
)
def test_numerals(number: int, text: str) -> None:
    assert numeral(number) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("2020", "2020年"), ("2020-H2", "2020年下半年"), ("2020-Q3", "2020年第三季度")],
        *[("term-17", "第十七届"), ("2020-04-01--2021-03-31", "2020年4月1日至2021年3月31日")],
    ],
)
def test_periods_in_words(name: str, text: str) -> None:
    assert period_text(name) == text


@pytest.mark.parametrize("number", [*range(1, 130), 999, 1000, 10**9])
def test_the_recount_names_groups_alike(number: int) -> None:
    group = Group.model_validate(
        {"id": "g", "town": "340281199", "version": 1, "number": number, "level": "town"}
    )
    assert group_name(group) == counted_again({"number": number})
