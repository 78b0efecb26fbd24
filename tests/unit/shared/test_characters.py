"""One writing for one name: what is stored, what is refused with its place, and what is compared alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chinese.characters import Unwritable, key, normalised


@pytest.mark.parametrize("dot", "·‧•∙⋅・･．.●᛫⸱ꞏ\u0387")
def test_every_middle_dot_becomes_one(dot: str) -> None:
    assert normalised(f"买买提{dot}阿不都") == "买买提·阿不都"
    assert normalised(f"买买提 {dot} 阿不都") == "买买提·阿不都"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" 王　伟 ", "王伟"),
        ("王\t\n伟", "王伟"),
        ("第１选区Ａ区", "第1选区A区"),
        ("Anna  Karenina", "Anna Karenina"),
        ("J. R. Smith", "J. R. Smith"),
        ("\ue81a", "\u3473"),
        ("\ue863", "\u4dae"),
        ("𠮷田", "𠮷田"),
        ("䶮飞", "䶮飞"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("\u2f1d水", "\u2f1d水"),
        ("", ""),
    ],
)
def test_a_name_is_stored_in_one_form(written: str, stored: str) -> None:
    assert normalised(written) == stored


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("王\u200b伟", 2),
        ("\ufeff王伟", 1),
        ("王伟\u202e", 3),
        ("王\u2066伟", 2),
        ("王\u3164伟", 2),
        ("王\u00ad伟", 2),
        ("王伟\ufe0f", 3),
        ("A\ufe00", 2),
        ("王\ue000", 2),
        ("王\x0b伟", 2),
        ("\U000f0000", 1),
    ],
)
def test_what_cannot_be_seen_is_refused_with_its_place(written: str, place: int) -> None:
    with pytest.raises(Unwritable, match=rf"第 {place} 个字符") as refused:
        normalised(written)
    assert refused.value.position == place


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "王\u3000伟"),
        ("\u2f1d水", "口水"),
        ("\uf9e9玉", "里玉"),
        ("\u2edd", "食"),
        ("葛\U000e0100", "葛"),
        ("ＡＢ", "ab"),
        ("买买提•阿不都", "买买提．阿不都"),
        ("\ue81a", "\u3473"),
    ],
)
def test_compatibility_and_radical_forms_are_compared_alike(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_characters_stay_different() -> None:
    assert len({key(name) for name in ("吕", "呂", "户", "戶", "未", "末", "己", "已")}) == 8


@given(st.text(max_size=20))
def test_the_stored_form_is_stable_and_means_the_same(text: str) -> None:
    try:
        stored = normalised(text)
    except Unwritable:
        return
    assert normalised(stored) == stored
    assert key(stored) == key(text)
