"""One grammar for attendance as pasted: the table through the reader and through the cells of a workbook, and what
holds for every text."""

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.attendance import Attendance
from services.activities.domain.marks import SIGNS, marked, read_marks, states_of
from services.activities.domain.reading import Reading
from services.activities.domain.roll import Roll
from services.activities.domain.signed import read_sheet, read_texts
from services.activities.imports.rows import Sheets
from services.activities.sheets import SHEETS
from shared.errors import Invalid
from shared.workbook import read, write
from tests.contract.attendance import (
    CASES,
    DAY,
    DIRECTORY,
    IDS,
    MARKS,
    NAMES,
    ROLL,
    Found,
    found,
    marks_wanted,
    wanted,
)

MEETINGS = next(sheet for sheet in SHEETS if sheet.name == "主席团会议")


def through_the_reader(text: dict[str, str]) -> Found:
    attendance, doubts = read_sheet(ROLL, text, others_present=False)
    return found(attendance.model_dump(mode="json"), [doubt.model_dump() for doubt in doubts], NAMES)


def through_the_cells(text: dict[str, str]) -> Found:
    row = {"year": 2020, "number": 1, "held_on": DAY}
    row |= {part: (words,) for part, words in text.items()}
    book = read(write([MEETINGS], {MEETINGS.name: [row]}), [MEETINGS])
    assert book.problems == []
    (cells,) = book.rows(MEETINGS.name)
    try:
        attendance = Sheets(book, DIRECTORY).attendance(cells, ROLL)["attendance"]
    except Invalid as problem:
        doubts = []
        for error in problem.errors:
            place = re.match(r"第 (\d+) 行第 (\d+) 字“(.*?)”：", error.message, re.DOTALL)
            assert place is not None
            doubts.append(f"{error.loc}:{place[1]}:{place[2]}:{place[3]}")
        return Found([], [], [], doubts, [])
    return found(attendance.model_dump(mode="json"), [], NAMES)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
@pytest.mark.parametrize("door", [through_the_reader, through_the_cells])
def test_a_text_means_the_same_at_every_door(case: dict[str, Any], door: Any) -> None:
    assert door(case["text"]) == wanted(case)


@pytest.mark.parametrize("case", MARKS, ids=[case["about"] for case in MARKS])
def test_marks_mean_what_the_table_says(case: dict[str, Any]) -> None:
    marks = read_marks(ROLL, case["text"], others_present=case.get("others", "present") == "present")
    states = sorted(f"{NAMES[id]}={state}" for id, state in marks.states.items())
    doubts = [f"{doubt.part}:{doubt.line}:{doubt.column}:{doubt.written}" for doubt in marks.doubts]
    assert (states, doubts) == marks_wanted(case)


LIST = st.lists(
    st.sampled_from([id for id, name in NAMES.items() if "强" not in name]), min_size=1, unique=True
)
SHAPES = ["{n}、{name}", "{n}. {name}", "{n}.{name}", "（{n}）{name}", "{n} {name}", "{n}\t{name}", "{name}\t{n}",
          "- {name}", "{name}", "{n}：{name}", "{n}\t{name}\t男\t4{n}", "@{name}"]  # fmt: skip
JOINTS = ["\n", "\r\n", "；\n", "。\n", "\n\n"]


@given(
    LIST,
    st.sampled_from(SHAPES),
    st.sampled_from(JOINTS),
    st.integers(1, 30),
    st.sampled_from(["", " ", "　"]),
)
def test_a_list_of_any_shape_gives_its_people_back(
    ids: list[str], shape: str, joint: str, first: int, blank: str
) -> None:
    first = 1 if len(ids) == 1 else first
    lines = [shape.format(n=first + n, name=blank.join(NAMES[id].split())) for n, id in enumerate(ids)]
    attendance, doubts = read_sheet(ROLL, {"absent": joint.join(lines)}, others_present=False)
    assert (set(attendance.absent), doubts) == (set(ids), ())


@given(LIST, st.sampled_from(["、", "，", ",", "；", ";", " ", "\t", "\n", "/", "、 "]))
def test_names_with_any_separator_give_their_people_back(ids: list[str], separator: str) -> None:
    text = separator.join(NAMES[id] for id in ids)
    attendance, doubts = read_sheet(ROLL, {"present": text}, others_present=False)
    assert (list(attendance.present), doubts) == (ids, ())


PIECES = [*NAMES.values(), *"123、，；\n\t （）()：. 除外全部到会无请假病公①一二组第人共等", "全体", "外全部到会",
          "王", "请假：", "（病假）", "3人", "王强（2组）", "\u200b", "?", "x"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    reading = read_texts(ROLL, {"present": text})
    spans = sorted(reading.spans.get("present", []))
    covered = [start for first, last, _ in spans for start in range(first, last)]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(character in "\r\n" for at, character in enumerate(text) if at not in set(covered))
    assert {kind for _, _, kind in spans} <= {"person", "separator", "count", "reason", "doubt"}
    _doubts_are_placed(text, reading)


@given(st.dictionaries(st.integers(1, 10), st.sampled_from(sorted(SIGNS)), min_size=1), st.booleans())
def test_a_mark_sets_its_person_and_nobody_else(signs: dict[int, str], others_present: bool) -> None:
    text = " ".join(f"{number}{sign}" for number, sign in signs.items())
    marks = read_marks(ROLL, text, others_present=others_present)
    assert marks.doubts == []
    ids = {line.number: line.deputyship_id for line in ROLL.lines}
    assert marks.states == {ids[number]: SIGNS[sign] for number, sign in signs.items()}
    before = Attendance(present=tuple(IDS) if others_present else ())
    after = states_of(marked(before, marks.states))
    wanted = dict.fromkeys(before.present, "present") | marks.states
    assert after == {id: state for id, state in wanted.items() if state != "not_recorded"}


@given(st.text(max_size=30), st.booleans())
def test_any_marks_are_read_or_in_doubt(text: str, others_present: bool) -> None:
    marks = read_marks(ROLL, text, others_present=others_present)
    for doubt in marks.doubts:
        assert text[doubt.offset :].startswith(doubt.written[:1])
        assert doubt.hint


@given(st.text(max_size=30))
def test_any_text_is_read(text: str) -> None:
    reading = read_texts(Roll(ROLL.lines), {"present": text})
    _doubts_are_placed(text, reading)


def _doubts_are_placed(text: str, reading: Reading) -> None:
    for doubt in reading.doubts:
        line = re.split(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", text)[doubt.line - 1]
        assert line[doubt.column - 1 :].startswith(text[doubt.offset : doubt.offset + 1])
        assert doubt.hint
        assert doubt.message
