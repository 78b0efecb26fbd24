"""The whole set of seeded photographs against the goals: nearly all boxes right, each wrong one in doubt."""

import pytest

from benchmarks.scan import COUNT, FIRST, measure


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
