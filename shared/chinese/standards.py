"""National lists of words with codes: GB/T 4762 (政治面貌), GB/T 3304 (民族), GB/T 4658 (学历)."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

_FOLDED: Final = str.maketrans("", "", "()[]〔〕【】·・.、,")
_NEAR: Final = 3
_LIKENESS: Final = 0.3


@dataclass(frozen=True)
class Standard:
    """A list. `codes`: code by every known writing, folded; `words`: the one word that is kept, by code.

    `before`, `behind`: words that may stand around a writing and change nothing: 在职大专, 高中文化.
    """

    title: str
    source: str
    codes: Mapping[str, str]
    words: Mapping[str, str]
    before: Sequence[str] = ()
    behind: Sequence[str] = ()

    def code(self, text: str | None) -> str | None:
        """The code of a writing; None where it is on the list by no writing known."""
        writing = _folded(text or "")
        if writing in self.codes:
            return self.codes[writing]
        bare = next((writing.removeprefix(word) for word in self.before if writing.startswith(word)), writing)
        while bare not in self.codes:
            word = next((word for word in self.behind if bare.endswith(word) and bare != word), None)
            if word is None:
                return None
            bare = bare.removesuffix(word)
        return self.codes[bare]

    def word(self, text: str) -> str:
        """The list's word for a writing; the text itself where it is not on the list, as earlier releases stored it."""
        code = self.code(text)
        return self.words[code] if code else text

    def checked(self, text: str) -> str:
        """The list's word for a writing; "" stays. Errors: ValueError that names the nearest words of the list."""
        if text and self.code(text) is None:
            raise ValueError(
                f"不在《{self.title}》（{self.source}）之列，最接近的是：{'、'.join(self.nearest(text))}"
            )
        return self.word(text)

    def nearest(self, text: str) -> list[str]:
        """The words of the list most like a text, at most three; its first words where none is alike."""
        writing = _folded(text)
        likeness: dict[str, float] = {}
        for known, code in self.codes.items():
            ratio = SequenceMatcher(None, writing, known).ratio()
            likeness[self.words[code]] = max(ratio, likeness.get(self.words[code], 0))
        ranked = sorted(likeness, key=lambda word: -likeness[word])
        return [word for word in ranked[:_NEAR] if likeness[word] >= _LIKENESS] or list(likeness)[:_NEAR]


def _folded(text: str) -> str:
    """Full-width forms, blanks and brackets make no difference: 中共 党员（预备）."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_FOLDED)


def _load(name: str) -> Standard:
    data = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
    codes = {_folded(writing): code for code, *writings in data["entries"] for writing in writings}
    words = {code: word for code, _, word, *_ in data["entries"]}
    around = {side: sorted(data.get(side, ()), key=len, reverse=True) for side in ("before", "behind")}
    return Standard(data["title"], data["source"], codes, words, **around)


PARTY: Final = _load("party")
ETHNICITY: Final = _load("ethnicity")
EDUCATION: Final = _load("education")

BY_FIELD: Final[Mapping[str, Standard]] = {"party": PARTY, "ethnicity": ETHNICITY, "education": EDUCATION}
"""The list of each field that records and events carry."""

IN_THE_PARTY: Final = frozenset({"01", "02"})
HAN: Final = "01"


def college(code: str) -> bool:
    """研究生教育, 大学本科教育 or 大学专科教育: classes 1 to 3 of GB/T 4658."""
    return code[0] in "123"
