"""Characters of names: one written form, the characters refused in it, and the key by which two writings are equal.

`forms.txt` names its sources. An ideographic variant or a radical in a name is stored as written, for it may be the
legal name; only the comparison key folds it.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

DOT: Final = "·"
"""U+00B7, the dot in names of minorities (GB/T 15834; notice of twelve ministries of 2016)."""
HAN: Final = r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"

_FILE: Final = Path(__file__).with_name("forms.txt")
_DOTS: Final = "·‧•∙⋅・･．.●᛫․⸰⸱⸳ꞏ\u0387\u1427\ufe52\U00010101"
_PRIVATE: Final = ("\ue000", "\uf8ff")
_ANY_DOT: Final = re.compile(rf"\s*[{re.escape(_DOTS.replace('.', ''))}]\s*")
_FULL_STOP: Final = re.compile(rf"(?<={HAN})\s*\.\s*(?={HAN})")
_BETWEEN: Final = re.compile(rf"(?<={HAN})\s+(?={HAN})")
_BLANKS: Final = re.compile(r"\s+")
_FULL_WIDTH: Final = {
    code: code - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
}
_FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN: Final = ("Cc", "Cf", "Cn", "Cs")
_SELECTOR: Final = re.compile(r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MEANT: Final = re.compile(rf"{HAN}[\ufe00-\ufe02\U000e0100-\U000e01ef]")


class Unwritable(ValueError):
    """A character that no name holds. `position` counts from 1; the message is Chinese and names the place."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(f"第 {position} 个字符{message}")
        self.position = position


@cache
def _forms() -> dict[int, str]:
    """Standard characters by the private-use code points and radicals that stand for them."""
    lines = (line for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    pairs = (line.split("\t") for line in lines)
    return {int(code, 16): chr(int(standard, 16)) for code, standard in pairs}


@cache
def _standard() -> dict[int, str]:
    """Private-use code points only: what GB 18030-2022 says of them is no choice of the writer."""
    return {code: to for code, to in _forms().items() if _PRIVATE[0] <= chr(code) <= _PRIVATE[1]}


def check(text: str) -> None:
    """Refuse what cannot be seen or has no meaning of its own. Errors: Unwritable."""
    for place, character in enumerate(text):
        code = f"U+{ord(character):04X}"
        category = unicodedata.category(character)
        if category == "Co" and ord(character) not in _standard():
            raise Unwritable(
                place + 1, f"（{code}）是自造字，别的电脑上看不到，请改用国家标准（GB 18030）中的字"
            )
        if _SELECTOR.match(character):
            if not _MEANT.match(text, place - 1 if place else 0):
                raise Unwritable(place + 1, f"（{code}）是没有意义的字形选择符，请删除后重新输入")
        elif character in _FILLERS or (category in _UNSEEN and character not in "\t\n\r"):
            raise Unwritable(place + 1, f"（{code}）看不见，请删除后重新输入")


def normalised(text: str) -> str:
    """The form in which a name is stored and counted. Errors: Unwritable.

    Dots become `DOT`, full-width letters and digits half-width, private-use characters those of GB 18030-2022; blanks
    between Chinese characters are dropped. `normalised` of its result is the same.
    """
    check(text)
    text = _FULL_STOP.sub(DOT, _ANY_DOT.sub(DOT, text.translate(_standard()))).translate(_FULL_WIDTH)
    return _BETWEEN.sub("", _BLANKS.sub(" ", text)).strip()


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Equal for two writings of one name, whatever the blanks, dots, widths, radicals and variants in them."""
    text = unicodedata.normalize("NFKC", _SELECTOR.sub("", _ANY_DOT.sub(DOT, text)).translate(_forms()))
    return "".join(_FULL_STOP.sub(DOT, text).translate(_forms()).split()).casefold()
