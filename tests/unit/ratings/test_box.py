"""Codes and the box: what is random, what is kept, and what cannot be told from it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors
from services.ratings.ballots import (
    Box,
    Tally,
    counted,
    fingerprint,
    new_code,
    put,
    read_choices,
    read_code,
    result,
    shown,
)
from services.ratings.domain import Method
from tests.unit.ratings.builders import TOWN, a_meeting, a_sheet, a_tally

MARKS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain")


def a_box(number: int = 0) -> Box:
    return Box(id=f"m1#{number}", town=TOWN, meeting_id="m1")


def test_codes_are_eighty_bits_and_never_alike() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert 32 ** len(codes.pop()) == 2**80


@pytest.mark.parametrize("spell", [str, shown, str.lower, lambda code: shown(code).replace("-", " ")])
def test_a_code_is_read_however_it_is_typed(spell: object) -> None:
    code = new_code()
    assert callable(spell)
    assert read_code(spell(code)) == code


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read_code("OIL0000000000000") == "0110000000000000"


@pytest.mark.parametrize("written", ["", "ABC", "U" * 16, "A" * 17, "../../etc/passwd"])
def test_what_cannot_be_a_code_is_none(written: str) -> None:
    assert read_code(written) is None


def test_of_a_code_only_the_fingerprint_is_kept() -> None:
    code = new_code()
    assert code not in fingerprint(code)
    assert fingerprint(code) == fingerprint(read_code(shown(code)) or "")


def test_who_is_left_blank_is_abstained_from() -> None:
    assert read_choices({"d1": "satisfied"}, a_meeting()) == {"d1": "satisfied", "d2": "abstain"}


@pytest.mark.parametrize("given_choices", [{"d9": "satisfied"}, {"d1": "splendid"}, {"d1": "spoiled"}])
def test_what_is_not_on_the_ballot_is_refused(given_choices: dict[str, str]) -> None:
    with pytest.raises(errors.Unacceptable):
        read_choices(given_choices, a_meeting())


def test_ballots_lie_by_their_random_ids_not_as_they_came() -> None:
    box = a_box()
    for _ in range(200):
        box = put(box, {"d1": "satisfied"})
    ids = [ballot.id for ballot in box.ballots]
    assert ids == sorted(ids)
    assert set(box.ballots[0].model_dump()) == {"id", "choices"}


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), max_size=40), st.integers(0, 20))
def test_the_box_counts_every_ballot_once(votes: list[tuple[str, str]], unused: int) -> None:
    meeting = a_meeting(
        method=Method.ONLINE, scheme=a_meeting().scheme.model_copy(update={"min_published": 1})
    )
    boxes = [a_box(number) for number in range(3)]
    for number, (first, second) in enumerate(votes):
        boxes[number % 3] = put(boxes[number % 3], {"d1": first, "d2": second})
    sheet = counted(boxes, len(votes) + unused, meeting)
    done = result(Tally(id="m1", town=TOWN), meeting, sheet)
    assert (done.issued, done.returned, done.void) == (len(votes) + unused, len(votes), 0)
    for place, line in enumerate(done.deputies):
        marks = Counter(vote[place] for vote in votes)
        assert {**line.counts, "abstain": line.abstain} == {mark: marks[mark] for mark in MARKS}


def test_paper_and_slips_end_in_one_tally() -> None:
    meeting = a_meeting(method=Method.MIXED)
    box = a_box()
    for _ in range(5):
        box = put(box, {"d1": "satisfied", "d2": "dissatisfied"})
    done = result(a_tally(a_sheet(1, "t1"), a_sheet(2, "t2")), meeting, counted([box], 8, meeting))
    assert (done.issued, done.returned, done.valid) == (46 + 8, 46 + 5, 45 + 5)
    assert done.deputies[0].counts["satisfied"] == 35
    assert done.deputies[1].counts["dissatisfied"] == 9
