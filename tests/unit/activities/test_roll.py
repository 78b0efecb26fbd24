"""The roll: its order and numbers, and what few words on a signed sheet stand for."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.activities import ActivityKind
from services.activities.domain.leave import LeaveReason
from services.activities.domain.roll import Gathering, Line, Roll, numbered
from services.activities.domain.signed import read_sheet

PEOPLE = (
    ("d1", "p1", "丁一", "新城", 1),
    ("d2", "p2", "王伟", "新城", 1),
    ("d3", "p3", "王伟", "桥头", 2),
    ("d4", "p4", "张示例", "桥头", 2),
    ("d5", "p5", "欧阳示例", "", 2),
    ("d6", "p6", "李明", "大堰", 1),
    ("d7", "p6", "李明", "", None),
)
ROLL = numbered(
    Line(number=0, deputyship_id=id, person_id=person, name=name, constituency=place, group=group)
    for id, person, name, place, group in PEOPLE
)


ROLL_OF_ALL = Roll(ROLL)


def said(part: str, words: str, *, others: bool = False) -> tuple[set[str], list[str]]:
    """Who is meant, and what is in doubt."""
    attendance, doubts = read_sheet(ROLL_OF_ALL, {part: words}, others_present=others)
    return set(attendance.ids), [doubt.message for doubt in doubts]


def test_people_gather_for_every_kind_of_activity() -> None:
    assert {str(kind) for kind in ActivityKind} < {str(gathering) for gathering in Gathering}


def test_the_roll_is_in_stroke_order_and_numbered_from_one() -> None:
    assert [line.number for line in ROLL] == [1, 2, 3, 4, 5, 6, 7]
    assert [line.name for line in ROLL] == ["丁一", "王伟", "王伟", "李明", "李明", "张示例", "欧阳示例"]
    assert [line.group for line in ROLL if line.name == "王伟"] == [1, 2]


@given(st.permutations(ROLL))
def test_the_roll_does_not_depend_on_the_order_it_came_in(lines: list[Line]) -> None:
    assert [line.name for line in numbered(lines)] == [line.name for line in ROLL]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("张示例", {"d4"}),
        ("丁　一，张示例", {"d1", "d4"}),
        ("丁一 张示例\n欧阳示例", {"d1", "d4", "d5"}),
        ("王伟（第2组）", {"d3"}),
        ("王伟(新城)", {"d2"}),
        ("1、6-7号", {"d1", "d4", "d5"}),
        ("李明", {"d6", "d7"}),
        ("", set()),
    ],
)
def test_names_and_numbers_stand_for_people(words: str, who: set[str]) -> None:
    assert said("absent", words) == (who, [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("赵无此", "应到人员中没有 赵无此"),
        ("9", "签到册只有 1 至 7 号"),
        ("6-9", "签到册只有 1 至 7 号"),
        ("0", "签到册只有 1 至 7 号"),
        ("王伟（第9组）", "应到人员中没有 王伟（第9组）"),
    ],
)
def test_what_stands_for_nobody_is_told(words: str, message: str) -> None:
    assert said("present", words) == (set(), [message])


def test_people_of_one_name_are_asked_after_and_never_guessed() -> None:
    attendance, (doubt,) = read_sheet(ROLL_OF_ALL, {"absent": "王伟"}, others_present=False)
    assert not attendance.recorded
    assert [(one.deputyship_id, one.group, one.constituency) for one in doubt.candidates] == [
        ("d2", 1, "新城"),
        ("d3", 2, "桥头"),
    ]
    assert "王伟（第2组）" in doubt.message


def test_all_except_those_who_are_away() -> None:
    attendance, doubts = read_sheet(
        ROLL_OF_ALL, {"on_leave": "张示例（病假）、丁一（公务）", "absent": "李明"}, others_present=True
    )
    assert doubts == ()
    assert {(one.deputyship_id, one.reason) for one in attendance.on_leave} == {
        ("d4", LeaveReason.ILLNESS),
        ("d1", LeaveReason.OFFICIAL_DUTY),
    }
    assert set(attendance.absent) == {"d6", "d7"}
    assert set(attendance.present) == {"d2", "d3", "d5"}


def test_nobody_is_written_in_two_places() -> None:
    _, (doubt,) = read_sheet(ROLL_OF_ALL, {"absent": "丁一", "present": "丁一"}, others_present=False)
    assert doubt.message == "丁一已写在“缺席”"


@given(
    away=st.sampled_from([set(some) for n in range(4) for some in combinations(range(1, 8), n)]),
    leave=st.booleans(),
)
def test_everybody_stands_in_one_place_and_a_person_is_away_with_all_mandates(
    away: set[int], leave: bool
) -> None:
    words = "、".join(map(str, away))
    attendance, doubts = read_sheet(
        ROLL_OF_ALL, {"on_leave" if leave else "absent": words}, others_present=True
    )
    assert doubts == ()
    gone = {line.person_id for line in ROLL if line.number in away}
    assert set(attendance.present) == {line.deputyship_id for line in ROLL if line.person_id not in gone}
    assert len(attendance.ids) == len(set(attendance.ids))
