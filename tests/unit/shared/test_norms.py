"""Dated rules: which version holds on a day, and none where none does."""

from datetime import date

import pytest

from shared.norms import Norm, Norms

TURN = date(2020, 10, 17)
OLD = Norm("quota", "old text", "warn", effective_to=date(2020, 10, 16))
NEW = Norm("quota", "new text", "warn", effective_from=TURN)
LATER = Norm("quota", "later text", "block", effective_from=date(2030, 1, 1), effective_to=date(2030, 12, 31))
NORMS = Norms(OLD, NEW, LATER)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(1990, 1, 1), OLD),
        (date(2020, 10, 16), OLD),
        (TURN, NEW),
        (date(2030, 12, 31), LATER),
        (date(2031, 1, 1), NEW),
    ],
)
def test_of_several_versions_the_latest_in_force_holds(day: date, found: Norm) -> None:
    assert NORMS.on("quota", day) is found


def test_a_rule_that_does_not_hold_is_none_and_one_nobody_wrote_is_a_mistake() -> None:
    assert Norms(NEW).on("quota", date(2020, 1, 1)) is None
    with pytest.raises(KeyError):
        NORMS.on("quorum", TURN)
    assert NEW.cited("too few") == "too few（依据：new text）"
