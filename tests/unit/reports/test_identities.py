"""Sums that must come out: each identity bites when a figure is changed under it."""

import pytest

from services.reports.checks.draft import Books
from services.reports.checks.identities import SUMS, Sum, identities
from services.reports.checks.rules import IDS
from tests.fixtures.example import example


@pytest.mark.parametrize("one", SUMS, ids=lambda one: one.name)
def test_every_sum_is_asserted(one: Sum) -> None:
    year = example().year(as_of="2020-12-07")
    figures = example().figures("2020-12-07")
    other = figures[one.total].model_copy(update={"value": 10_000})
    parts = {id: figures[id].model_copy(update={"value": figures[id].value or 0}) for id in one.parts}
    broken = Books(year, {**figures, **parts, one.total: other})
    assert f"identity.{one.name}" in {draft.rule for draft in identities(broken)}
    assert f"identity.{one.name}" in IDS


def test_a_sum_of_what_is_missing_is_not_held_against_anybody() -> None:
    year, figures = example().year(), example().figures()
    lacking = {**figures, "congress.absent": figures["congress.absent"].model_copy(update={"value": None})}
    assert "identity.congress" not in {draft.rule for draft in identities(Books(year, lacking))}
