"""How many must be present, how many votes decide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.congress import (
    base,
    check_majority,
    check_presidium_quorum,
    check_quorum,
    majority,
    quorum,
)
from services.activities.domain.law import RULES
from services.activities.domain.roster import Deputyship, Span
from services.activities.errors import MajorityMissed, QuorumMissed
from shared.norms import Norms

DAY = date(2020, 6, 9)


@pytest.mark.parametrize(
    ("deputies", "present", "votes"), [(63, 42, 32), (49, 33, 25), (52, 35, 27), (80, 54, 41)]
)
def test_two_thirds_are_present_and_more_than_half_decide(deputies: int, present: int, votes: int) -> None:
    assert (quorum(deputies), majority(deputies)) == (present, votes)


@given(st.integers(0, 200))
def test_quorum_is_the_least_number_that_is_two_thirds(deputies: int) -> None:
    assert 3 * quorum(deputies) >= 2 * deputies > 3 * (quorum(deputies) - 1)


@given(st.integers(0, 200))
def test_majority_is_the_least_number_above_one_half(deputies: int) -> None:
    assert 2 * majority(deputies) > deputies >= 2 * (majority(deputies) - 1)


def test_one_short_of_the_quorum_is_refused_with_the_arithmetic() -> None:
    check_quorum(42, 63, DAY)
    with pytest.raises(QuorumMissed) as refusal:
        check_quorum(41, 63, DAY)
    assert refusal.value.detail.endswith("（依据：地方组织法（2022）第十四条）")
    for word in ("63", "42", "41", "三分之二"):
        assert word in refusal.value.detail
    assert refusal.value.errors[0].loc == "body.attendance.present"


def test_votes_are_measured_against_all_deputies_and_only_where_they_were_kept() -> None:
    check_majority(
        [("body.elections.0.votes", "镇长", 32), ("body.resolutions.0.votes", "决议", None)], 63, DAY
    )
    with pytest.raises(MajorityMissed) as refusal:
        check_majority([("a", "镇长", 31), ("b", "副镇长", 32), ("c", "决议", 0)], 63, DAY)
    assert [error.loc for error in refusal.value.errors] == ["a", "c"]


def test_more_than_half_of_the_presidium() -> None:
    check_presidium_quorum(5, 9, DAY)
    with pytest.raises(QuorumMissed):
        check_presidium_quorum(4, 9, DAY)
    with pytest.raises(QuorumMissed):
        check_presidium_quorum(4, 8, DAY)


def test_a_suspended_deputy_is_in_the_base_only_where_the_pack_says_so() -> None:
    serving = [Deputyship(id=f"d{n}", town="t") for n in range(9)]
    suspended = Deputyship(id="s", town="t", suspensions=(Span(from_on=date(2020, 1, 1)),))
    county = Deputyship(id="c", town="t", level="county")
    ended = Deputyship(id="e", town="t", ended_on=DAY)
    everyone = [*serving, suspended, county, ended]
    assert base(everyone, DAY, suspended_in_base=False) == 9
    assert base(everyone, DAY, suspended_in_base=True) == 10


def test_every_rule_that_refuses_says_where_it_comes_from() -> None:
    for rule in RULES.all:
        assert rule.basis
        assert rule.severity == "block"
        assert RULES.on(rule.id, DAY) == rule


def test_a_rule_refuses_nothing_before_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    since = Norms(*(replace(rule, effective_from=DAY) for rule in RULES.all))
    monkeypatch.setattr("services.activities.domain.congress.RULES", since)
    votes = [("a", "镇长", 1)]
    check_quorum(1, 63, DAY - timedelta(days=1))
    check_majority(votes, 63, DAY - timedelta(days=1))
    check_presidium_quorum(1, 9, DAY - timedelta(days=1))
    with pytest.raises(QuorumMissed):
        check_quorum(1, 63, DAY)
    with pytest.raises(MajorityMissed):
        check_majority(votes, 63, DAY)
    with pytest.raises(QuorumMissed):
        check_presidium_quorum(1, 9, DAY)
