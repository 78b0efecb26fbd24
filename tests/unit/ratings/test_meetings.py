"""Where a meeting may go from where it stands, who may publish, what a revocation leaves."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors, events_out
from services.ratings.ballots import result
from services.ratings.domain import (
    Meeting,
    Result,
    State,
    check_change,
    check_deputies,
    check_publisher,
    closed,
    opened,
    published,
    revoked,
)
from tests.fixtures.meetings import a_meeting, a_scheme, a_sheet, a_tally

MOVES: dict[str, tuple[Callable[[Meeting], Meeting], frozenset[State], State]] = {
    "open": (lambda m: opened(m, a_scheme(), "o1"), frozenset({State.DRAFT, State.REVOKED}), State.OPEN),
    "close": (closed, frozenset({State.OPEN}), State.CLOSED),
    "publish": (lambda m: published(m, a_result(m)), frozenset({State.CLOSED}), State.PUBLISHED),
    "revoke": (
        lambda m: revoked(m, "抄错一格", date(2020, 12, 4), "o1"),
        frozenset({State.PUBLISHED}),
        State.REVOKED,
    ),
}


def a_result(meeting: Meeting) -> Result:
    return result(a_tally(a_sheet(1, "t1"), a_sheet(2, "t2")), meeting)


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_a_result_exists_exactly_while_published(moves: list[str]) -> None:
    meeting = a_meeting(state=State.DRAFT)
    for name in moves:
        move, allowed, target = MOVES[name]
        if meeting.state in allowed:
            meeting = move(meeting)
            assert meeting.state is target
        else:
            with pytest.raises(errors.MeetingState):
                move(meeting)
        assert (meeting.result is not None) == (meeting.state is State.PUBLISHED)


def test_a_correction_is_a_new_version_and_the_old_one_is_kept_with_its_reason() -> None:
    meeting = a_meeting(state=State.CLOSED)
    meeting = published(meeting, a_result(meeting))
    meeting = revoked(meeting, "抄错一格", date(2020, 12, 4), "o1")
    meeting = closed(opened(meeting, a_scheme(), "o1"))
    meeting = published(meeting, a_result(meeting))
    assert meeting.result is not None
    assert meeting.result.version == 2
    assert [(past.version, past.reason) for past in meeting.revocations] == [(1, "抄错一格")]


def test_opening_takes_the_scheme_as_it_is_then_and_keeps_it_after_a_revocation() -> None:
    renamed = a_scheme(name="新方案")
    assert opened(a_meeting(state=State.DRAFT), renamed, "o1").scheme == renamed
    assert opened(a_meeting(state=State.REVOKED), renamed, "o1").scheme == a_scheme()


@pytest.mark.parametrize("actor", ["t1", "t3"])
def test_who_counts_does_not_publish(actor: str) -> None:
    with pytest.raises(errors.TellerMayNotPublish):
        check_publisher(a_meeting(tellers=("t3",)), frozenset({"t1", "t2"}), actor)


def test_another_person_publishes() -> None:
    check_publisher(a_meeting(tellers=("t1", "t2")), frozenset({"t1", "t2"}), "o1")


@pytest.mark.parametrize("field", ["deputyship_ids", "scheme_id", "method"])
def test_what_stands_on_the_ballot_is_fixed_by_opening(field: str) -> None:
    check_change(a_meeting(state=State.DRAFT), {field})
    with pytest.raises(errors.MeetingState):
        check_change(a_meeting(state=State.OPEN), {field})


def test_the_rest_is_fixed_by_publication() -> None:
    check_change(a_meeting(state=State.CLOSED), {"present"})
    with pytest.raises(errors.MeetingState):
        check_change(a_meeting(state=State.PUBLISHED), {"present"})


def test_a_deputy_stands_on_the_ballot_once() -> None:
    with pytest.raises(errors.Unacceptable) as caught:
        check_deputies(("d1", "d2", "d1"))
    assert [fault.loc for fault in caught.value.errors] == ["body.deputyship_ids.2"]


def test_nothing_but_published_aggregates_leaves() -> None:
    meeting = a_meeting(state=State.CLOSED, tellers=("t1", "t2"))
    before = events_out.MeetingFact.model_validate(meeting.model_dump())
    assert before.result is None
    done = revoked(published(meeting, a_result(meeting)), "抄错一格", date(2020, 12, 4), "o1")
    public = events_out.MeetingFact.model_validate(done.model_dump()).model_dump(mode="json")
    assert public["result"] is None
    assert public["revocations"] == [{"version": 1, "reason": "抄错一格", "on": "2020-12-04"}]
    assert "tellers" not in public
