"""Rules for the letterhead of a document sent upward (7.2.4 to 7.2.7)."""

import re
from collections.abc import Iterator

from services.reports.document.gbt9704.measures import (
    MM,
    SLACK,
    Deviation,
    deviation,
)
from services.reports.document.gbt9704.parts import Parts, ideographs
from services.reports.document.gbt9704.prescribed import FANGSONG, KAITI, RED
from services.reports.document.gbt9704.reading import Paragraph

_NUMBER = re.compile(r"\t[^\s〔〕]+〔[12]\d{3}〕[1-9]\d*号\t签发人：\S.*")
_LINE = 579  # twips
_CHARACTER = 315  # twips


def letterhead(parts: Parts) -> Iterator[Deviation]:
    """Deviations of a letterhead, if the document has one."""
    if parts.number is None:
        return
    yield from _mark(parts.mark, parts.number, parts.width)
    yield from _number(parts.number, parts.width)
    yield from _rule(parts.number)
    if parts.title is not None:
        yield from _lines("7.3.1", parts.title, "红色分隔线下空二行")


def _mark(mark: Paragraph | None, number: Paragraph, width: float) -> Iterator[Deviation]:
    """The issuer's mark: red, centred, upper edge 35 mm below that of the type area (7.2.4)."""
    if mark is None:
        yield deviation("7.2.4", number, "有发文机关标志", "无")
        return
    points = max((run.points for run in mark.runs), default=0)
    top = (mark.twips_before + (float(mark.value("spacing", "line") or 0) - points * 20) / 2) / MM
    longest = max(map(ideographs, mark.text.split("\n"))) * points * 20
    if longest > width:
        yield deviation("7.2.4", mark, "每行不超过版心", f"{longest / MM:.0f} mm")
    if abs(top - 35) > 1:
        yield deviation("7.2.4", mark, "上边缘至版心上边缘 35 mm", f"{top:.1f} mm")


def _number(number: Paragraph, width: float) -> Iterator[Deviation]:
    """Document number indented by one character, signer by one on the right, name in 3号楷体 (7.2.5, 7.2.6)."""
    if not _NUMBER.fullmatch(number.text):
        yield deviation("7.2.5", number, "发文字号、签发人同行", number.text.strip())
    yield from _lines("7.2.5", number, "发文机关标志下空二行")
    label, name = number.runs[:1], number.runs[1:]
    for runs, fonts in ((label, FANGSONG), (name, KAITI)):
        for run in runs:
            if run.text.strip() and run.font("eastAsia") not in fonts:
                yield deviation("7.2.6", number, "、".join(sorted(fonts)), str(run.font("eastAsia")))
    if not "".join(run.text for run in name).strip():
        yield deviation("7.2.6", number, "签发人姓名用楷体", "与标签同一字体")
    ends = [(stop.get("val"), float(stop.get("pos", 0))) for stop in number.nested("tabs")]
    stops = [("left", _CHARACTER), ("right", width - _CHARACTER)]
    if len(ends) != len(stops) or any(
        side != other or abs(place - there) > SLACK
        for (side, place), (other, there) in zip(ends, stops, strict=True)
    ):
        yield deviation("7.2.6", number, "左空一字、右空一字", str(ends))


def _rule(number: Paragraph) -> Iterator[Deviation]:
    """The separator: red, 4 mm below the number, as wide as the type area (7.2.7)."""
    line = next(iter(number.nested("pBdr")), {})
    if not line or line.get("color") != RED:
        yield deviation("7.2.7", number, "红色分隔线", line.get("color") or "无")
        return
    points = max((run.points for run in number.runs), default=0)
    slack = (float(number.value("spacing", "line") or 0) / 20 - points) / 2
    below = (float(line.get("space", 0)) + slack) * 20 / MM
    if abs(below - 4) > 0.5:
        yield deviation("7.2.7", number, "发文字号之下 4 mm", f"{below:.1f} mm")


def _lines(clause: str, paragraph: Paragraph, expected: str) -> Iterator[Deviation]:
    if abs(paragraph.twips_before - 2 * _LINE) > 2 * SLACK:
        yield deviation(clause, paragraph, expected, f"空 {paragraph.twips_before / _LINE:.1f} 行")
