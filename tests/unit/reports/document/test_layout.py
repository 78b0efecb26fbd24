"""Numbers, lines of titles, places of names: what is computed before anything is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.document.layout import GAP, column_widths, signature, title_lines, width
from services.reports.document.numbering import numbered
from services.reports.domain import Section

TITLE = st.text(
    st.sampled_from("示例镇人民代表大会主席团关于2020年度工作情况的报告、（）"), min_size=1, max_size=70
)


def _numbers(*levels: int) -> list[str]:
    sections = [Section(id=str(i), heading="标题", level=level) for i, level in enumerate(levels)]
    return [number for number, _ in numbered(sections)]


def test_headings_are_numbered_by_position() -> None:
    assert _numbers(0, 1, 2, 2, 1, 2) == ["", "一、", "（一）", "（二）", "二、", "（一）"]
    assert _numbers(1, 2, 3, 4, 4, 3) == ["一、", "（一）", "1.", "（1）", "（2）", "2."]


@given(st.lists(st.integers(1, 2), max_size=60))
def test_every_level_counts_up_and_a_higher_one_starts_the_lower_anew(levels: list[int]) -> None:
    found = _numbers(*levels)
    tops = [number for number in found if number.endswith("、")]
    assert len(set(tops)) == len(tops) == levels.count(1)
    for before, level, number in zip([0, *levels], levels, found, strict=False):
        assert before == 2 or level == 1 or number == "（一）"


def test_a_section_without_a_heading_has_no_number_and_counts_for_nothing() -> None:
    sections = [Section(id="a", heading="", level=1), Section(id="b", heading="甲", level=1)]
    assert [number for number, _ in numbered(sections)] == ["", "一、"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例镇2020年人大工作总结", ["示例镇2020年人大工作总结"]),
        (
            "无为市示例镇人民代表大会主席团关于2020年度工作情况的报告",
            ["无为市示例镇人民代表大会主席团", "关于2020年度工作情况的报告"],
        ),
    ],
)
def test_a_long_title_breaks_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@given(TITLE)
def test_lines_of_a_title_are_the_title_and_fit(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    if len(lines) > 1:
        assert all(line and width(line) <= 20 for line in lines)
        assert not any(line[0] in "的和与、）" for line in lines[1:])


@given(st.integers(1, 24), st.integers(5, 8))
def test_name_and_date_keep_two_characters_apart_and_from_the_margin(name: int, day: int) -> None:
    end, date_start = signature("名" * name, "日" * day)
    assert (end + name) - date_start == 2
    assert min(end, date_start - day) == 2


@given(
    st.lists(st.lists(st.text(max_size=40), min_size=3, max_size=3), max_size=8),
    st.integers(2000, 9000),
)
def test_columns_share_the_whole_width(rows: list[list[str]], total: int) -> None:
    widths = column_widths(("甲", "乙", "丙"), rows, total, 210)
    assert sum(widths) == total
    assert all(w > 0 for w in widths)


def test_short_columns_keep_what_they_need_when_a_long_one_must_wrap() -> None:
    narrow, wide = column_widths(("日期", "事项"), [("12月30日", "长" * 200)], 8844, 210)
    assert narrow >= 210 * 5
    assert wide > narrow


def test_a_date_stands_in_one_line_with_the_gaps_that_some_programs_set() -> None:
    rows = [("2020年12月31日", "340281100", "逾期，延期到2027年12月31日"), ("—", "340281101", "—")]
    date, code, _ = column_widths(("上报日期", "代码", "说明"), rows, 6000, 210, gap=GAP)
    assert date >= 210 * (width("2020年12月31日") + 5 * 0.2 + 1)
    assert code < 210 * (width("340281100") + 2)
