"""Identification numbers: what is wrong with one is said, without repeating it; the record is held against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain.identity import checked, contradictions
from services.roster.domain.people import Person

CARD = "11010519491231002X"


@pytest.mark.parametrize(
    "written",
    [
        CARD,
        CARD.lower(),
        "11010519491231002Ｘ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
    ],
)
def test_one_number_is_kept_in_one_form(written: str) -> None:
    assert checked(written) == CARD


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("110105194912310021", "校验码"),
        ("110105194913310029", "不是日期"),
        ("110105194902300021", "不是日期"),
        ("110105491231002", "15 位的旧号码"),
        ("1101051949123100", "读到的是 16 位"),
        ("11010519491231O02X", "17 位数字"),
        ("没有办过", "17 位数字"),
    ],
)
def test_what_is_wrong_is_said_without_the_number(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        checked(written)
    assert written[:6] not in str(error.value)


@given(st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_passes(place: int, shift: int) -> None:
    digit = (int(CARD[place]) + shift) % 10
    with pytest.raises(ValueError, match=r"校验码|不是日期|早于"):
        checked(CARD[:place] + str(digit) + CARD[place + 1 :])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"gender": "f", "born_year": 1949}, []),
        ({}, []),
        ({"gender": "m"}, ["性别"]),
        ({"born_year": 1985}, ["出生年份"]),
        ({"gender": "m", "born_year": 1985}, ["出生年份", "性别"]),
    ],
)
def test_a_record_that_contradicts_the_number_is_told(facts: dict[str, object], said: list[str]) -> None:
    person = Person.model_validate({"id": "a", "town": "340281100", "name": "甲", "id_number": CARD, **facts})
    told = list(contradictions(person))
    assert len(told) == len(said)
    assert all(word in message for word, message in zip(said, told, strict=True))


def test_a_number_stored_before_it_was_checked_is_left_alone() -> None:
    person = Person(id="a", town="340281100", name="甲", id_number="110105194912310021", gender="m")
    assert list(contradictions(person)) == []
