"""Who came, who was expected, and what a sheet may not say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.attendance import (
    Attendance,
    check_attendance,
    expected_as_named,
    expected_at_session,
    expected_in_group,
    expected_in_presidium,
)
from services.activities.domain.leave import Leave
from services.activities.domain.roster import Deputyship, GroupSpan, RoleSpan, Span
from services.activities.errors import AttendanceFaulty

DAY = date(2020, 6, 9)
IDS = [f"d{n:02}" for n in range(12)]
DEPUTIES = {one: Deputyship(id=one, town="340281118", started_on=date(2017, 1, 5)) for one in IDS}


def a_deputy(id: str = "x", **state: object) -> Deputyship:
    return Deputyship.model_validate({"id": id, "town": "340281118", "started_on": "2017-01-05", **state})


def locs(attendance: Attendance, deputies: dict[str, Deputyship], *, session: bool = False) -> list[str]:
    with pytest.raises(AttendanceFaulty) as refusal:
        check_attendance(attendance, deputies, DAY, town_level_only=session)
    return [error.loc for error in refusal.value.errors]


@given(st.permutations(IDS), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_present_on_leave_absent_and_not_recorded_part_the_expected(
    order: list[str], a: int, b: int, c: int
) -> None:
    first, second, third = sorted((a, b, c))
    attendance = Attendance(
        present=tuple(order[:first]),
        on_leave=tuple(Leave(deputyship_id=one) for one in order[first:second]),
        absent=tuple(order[second:third]),
    )
    check_attendance(attendance, DEPUTIES, DAY)
    expected = expected_at_session(DEPUTIES.values(), DAY)
    assert set(expected) == set(attendance.ids) | set(order[third:])
    assert len(attendance.present) + len(attendance.on_leave) + len(attendance.absent) == third
    assert attendance.recorded == bool(third)
    assert expected_as_named(attendance, DEPUTIES, DAY) == tuple(sorted(order[:third]))


@given(st.lists(st.sampled_from(IDS), min_size=1), st.lists(st.sampled_from(IDS)))
def test_a_name_written_down_twice_is_always_found(present: list[str], absent: list[str]) -> None:
    named = present + absent
    attendance = Attendance(present=tuple(present), absent=tuple(absent))
    if len(set(named)) == len(named):
        check_attendance(attendance, DEPUTIES, DAY)
    else:
        assert len(locs(attendance, DEPUTIES)) == len(named) - len(set(named))


def test_the_second_place_of_a_name_is_the_fault() -> None:
    attendance = Attendance(present=("d00",), on_leave=(Leave(deputyship_id="d00"),), absent=("d01", "d01"))
    assert locs(attendance, DEPUTIES) == [
        "body.attendance.on_leave.0.deputyship_id",
        "body.attendance.absent.1",
    ]


def test_one_person_is_in_one_place_whatever_mandates_he_holds() -> None:
    deputies = {
        one: a_deputy(one, person_id=person, level=level)
        for one, person, level in (("t", "p1", "town"), ("c", "p1", "county"), ("o", "p2", "town"))
    }
    check_attendance(Attendance(present=("t", "c", "o")), deputies, DAY)
    check_attendance(Attendance(absent=("t", "c"), present=("o",)), deputies, DAY)
    away = Leave(deputyship_id="c")
    assert locs(Attendance(present=("t", "o"), on_leave=(away,)), deputies) == [
        "body.attendance.on_leave.0.deputyship_id"
    ]
    assert locs(Attendance(present=("t",), absent=("o", "c")), deputies) == ["body.attendance.absent.1"]


def test_only_who_is_in_office_that_day_can_be_present() -> None:
    deputies = {
        "early": a_deputy("early", started_on="2020-06-10"),
        "ended": a_deputy("ended", ended_on="2020-06-09"),
        "suspended": a_deputy("suspended", suspensions=[{"from_on": "2020-06-01", "to_on": None}]),
        "resumed": a_deputy("resumed", suspensions=[{"from_on": "2020-01-01", "to_on": "2020-06-09"}]),
        "leaving": a_deputy("leaving", ended_on="2020-06-10"),
    }
    attendance = Attendance(present=tuple(deputies))
    assert locs(attendance, deputies) == ["body.attendance.present.0", "body.attendance.present.1"]
    came = Attendance(present=("suspended", "resumed", "leaving"))
    check_attendance(came, deputies, DAY)
    assert expected_at_session(deputies.values(), DAY) == ("leaving", "resumed")
    assert expected_as_named(came, deputies, DAY) == ("leaving", "resumed")


def test_a_session_is_of_the_towns_own_deputies() -> None:
    deputies = {"c": a_deputy("c", level="county"), "t": a_deputy("t")}
    assert locs(Attendance(present=("c", "t")), deputies, session=True) == ["body.attendance.present.0"]
    assert expected_at_session(deputies.values(), DAY) == ("t",)


def test_groups_and_presidium_are_those_of_that_day() -> None:
    moved = a_deputy(
        "moved",
        group_id="g2",
        group_history=[
            {"group_id": "g1", "from_on": "2017-01-05", "to_on": "2020-06-09"},
            {"group_id": "g2", "from_on": "2020-06-09"},
        ],
    )
    stayed = a_deputy("stayed", group_id="g1")
    county = a_deputy("county", level="county", group_id="g1")
    assert expected_in_group([moved, stayed, county], "g1", date(2020, 6, 8)) == ("county", "moved", "stayed")
    assert expected_in_group([moved, stayed, county], "g1", DAY) == ("county", "stayed")
    chair = a_deputy("chair", roles=["chair"])
    former = a_deputy(
        "former", role_history=[{"role": "presidium", "from_on": "2017-01-05", "to_on": "2020-01-01"}]
    )
    leader = a_deputy("leader", roles=["group_leader"])
    assert expected_in_presidium([chair, former, leader], date(2019, 12, 31)) == ("chair", "former")
    assert expected_in_presidium([chair, former, leader], DAY) == ("chair",)


@given(st.dates(), st.dates(), st.dates())
def test_a_span_is_closed_at_its_start_and_open_at_its_end(start: date, end: date, day: date) -> None:
    assert Span(from_on=start, to_on=end).holds(day) == (start <= day < end)
    assert GroupSpan(group_id="g", from_on=start).holds(day) == (start <= day)
    assert RoleSpan(role="chair", to_on=end).holds(day) == (day < end)
