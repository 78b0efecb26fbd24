"""A period has one name, in the digits 0 to 9."""

from datetime import date

import pytest

from services.reports.domain.periods import period


@pytest.mark.parametrize(
    "name",
    [
        "２０２０",
        "٢٠٢٠-H1",
        "２０２０-Q3",
        "2020-0１-01--2020-02-01",
        "term-1７",
        "2020-H３",
        "2020-13-01--2020-13-02",
    ],
)
def test_another_script_names_no_period(name: str) -> None:
    assert period(name, lambda _: (date(2016, 12, 20), date(2021, 12, 19))) is None


def test_the_days_of_a_half_are_that_half() -> None:
    named = [period(name, lambda _: None) for name in ("2020-H1", "2020-01-01--2020-06-30")]
    assert named[0] == named[1]
