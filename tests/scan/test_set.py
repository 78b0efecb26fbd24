"""The whole set of seeded photographs against the goals: nearly all boxes right, each wrong one in doubt."""

import pytest

from benchmarks.scan import COUNT, FIRST, Outcome, measure
from shared.documents.layout import Plan
from shared.documents.scan.ink import Box
from shared.documents.scan.reading import Reading
from tests.scan.photographs import Photograph


def test_a_page_taken_for_another_and_a_wrong_box_are_not_excused() -> None:
    outcome = Outcome()
    taken = Photograph(b"", 2, {"a": True, "b": True}, frozenset(), (), alike=frozenset("b"))
    outcome.add(1, taken, Reading(0, 1), Plan())
    outcome.add(2, taken, Reading(0, 2, boxes=[Box("a", False, 1.0), Box("b", False, 1.0)]), Plan())
    outcome.add(3, taken, Reading(0, 2, boxes=[Box("a", False, 0.1), Box("b", True, 1.0)]), Plan())
    outcome.add(4, taken, Reading(problem="incomplete"), Plan())
    assert outcome.silent == [(1, "page 2 as 1"), (2, "a")]
    assert (outcome.alike, outcome.unread) == ([(2, "b")], [(4, "incomplete")])
    assert (outcome.wrong, outcome.doubtful) == (3, 1)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_the_published_set_is_read_within_the_goals() -> None:
    outcomes = measure(range(FIRST, FIRST + COUNT))
    assert sum(outcome.photographs for outcome in outcomes.values()) >= 400
    for outcome in outcomes.values():
        assert outcome.silent == []
        assert outcome.wrong <= 0.005 * outcome.boxes
        assert outcome.doubtful <= 0.03 * outcome.boxes
        assert len(outcome.unread) <= 0.02 * outcome.photographs
