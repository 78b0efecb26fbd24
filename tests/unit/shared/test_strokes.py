"""Names in stroke order, as lists of deputies are printed."""

from hypothesis import given
from hypothesis import strategies as st

from shared.chinese import strokes


def test_surnames_stand_in_the_order_of_their_strokes() -> None:
    surnames = ["魏", "陈", "丁", "张", "王", "李", "于", "刘", "邓", "马"]
    assert sorted(surnames, key=strokes.key) == ["丁", "于", "马", "王", "邓", "刘", "李", "张", "陈", "魏"]


def test_the_simplified_forms_of_the_mainland_are_counted() -> None:
    assert [strokes.number(c) for c in "陈苏葛郑丁"] == [7, 7, 12, 8, 2]


def test_equal_numbers_are_ordered_by_the_kind_of_stroke() -> None:
    # 王 begins 横横, 毛 begins 撇, 方 begins 点, 邓 begins 折; all have four strokes
    assert sorted("邓方毛王", key=strokes.key) == ["王", "毛", "方", "邓"]


def test_the_shorter_name_stands_first_and_the_second_character_decides() -> None:
    names = ["王一一", "王二", "王一"]
    assert sorted(names, key=strokes.key) == ["王一", "王一一", "王二"]


def test_rare_characters_of_names_are_known() -> None:
    assert all(strokes.number(c) for c in "堃昇喆垚彧翀頔旻玥瑄")


@given(st.text(), st.text())
def test_different_names_never_compare_equal_but_for_spaces_and_dots(a: str, b: str) -> None:
    def plain(s: str) -> str:
        return "".join(c for c in s if not c.isspace() and c not in "·•・")

    assert (strokes.key(a) == strokes.key(b)) == (plain(a) == plain(b))
