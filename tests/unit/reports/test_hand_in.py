"""Until when a county takes reports: the narrowest area decides, an extension moves the day, a lock shuts the door."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.hand_in import Grant, Window, closed, last_day, window_of

DAY = date(2020, 12, 15)
NOW = datetime(2020, 12, 1, tzinfo=UTC)
OFFSETS = st.integers(-40, 40).map(lambda days: DAY + timedelta(days=days))


def window(area: str = "340281", due_on: date = DAY, *, locked: bool = True) -> Window:
    return Window(area=area, due_on=due_on, locked=locked, reason="通知", set_by="county", set_at=NOW)


def grant(until: date) -> Grant:
    return Grant(until=until, reason="汛情", granted_by="county", granted_at=NOW)


def test_the_window_of_the_narrowest_area_holds() -> None:
    windows = [window("34"), window("340281", date(2020, 12, 20)), window("340282")]
    found = window_of("340281199", windows)
    assert found is not None
    assert found.due_on == date(2020, 12, 20)
    assert window_of("350000000", windows) is None


def test_nothing_is_shut_without_a_window_or_a_lock() -> None:
    late = DAY + timedelta(days=99)
    assert not closed(None, None, late)
    assert not closed(window(locked=False), None, late)
    assert closed(window(), None, late)


@given(OFFSETS, OFFSETS)
def test_an_extension_only_ever_lengthens(until: date, today: date) -> None:
    assert last_day(window(), until) == max(DAY, until)
    assert closed(window(), grant(until), today) == (today > max(DAY, until))
    assert not (closed(window(), grant(until), today) and not closed(window(), None, today))
