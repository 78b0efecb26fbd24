"""Sessions missed without leave: counted whole, inside one term, in whatever order they were recorded."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.absences import REACHED_AT, missed
from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import Leave
from services.activities.domain.meetings import Session

FIRST = date(2019, 3, 1)


def session(
    number: int, congress: int = 17, *, absent: str = "", on_leave: str = "", expected: str = "abc"
) -> Session:
    """Deputies are letters; sessions follow one another by months."""
    return Session(
        id=f"{congress}-{number}",
        town="340281199",
        year=2019,
        congress_number=congress,
        session_number=number,
        held_on=FIRST + timedelta(days=30 * number),
        attendance=Attendance(
            absent=tuple(absent), on_leave=tuple(Leave(deputyship_id=one) for one in on_leave)
        ),
        expected=tuple(expected),
    )


def numbers(sessions: list[Session], congress: int = 17, as_of: date | None = None) -> dict[str, list[int]]:
    return {one: [s.session_number for s in was] for one, was in missed(sessions, congress, as_of).items()}


def test_two_absences_count_whether_or_not_they_follow_one_another() -> None:
    sessions = [session(1, absent="a"), session(2), session(3, absent="ab")]
    assert numbers(sessions) == {"a": [1, 3], "b": [3]}
    assert numbers(sessions, as_of=sessions[1].held_on) == {"a": [1]}


def test_two_absences_in_two_terms_reach_nothing() -> None:
    sessions = [session(9, 16, absent="a"), session(1, 17, absent="a")]
    assert numbers(sessions, 16) == {"a": [9]}
    assert numbers(sessions, 17) == {"a": [1]}


def test_leave_silence_and_not_being_expected_are_no_absence() -> None:
    assert numbers([session(1, on_leave="a"), session(2, absent="c", expected="ab"), session(3)]) == {}


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=8), st.randoms())
def test_the_order_of_recording_changes_nothing_and_nobody_is_counted_twice(
    absent: list[set[str]], random: Random
) -> None:
    sessions = [session(n, absent="".join(sorted(who))) for n, who in enumerate(absent, start=1)]
    mixed = list(sessions)
    random.shuffle(mixed)
    assert missed(mixed, 17) == missed(sessions, 17)
    for one in "abc":
        assert len(missed(sessions, 17).get(one, ())) == sum(one in who for who in absent)


def asked(one: str, *, requested: int | None = None, approved: int | None = None) -> Leave:
    """Days from the first of March."""
    days = {"requested_on": requested, "approved_on": approved}
    dated = {name: FIRST + timedelta(days=n) for name, n in days.items() if n is not None}
    return Leave(deputyship_id=one, **dated)


def given_leave(number: int, *leaves: Leave) -> Session:
    return session(number).model_copy(update={"attendance": Attendance(on_leave=leaves)})


def test_leave_that_was_asked_for_and_never_approved_is_an_absence() -> None:
    sessions = [given_leave(1, asked("a", requested=3), asked("b"), asked("c", approved=40))]
    assert numbers(sessions) == {"a": [1]}
    assert sessions[0].attendance.late_leave(sessions[0].held_on) == ("c",)


days = st.none() | st.integers(0, 300)


@given(st.lists(st.tuples(days, days), max_size=6), st.integers(0, 300), st.integers(0, 300))
def test_leave_approved_late_is_late_counts_until_that_day_and_takes_the_absence_back(
    dates: list[tuple[int | None, int | None]], early: int, later: int
) -> None:
    """Before its approval it is none; whoever looks later never finds more of what he had looked at."""
    sessions = [
        given_leave(n, asked("a", requested=requested, approved=approved))
        for n, (requested, approved) in enumerate(dates, start=1)
    ]
    early, later = sorted((early, later))
    then, after = (FIRST + timedelta(days=n) for n in (early, later))
    held = {s.session_number for s in sessions if s.held_on <= then}
    before = set(numbers(sessions, as_of=then).get("a", []))
    assert before == {
        n
        for n, (requested, approved) in enumerate(dates, start=1)
        if n in held and (approved > early if approved is not None else requested is not None)
    }
    assert set(numbers(sessions, as_of=after).get("a", [])) & held <= before
    for one, (_, approved) in zip(sessions, dates, strict=True):
        late = approved is not None and approved > (one.held_on - FIRST).days
        assert one.attendance.late_leave(one.held_on) == (("a",) if late else ())


def test_the_law_says_two() -> None:
    assert REACHED_AT == 2
