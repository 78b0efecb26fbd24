"""By-elections: counts that cannot be, turnout, votes it takes, and who counts as chosen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain.by_elections import ByElection, check, chosen, needed
from services.roster.errors import ElectionVoid, NotElected, VotesUnfit
from shared.errors import Problem


def an_election(votes: dict[str, int | None] | None = None, **fields: Any) -> ByElection:
    given = {"丁示例01": 802, "万示例02": 201} if votes is None else votes
    body = {
        "id": "b1",
        "town": "340281199",
        "constituency": "第一选区",
        "held_on": "2023-05-04",
        "seats": 1,
        "voters": 1311,
        "votes_cast": 1100,
        "elected": ["丁示例01"],
        "candidates": [{"name": name, "votes": got} for name, got in given.items()],
    }
    return ByElection.model_validate(body | fields)


def refusal(kind: type[Problem], election: ByElection) -> list[str]:
    with pytest.raises(kind) as caught:
        check(election)
    return [error.loc for error in caught.value.errors]


def test_what_adds_up_is_taken_and_so_is_what_nobody_counted_yet() -> None:
    check(an_election())
    check(an_election(voters=None, votes_cast=None))
    check(an_election({"丁示例01": None}))
    check(an_election({}, elected=[], votes_cast=500))


def test_more_votes_than_voters_are_refused() -> None:
    check(an_election(voters=1100))
    assert refusal(VotesUnfit, an_election(voters=1099)) == ["body.votes_cast"]


def test_counts_that_cannot_be_are_each_named() -> None:
    assert refusal(VotesUnfit, an_election({"丁示例01": 1101})) == [
        "body.candidates.0.votes",
        "body.candidates",
    ]
    assert refusal(VotesUnfit, an_election({"丁示例01": 802, "万示例02": 299})) == ["body.candidates"]
    check(an_election({"丁示例01": 802, "万示例02": 298}))
    twice = [{"name": "丁示例01", "votes": 600}, {"name": "丁示例01", "votes": 1}]
    assert refusal(VotesUnfit, an_election(candidates=twice)) == ["body.candidates.1.name"]


def test_the_elected_had_votes_and_are_no_more_than_the_seats() -> None:
    assert refusal(VotesUnfit, an_election(elected=["赵示例03"])) == ["body.elected.0"]
    assert refusal(VotesUnfit, an_election(elected=["丁示例01", "丁示例01"])) == [
        "body.elected.1",
        "body.elected",
    ]


@pytest.mark.parametrize(("cast", "void"), [(655, True), (656, False)])
def test_half_of_the_voters_are_not_enough(cast: int, void: bool) -> None:
    election = an_election({"丁示例01": 600}, votes_cast=cast)
    if void:
        assert refusal(ElectionVoid, election) == ["body.votes_cast"]
        check(an_election({"丁示例01": 600}, votes_cast=cast, elected=[]))
    else:
        check(election)


@pytest.mark.parametrize(
    ("got", "rerun", "passes"),
    [(550, False, False), (551, False, True), (366, True, False), (367, True, True)],
)
def test_it_takes_more_than_half_of_those_who_voted_and_a_third_in_a_rerun(
    got: int, rerun: bool, passes: bool
) -> None:
    election = an_election({"丁示例01": got}, rerun=rerun)
    if passes:
        check(election)
    else:
        assert refusal(NotElected, election) == ["body.elected.0"]


def test_nobody_with_more_votes_is_passed_over() -> None:
    votes: dict[str, int | None] = {"丁示例01": 600, "万示例02": 610, "赵示例03": 600}
    election = an_election(votes, seats=2, elected=["丁示例01", "赵示例03"])
    assert refusal(NotElected, election) == ["body.elected.0", "body.elected.1"]
    check(an_election(votes, seats=2, elected=["丁示例01", "万示例02"]))


def test_who_was_chosen_is_known_by_person_or_else_by_name() -> None:
    named = an_election()
    assert chosen(named, name="丁示例01", person_id="p1")
    assert not chosen(named, name="万示例02", person_id="p2")
    known = an_election(candidates=[{"name": "丁示例01", "votes": 802, "person_id": "p1"}])
    assert chosen(known, name="丁示例01（新城村）", person_id="p1")
    assert not chosen(known, name="丁示例01", person_id="p9")


@given(st.integers(0, 5000))
def test_the_votes_it_takes_are_more_than_half_or_at_least_a_third(cast: int) -> None:
    first, again = needed(cast, rerun=False), needed(cast, rerun=True)
    assert 2 * first > cast >= 2 * (first - 1)
    assert 3 * again >= cast > 3 * (again - 1)
