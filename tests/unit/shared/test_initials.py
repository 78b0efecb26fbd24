"""Initials by pinyin, as people type them to find a name."""

import pytest

from shared.chinese.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王示例", "wsl"),
        ("单雄信", "sxx"),
        ("曾国藩", "zgf"),
        ("尉迟恭", "ycg"),
        ("万俟卨", "mqx"),
        ("解缙", "xj"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("王䶮", "wy"),
        ("A张", "az"),
        ("", ""),
    ],
)
def test_a_name_has_the_letters_people_type(name: str, letters: str) -> None:
    assert initials(name) == letters
