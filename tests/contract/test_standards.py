"""The national lists: whole, without two codes for one writing, and read alike by the program and by the recount."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.words import of_a_minority, outside_the_party, went_to_college
from shared.chinese.standards import BY_FIELD, EDUCATION, ETHNICITY, HAN, IN_THE_PARTY, PARTY, college

WORDS = {
    "party": {
        "中共党员": "党员、中共 党员、中国共产党党员、中共党员、中国共产党",
        "中共预备党员": "中共党员（预备）、中共党员(预备)、预备党员、中国共产党预备党员",
        "群众": "群众、群 众、普通群众",
        "民建会员": "民建、民建会员、中国民主建国会会员",
        "无党派人士": "无党派、无党派人士、无党派民主人士",
        "九三学社社员": "九三学社、九三学社社员",
    },
    "ethnicity": {
        "汉族": "汉、汉族、汉 族、 汉　族 ",
        "回族": "回、回族",
        "维吾尔族": "维吾尔、维吾尔族、维族",
        "蒙古族": "蒙古、蒙古族、蒙族",
    },
    "education": {
        "本科": "大学、本科、大学本科、大学本科毕业、在职本科、省委党校大学、大学学历",
        "大专": "大专、专科、大学专科、函授大专、大专毕业、大专学历、大专文化",
        "研究生": "研究生、在职研究生、研究生学历",
        "硕士研究生": "硕士、硕士研究生、硕士研究生毕业",
        "高中": "高中、普通高中、高中文化程度",
        "初中": "初中、初中毕业",
    },
}
CASES = [
    (field, text, word)
    for field, words in WORDS.items()
    for word, texts in words.items()
    for text in texts.split("、")
]
RECOUNTED: dict[str, tuple[Callable[[str], bool | None], Callable[[str], bool]]] = {
    "party": (outside_the_party, lambda code: code not in IN_THE_PARTY),
    "ethnicity": (of_a_minority, lambda code: code != HAN),
    "education": (went_to_college, college),
}


@pytest.mark.parametrize(("field", "text", "word"), CASES)
def test_each_writing_is_kept_as_one_word(field: str, text: str, word: str) -> None:
    assert BY_FIELD[field].checked(text) == word


@pytest.mark.parametrize(
    ("field", "text", "near"),
    [
        ("party", "非党", "中共党员"),
        ("party", "党外", "中共党员"),
        ("party", "中共党圆", "中共党员"),
        ("ethnicity", "汗族", "汉族"),
        ("ethnicity", "外星", "外国血统中国籍人士"),
        ("education", "大砖", "大专"),
        ("education", "大专以上", "大专"),
        ("education", "13900001234", "研究生"),
    ],
)
def test_what_is_on_no_list_is_refused_with_the_nearest_words(field: str, text: str, near: str) -> None:
    with pytest.raises(ValueError, match=near) as error:
        BY_FIELD[field].checked(text)
    assert text not in str(error.value)
    assert BY_FIELD[field].word(text) == text, "stored before"


def test_the_lists_are_whole() -> None:
    assert list(PARTY.words) == [f"{n:02d}" for n in range(1, 14)]
    assert list(ETHNICITY.words) == [*(f"{n:02d}" for n in range(1, 57)), "97", "98"]
    assert len(set(EDUCATION.words.values())) == len(EDUCATION.words) == 35
    for standard in BY_FIELD.values():
        assert all(standard.code(word) == code for code, word in standard.words.items())


@pytest.mark.parametrize("field", BY_FIELD)
def test_the_recount_reads_every_writing_alike(field: str) -> None:
    standard, (recounted, counts) = BY_FIELD[field], RECOUNTED[field]
    said = {text: recounted(text) for text in standard.codes}
    assert said == {text: counts(code) for text, code in standard.codes.items()}
    for text in (text for case, text, _ in CASES if case == field):
        assert recounted(text) is counts(standard.code(text) or "")


@given(st.text(alphabet="中共党员预备（） 汉回维族本科大专研究生在职高肄毕业学历文化群众民建", max_size=8))
def test_the_recount_knows_what_the_program_knows(text: str) -> None:
    for field, (recounted, counts) in RECOUNTED.items():
        code = BY_FIELD[field].code(text)
        assert recounted(text) is (counts(code) if code else None), (field, text)


@given(st.sampled_from(CASES), st.sampled_from([" ", "　", "\n", "\t"]), st.integers(0, 6))
def test_blanks_and_repetition_change_nothing(case: tuple[str, str, str], blank: str, place: int) -> None:
    field, text, word = case
    standard = BY_FIELD[field]
    assert (
        standard.checked(text[:place] + blank + text[place:])
        == standard.checked(standard.checked(text))
        == word
    )
