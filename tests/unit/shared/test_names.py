"""How names are kept and printed, and that one can be had from the other."""

from hypothesis import given
from hypothesis import strategies as st

from shared.chinese.characters import normalised as unspaced
from shared.chinese.names import spaced, split_id, with_id

NAMES = st.text(alphabet="王伟小明阿·A（ ) 1", max_size=8).map(unspaced)


def test_a_name_of_two_characters_is_as_wide_as_one_of_three() -> None:
    assert spaced("王伟") == "王　伟"
    assert spaced("王小明") == "王小明"
    assert spaced("欧阳明月") == "欧阳明月"
    assert spaced("王") == "王"


def test_what_stands_behind_the_name_stays_as_it_is() -> None:
    assert spaced("王伟（新城）") == "王　伟（新城）"
    assert spaced("王小明（新城）") == "王小明（新城）"
    assert spaced("买买提·阿不都") == "买买提·阿不都"


def test_blanks_between_characters_are_no_part_of_a_name() -> None:
    assert unspaced("王　伟") == unspaced("王 伟") == unspaced("王  伟") == "王伟"
    assert unspaced("Anna Karenina") == "Anna Karenina"


def test_a_mark_says_which_of_several_is_meant() -> None:
    assert with_id("王伟", "01a213a8-5361-7069-8b26-25e7442dd882") == "王　伟（编号442dd882）"
    assert split_id("王　伟（编号442dd882）") == ("王　伟", "442dd882")
    assert split_id("王伟(编号p1)") == ("王伟", "p1")
    for none in ("王伟", "王伟（新城村）", "（编号442dd882）", "王伟（编号442dd8823）", "王伟（编号）"):
        assert split_id(none) is None


@given(NAMES)
def test_what_was_laid_out_is_the_same_name_and_laid_out_again_does_not_change(name: str) -> None:
    assert unspaced(spaced(name)) == name
    assert spaced(spaced(name)) == spaced(name)
