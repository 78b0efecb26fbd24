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
        ("走访⼆⼗⼋户", ["⼆⼗⼋"]),
        ("走访㇐⼋户", ["㇐⼋"]),
        ("走访群众皕户", ["皕"]),
        ("三\u3000十 人", ["三\u3000十"]),
        ("三\ufe00人", ["三"]),
        ("共 3 2 人", ["3", "2"]),
        ("零投诉", ["零"]),
        ("多名代表", ["多"]),
        ("数件建议", ["数"]),
        ("好些问题", ["好些"]),
        ("绝大多数", ["多数"]),
        ("一对夫妻", ["一对"]),
        ("上百人", ["上百", "百"]),
        ("百余", ["百余"]),
        ("百分百", ["百分百"]),
        ("三分之二", ["三分之二"]),
        ("是去年的数倍", ["数倍"]),
        ("先后三度召开", ["三度"]),
        ("无一例投诉", ["一例"]),
        ("投资一个亿", ["一个亿"]),
        ("XII件", ["XII"]),
        ("O件", ["O"]),
        ("ten项", ["ten"]),
        ("\uf033\uf038件", ["\uf033\uf038"]),
    ],
)
def test_a_number_is_told_though_it_reads_like_a_word(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        *("五一前后", "十一期间", "千万不要", "百姓", "统一打造", "一打开", "一线工人", "一致同意", "三农"),
        *(
            "零距离服务",
            "零售",
            "少数民族",
            "一对一",
            "五位一体",
            "四个全面",
            "一张蓝图",
            "半年来",
            "人数",
            "更多",
            "APP",
        ),
        *("VR项目", "A类", "GDP总量"),
    ],
)
def test_a_word_is_no_number(text: str) -> None:
    assert found(text) == []
