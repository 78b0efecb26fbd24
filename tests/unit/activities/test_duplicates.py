"""What holds for every pair of activities: likeness is mutual, sets are apart, and a merge loses nobody."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.activities import Activity, ActivityKind, ActivityState
from services.activities.domain.attendance import Attendance
from services.activities.domain.duplicates import LABELS, duplicates, likeness, merged
from services.activities.errors import MergeConflict

DEPUTIES = st.sets(st.sampled_from(["d1", "d2", "d3", "d4"]))


@st.composite
def activities(draw: st.DrawFn) -> list[Activity]:
    found = []
    for n in range(draw(st.integers(2, 5))):
        present = draw(DEPUTIES)
        absent = draw(DEPUTIES) - present
        state: dict[str, Any] = {
            "title": draw(st.sampled_from(["培训", "培 训", "学习", "第一期", "第二期"])),
            "place": draw(st.sampled_from(["", "会议室", "村部"])),
            "station_id": draw(st.sampled_from([None, "st1", "st2"])),
            "held_on": date(2020, 3, draw(st.integers(5, 6))),
            "attendance": Attendance(present=tuple(sorted(present)), absent=tuple(sorted(absent))),
            "voters_count": draw(st.sampled_from([None, 0, 7])),
            "different_from": tuple(sorted(draw(st.sets(st.sampled_from(["a0", "a1", "a2"]))))),
        }
        found.append(Activity(id=f"a{n}", town="t", year=2020, kind=ActivityKind.TRAINING, **state))
    return found


@given(activities())
def test_likeness_is_mutual_and_sets_are_apart(found: list[Activity]) -> None:
    for one in found:
        for other in found:
            assert likeness(one, other) == likeness(other, one)
    named = [activity.id for duplicate in duplicates(found) for activity in duplicate.activities]
    assert len(named) == len(set(named))
    for duplicate in duplicates(found):
        assert len({activity.held_on for activity in duplicate.activities}) == 1
        for one in duplicate.activities:
            assert any(likeness(one, other) for other in duplicate.activities if other.id != one.id)


@given(activities())
def test_a_merge_loses_nobody_and_what_was_said_stays(found: list[Activity]) -> None:
    duplicate, target = found[:2]
    try:
        tombstone, survivor = merged(duplicate, target, dict.fromkeys(LABELS, "into"))
    except MergeConflict:
        return
    assert (tombstone.state, tombstone.merged_into) == (ActivityState.VOIDED, target.id)
    assert tombstone.attendance == duplicate.attendance
    assert set(survivor.attendance.ids) == {*duplicate.attendance.ids, *target.attendance.ids}
    for name in ("title", "place", "voters_count"):
        said = [getattr(one, name) for one in (target, duplicate) if getattr(one, name) not in (None, "")]
        assert getattr(survivor, name) == (said[0] if said else getattr(target, name))
