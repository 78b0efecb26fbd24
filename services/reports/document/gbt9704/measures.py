"""Measurements of a paragraph (fonts, extent), and deviations from the standard."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.reports.document.gbt9704.parts import ideographs
from services.reports.document.gbt9704.reading import Paragraph, Text

MM = 1440 / 25.4  # twips
FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = (
    {"仿宋_GB2312", "仿宋"}, {"黑体"}, {"楷体_GB2312", "楷体"}, {"方正小标宋简体", "方正小标宋_GBK"}, {"宋体"},
)  # fmt: skip
BLACK, RED = "000000", "FF0000"
SLACK = 16  # twips, a twentieth of a character


@dataclass(frozen=True)
class Deviation:
    """A deviation: clause, place, expected and actual value."""

    clause: str
    where: str
    expected: str
    actual: str


def where(paragraph: Paragraph) -> str:
    text = paragraph.text.replace("\n", "")
    return text if len(text) <= 16 else f"{text[:15]}…"


def font(
    clause: str, paragraph: Paragraph, east: set[str], points: float, latin: set[str] | None = None
) -> Iterator[Deviation]:
    for run in paragraph.runs:
        yield from face(clause, paragraph, run, east, points, latin)


def face(
    clause: str,
    paragraph: Paragraph,
    run: Text,
    east: set[str],
    points: float | None,
    latin: set[str] | None = None,
    colour: str = BLACK,
) -> Iterator[Deviation]:
    """Deviations of the font of a run. `points`: None if any size is allowed."""
    if run.text.strip():
        for expected, actual in _wrong(run, east, points or run.points, latin, colour):
            yield Deviation(clause, where(paragraph), expected, actual)


def _wrong(
    run: Text, east: set[str], points: float, latin: set[str] | None, colour: str
) -> Iterator[tuple[str, str]]:
    if run.font("eastAsia") not in east:
        yield "、".join(sorted(east)), str(run.font("eastAsia"))
    if run.font("ascii") not in (latin or {"Times New Roman"}):
        yield "、".join(latin or {"Times New Roman"}), str(run.font("ascii"))
    if run.points != points:
        yield f"{points:g} 磅", f"{run.points:g} 磅"
    actual = run.value("color") or "auto"
    if (BLACK if actual == "auto" else actual) != colour:
        yield "黑色" if colour == BLACK else "红色", actual


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
