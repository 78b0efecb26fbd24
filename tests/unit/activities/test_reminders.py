"""When it is said that a date comes near or has passed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.reminders import PAST_DAYS, Reminder, next_reminder, stage_of

DUE = date(2026, 3, 31)


def test_a_date_comes_near_passes_and_is_forgotten() -> None:
    def on(days: int) -> str | None:
        return stage_of(DUE, DUE + timedelta(days=days), 10)

    assert [on(-11), on(-10), on(0), on(1), on(PAST_DAYS), on(PAST_DAYS + 1)] == [
        *(None, "due_soon", "due_soon", "overdue", "overdue", None)
    ]
    assert next_reminder((), None, DUE, 10) is None


@given(st.lists(st.integers(-40, 60)), st.integers(0, 60))
def test_however_often_one_looks_each_is_said_once(days: list[int], warning: int) -> None:
    told: list[Reminder] = []
    for day in days:
        now = next_reminder(told, DUE, DUE + timedelta(days=day), warning)
        told += [now] if now is not None else []
    assert len(told) == len(set(told)) <= 2


def test_a_date_that_moved_is_said_anew() -> None:
    told = next_reminder((), DUE, DUE, 10)
    assert told is not None
    assert next_reminder([told], DUE + timedelta(days=5), DUE, 10) == Reminder(
        stage="due_soon", due_on=DUE + timedelta(days=5)
    )
