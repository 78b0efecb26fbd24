"""Numbers however they are written, and words that only look like numbers."""

import pytest

from recount.spoken import spoken


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in sorted(set(spoken(text)))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("十一人参加", ["十一"]),
        ("投入千万元", ["千万"]),
        ("五一余件", ["五一"]),
        ("千把人", ["千"]),
        ("数以千计", ["数以千计"]),
        ("一打毛巾", ["一打"]),
        ("两打雨伞", ["两打"]),
        ("成千群众", ["成千"]),
        ("十 二件", ["十 二"]),
        ("三\u3000十 人", ["三\u3000十"]),
        ("三\ufe00人", ["三"]),
        ("共 3 2 人", ["3", "2"]),
    ],
)
def test_a_number_is_told_though_it_reads_like_a_word(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text", ["五一前后", "十一期间", "千万不要", "百姓", "统一打造", "一打开", "一线工人", "一致同意", "三农"]
)
def test_a_word_is_no_number(text: str) -> None:
    assert found(text) == []
