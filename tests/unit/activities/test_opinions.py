"""What becomes of a voter's opinion, step by step, and when nothing is left by which the voter could be reached."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.opinions import STEPS, Opinion, OpinionState
from services.activities.errors import DatesOutOfOrder, WrongState

DAY = date(2020, 4, 15)
RECEIVED = Opinion(id="o1", town="340281199", year=2020, received_on=DAY)
OPEN = [state for state in STEPS if state is not OpinionState.CLOSED]


@given(st.lists(st.sampled_from(OPEN)), st.integers(0, 30))
def test_until_it_is_closed_it_may_be_answered_passed_on_and_converted_in_any_order(
    steps: list[OpinionState], days: int
) -> None:
    opinion = RECEIVED
    for n, state in enumerate(steps):
        opinion = opinion.with_step(state, DAY + timedelta(days=n))
        assert (opinion.state, getattr(opinion, STEPS[state])) == (state, DAY + timedelta(days=n))
        assert opinion.as_dated() == opinion
    closed = opinion.with_step(OpinionState.CLOSED, DAY + timedelta(days=len(steps) + days))
    assert closed.as_dated() == closed
    for state in STEPS:
        with pytest.raises(WrongState):
            closed.with_step(state, DAY + timedelta(days=99))


@pytest.mark.parametrize("state", STEPS)
def test_nothing_is_done_before_it_came_in(state: OpinionState) -> None:
    assert RECEIVED.with_step(state, DAY).state is state
    with pytest.raises(DatesOutOfOrder) as refused:
        RECEIVED.with_step(state, DAY - timedelta(days=1))
    assert refused.value.errors[0].loc == "body.on"


def test_nothing_is_done_after_it_was_closed() -> None:
    answered = RECEIVED.with_step(OpinionState.ANSWERED, DAY + timedelta(days=9))
    with pytest.raises(DatesOutOfOrder, match="晚于办结日期"):
        answered.with_step(OpinionState.CLOSED, DAY + timedelta(days=8))


def test_the_dates_say_the_state_where_nobody_did() -> None:
    def state(**dates: date) -> OpinionState:
        return RECEIVED.model_copy(update=dates).as_dated().state

    later = DAY + timedelta(days=3)
    assert state() is OpinionState.RECEIVED
    assert state(answered_on=DAY, forwarded_on=DAY) is OpinionState.ANSWERED
    assert state(answered_on=DAY, forwarded_on=later) is OpinionState.FORWARDED
    assert state(answered_on=later, closed_on=DAY) is OpinionState.CLOSED


@given(st.integers(0, 3650))
def test_a_contact_is_kept_for_so_many_days_after_closing(days: int) -> None:
    assert RECEIVED.contact_ends(days) is None
    closed = RECEIVED.with_step(OpinionState.CLOSED, DAY)
    assert closed.contact_ends(days) == DAY + timedelta(days=days + 1)
