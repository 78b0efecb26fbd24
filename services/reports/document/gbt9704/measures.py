"""Measurements of a paragraph, and deviations from the standard with their place and a sentence that says them."""

from dataclasses import dataclass

from services.reports.document.gbt9704.parts import ideographs
from services.reports.document.gbt9704.reading import Paragraph

MM = 1440 / 25.4  # twips
SLACK = 16  # twips, a twentieth of a character
CHARACTERS = 28  # of a line

_OWN = {
    "15834": "GB/T 15834—2011", "15835": "GB/T 15835—2011", "3100": "GB 3100—1993", "姓氏笔画": "姓氏笔画次序",
    "规范汉字": "《通用规范汉字表》",
}  # fmt: skip


@dataclass(frozen=True)
class Deviation:
    """A deviation: clause, text it concerns, expected and actual value; `place`: paragraph, or table with row and
    column."""

    clause: str
    where: str
    expected: str
    actual: str
    place: str = ""

    @property
    def standard(self) -> str:
        return _OWN.get(self.clause, f"GB/T 9704—2012 第{self.clause}条")

    @property
    def message(self) -> str:
        """What a person reads."""
        subject = f"{self.place}“{self.where}”" if self.place else self.where
        return f"{subject}：应为{self.expected}，现为{self.actual}（{self.standard}）"


def where(paragraph: Paragraph) -> str:
    text = paragraph.text.replace("\n", "").strip()
    return text if len(text) <= 16 else f"{text[:15]}…"


def deviation(clause: str, paragraph: Paragraph, expected: str, actual: str) -> Deviation:
    return Deviation(clause, where(paragraph), expected, actual, paragraph.place)


def extent(paragraph: Paragraph, width: float) -> tuple[float, float]:
    """Start and end of a one-line paragraph, in twips from the left of the type area."""
    length = sum(
        ideographs(run.text) * run.points * 20 + len(run.text) * (run.advance - run.points) * 20
        for run in paragraph.runs
    )
    if paragraph.value("jc") in {"right", "end"}:
        end = width - paragraph.twips("right")
        return end - length, end
    start = paragraph.twips("left") + paragraph.twips("firstLine")
    return start, start + length
