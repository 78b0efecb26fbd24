"""What the presidium decided: open until it is done, on every day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.meetings import Decision, PresidiumMeeting
from services.activities.errors import DatesOutOfOrder
from shared.errors import NotFound

MEETING = PresidiumMeeting(
    id="m",
    town="340281199",
    year=2020,
    number=1,
    held_on=date(2020, 3, 1),
    decisions=tuple(Decision(text=text) for text in ("视察", "督办", "宣传")),
)


def test_a_decision_is_done_by_its_number_and_may_be_corrected() -> None:
    done = MEETING.decision_done(2, date(2020, 3, 10), "办结3件")
    assert [one.done_on for one in done.decisions] == [None, date(2020, 3, 10), None]
    assert done.decision_done(2, date(2020, 3, 11), None).decisions[1] == Decision(
        text="督办", done_on=date(2020, 3, 11)
    )
    for number in (0, 4):
        with pytest.raises(NotFound):
            MEETING.decision_done(number, date(2020, 3, 10), None)
    with pytest.raises(DatesOutOfOrder):
        MEETING.decision_done(1, date(2020, 2, 29), None)


@given(st.lists(st.none() | st.integers(1, 31), min_size=3, max_size=3), st.integers(1, 31))
def test_a_decision_is_open_until_the_day_before_it_was_done(done: list[int | None], today: int) -> None:
    meeting = MEETING
    for number, day in enumerate(done, start=1):
        if day is not None:
            meeting = meeting.decision_done(number, date(2020, 3, day), None)
    still_open = [number for number, _ in meeting.open_decisions(date(2020, 3, today))]
    assert still_open == [n for n, day in enumerate(done, start=1) if day is None or day > today]
