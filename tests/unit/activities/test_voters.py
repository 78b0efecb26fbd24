"""No more vote than may have come: present and not recorded, without those on leave and absent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.attendance import Attendance
from services.activities.domain.business import Election, Resolution
from services.activities.domain.congress import check_cast
from services.activities.domain.leave import Leave
from services.activities.errors import VotesExceedPresent

DAY = date(2020, 6, 9)
EVERYBODY = tuple(f"d{n}" for n in range(63))
COUNTS = st.none() | st.integers(0, 70)


def sheet(present: int, on_leave: int = 0, absent: int = 0) -> Attendance:
    away = EVERYBODY[present : present + on_leave]
    return Attendance(
        present=EVERYBODY[:present],
        on_leave=tuple(Leave(deputyship_id=one) for one in away),
        absent=EVERYBODY[present + on_leave : present + on_leave + absent],
    )


def refused(matter: Election | Resolution, attendance: Attendance) -> list[str]:
    try:
        check_cast([*matter.cast("x")], attendance, EVERYBODY, DAY)
    except VotesExceedPresent as refusal:
        return [error.loc for error in refusal.errors]
    return []


def test_sixty_three_votes_with_forty_five_in_the_room_are_refused() -> None:
    attendance = sheet(45, absent=18)
    election = Election(post="镇长", name="王示例", issued=63, returned=63, valid=63, votes=60)
    assert refused(election, attendance) == ["x.returned", "x.valid", "x.votes"]
    assert refused(Resolution(title="决议", votes=63), attendance) == ["x.votes"]
    assert refused(Resolution(title="决议", votes=45), attendance) == []


@given(st.integers(0, 63), st.data())
def test_exactly_what_exceeds_the_voters_is_refused(present: int, data: st.DataObject) -> None:
    on_leave = data.draw(st.integers(0, 63 - present))
    absent = data.draw(st.integers(0, 63 - present - on_leave))
    counts = {field: data.draw(COUNTS) for field in ("votes", "against", "abstained")}
    known = [n for n in counts.values() if n is not None]
    attendance, voters = sheet(present, on_leave, absent), 63 - on_leave - absent
    exceeded = any(n > voters for n in known) or sum(known) > voters
    assert bool(refused(Resolution(title="决议", **counts), attendance)) == exceeded


def test_who_is_not_recorded_may_have_voted_and_an_unknown_roster_refuses_nothing() -> None:
    assert refused(Resolution(title="决议", votes=63), Attendance()) == []
    check_cast([("x.votes", "决议", "赞成票", 9)], Attendance(), (), DAY)


def test_the_refusal_has_the_arithmetic_and_the_article() -> None:
    with pytest.raises(VotesExceedPresent) as refusal:
        check_cast([("x.votes", "决议", "赞成票", 63)], sheet(45, 8, 10), EVERYBODY, DAY)
    for word in ("63", "45", "18", "第二十八条", "第四十四条"):
        assert word in refusal.value.detail
