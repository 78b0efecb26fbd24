"""Deputyships through time: what was true on which day, and which changes contradict what is on record."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain import corrections, groups
from services.roster.domain import deputyships as d
from services.roster.domain.dated import Interval, covers
from services.roster.errors import ImpossibleDate, WrongStatus

BEGAN = date(2017, 1, 10)
DAY = st.integers(0, 2000).map(lambda n: BEGAN + timedelta(days=n))


def a_deputyship(**changes: object) -> d.Deputyship:
    fields = {"id": "d1", "town": "340281199", "person_id": "p1", "level": "town", "started_on": BEGAN}
    return d.start(d.Deputyship.model_validate(fields | changes))


def test_history_begins_with_the_deputyship() -> None:
    deputyship = a_deputyship(group_id="g1", roles=["presidium"])
    assert [(m.group_id, m.from_on, m.to_on) for m in deputyship.group_history] == [("g1", BEGAN, None)]
    assert [(r.role, r.from_on, r.to_on) for r in deputyship.role_history] == [("presidium", BEGAN, None)]


def test_on_the_day_it_ends_its_holder_no_longer_serves() -> None:
    ended = d.end(a_deputyship(), reason="resigned", on=date(2020, 6, 9))
    assert d.status_on(ended, date(2020, 6, 8)) == "serving"
    assert d.status_on(ended, date(2020, 6, 9)) == "ended"


def test_nobody_is_a_deputy_before_the_beginning() -> None:
    assert d.status_on(a_deputyship(), BEGAN - timedelta(days=1)) is None


def test_ending_closes_group_and_roles_and_keeps_them_on_record() -> None:
    ended = d.end(a_deputyship(group_id="g1", roles=["chair"]), reason="died", on=date(2020, 1, 1))
    assert (ended.group_id, ended.roles) == (None, [])
    assert ended.group_history[0].to_on == date(2020, 1, 1)
    assert ended.role_history[0].to_on == date(2020, 1, 1)


def test_what_is_over_cannot_end_again() -> None:
    ended = d.end(a_deputyship(), reason="resigned", on=date(2020, 1, 1))
    with pytest.raises(WrongStatus):
        d.end(ended, reason="died", on=date(2020, 2, 1))


def test_an_end_before_the_beginning_is_impossible_and_names_the_field() -> None:
    with pytest.raises(ImpossibleDate) as refusal:
        d.end(a_deputyship(), reason="resigned", on=BEGAN - timedelta(days=1))
    assert refusal.value.errors[0].loc == "body.on"


def test_a_suspension_is_neither_serving_nor_ended_and_lifts_on_the_day_named() -> None:
    suspended = d.suspend(a_deputyship(), reason="criminal_detention", on=date(2020, 3, 1))
    resumed = d.resume(suspended, on=date(2020, 5, 1))
    assert d.status_on(resumed, date(2020, 2, 29)) == "serving"
    assert d.status_on(resumed, date(2020, 4, 30)) == "suspended"
    assert d.status_on(resumed, date(2020, 5, 1)) == "serving"


def test_a_suspended_deputy_is_not_suspended_twice() -> None:
    suspended = d.suspend(a_deputyship(), reason="criminal_detention", on=date(2020, 3, 1))
    with pytest.raises(WrongStatus):
        d.suspend(suspended, reason="serving_sentence", on=date(2020, 4, 1))
    with pytest.raises(WrongStatus):
        d.resume(a_deputyship(), on=date(2020, 4, 1))


def test_moving_between_groups_keeps_where_he_was() -> None:
    moved = d.move(a_deputyship(group_id="g1"), group_id="g2", on=date(2020, 3, 1))
    groups = [
        (m.group_id, covers(m, date(2020, 2, 29)), covers(m, date(2020, 3, 1))) for m in moved.group_history
    ]
    assert groups == [("g1", True, False), ("g2", False, True)]


def test_a_role_given_up_ends_and_a_new_one_begins_that_day() -> None:
    changed = d.appoint(a_deputyship(roles=["presidium"]), roles=["chair"], on=date(2020, 3, 1))
    assert [(r.role, r.from_on, r.to_on) for r in changed.role_history] == [
        ("presidium", BEGAN, date(2020, 3, 1)),
        ("chair", date(2020, 3, 1), None),
    ]


def test_leaders_follow_one_another() -> None:
    group = groups.lead(groups.Group(id="g", town="340281199", number=1), deputyship_id="a", on=None)
    group = groups.lead(group, deputyship_id="b", on=date(2020, 3, 1))
    assert [(x.deputyship_id, x.from_on, x.to_on) for x in group.leader_history] == [
        ("a", None, date(2020, 3, 1)),
        ("b", date(2020, 3, 1), None),
    ]


def test_putting_the_first_day_right_moves_what_began_with_it() -> None:
    held = a_deputyship(group_id="g1")
    earlier = corrections.redate(held, started_on=date(2017, 1, 5), today=date(2020, 1, 1))
    assert earlier.group_history[0].from_on == date(2017, 1, 5)


def test_a_second_deputyship_may_follow_but_not_run_beside() -> None:
    first = d.end(a_deputyship(), reason="term_over", on=date(2020, 1, 1))
    beside = a_deputyship(id="d2", started_on=date(2019, 12, 31))
    after = a_deputyship(id="d2", started_on=date(2020, 1, 1))
    assert d.overlapping(beside, [first]) == first
    assert d.overlapping(after, [first]) is None


def take_step(deputyship: d.Deputyship, number: int, step: str, on: date) -> d.Deputyship:
    match step:
        case "end":
            return d.end(deputyship, reason="resigned", on=on)
        case "suspend":
            return d.suspend(deputyship, reason="criminal_detention", on=on)
        case "resume":
            return d.resume(deputyship, on=on)
        case "move":
            return d.move(deputyship, group_id=f"g{number}", on=on)
        case _:
            return d.appoint(deputyship, roles=["chair"] if number % 2 else [], on=on)


@given(
    st.lists(st.tuples(st.sampled_from(["end", "suspend", "resume", "move", "appoint"]), DAY), max_size=12)
)
def test_whatever_happens_history_is_in_order_and_agrees_with_the_present(
    steps: list[tuple[str, date]],
) -> None:
    deputyship = a_deputyship(group_id="g0", roles=["presidium"])
    for number, (step, on) in enumerate(steps):
        with suppress(ImpossibleDate, WrongStatus):
            deputyship = take_step(deputyship, number, step, on)
    dated: list[Interval] = [
        *deputyship.group_history,
        *deputyship.role_history,
        *deputyship.suspensions,
    ]
    for item in dated:
        assert item.from_on is not None
        assert item.from_on >= BEGAN
        assert item.to_on is None or item.from_on <= item.to_on
    open_groups = [m.group_id for m in deputyship.group_history if m.to_on is None]
    assert open_groups == ([deputyship.group_id] if deputyship.group_id else [])
    assert sorted(r.role for r in deputyship.role_history if r.to_on is None) == sorted(deputyship.roles)
    assert d.status_on(deputyship, date(2030, 1, 1)) == deputyship.status
