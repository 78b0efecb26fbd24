"""Headings of an edited file: those of the report, those of the office's own, those that are gone."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_lowercase
from typing import Final

from services.reports.document.edited.blocks import Line
from services.reports.document.edited.likeness import ALIKE, ratio
from services.reports.domain import Heading, Report, Section

OWN_SECTION: Final = "own_"
"""Begins the ids of sections with a heading of the office's own."""


@dataclass
class Outlined:
    """`at`: section by index of the line with its heading; `own`: the office's own headings in their order, then those
    of the outline in its words; `ignored`: changes of headings that the outline decides."""

    at: dict[int, str] = field(default_factory=dict)
    own: tuple[Heading, ...] = ()
    ignored: list[str] = field(default_factory=list)


def outlined(report: Report, lines: Sequence[Line], below: Mapping[int, str]) -> Outlined:
    """`below`: section of the first recognised paragraph under the line of an index."""
    sections = [section for section in report.sections if section.heading]
    found = [at for at, line in enumerate(lines) if _is_heading(line, sections)]
    result = Outlined()
    _equal(sections, lines, found, result)
    _alike(sections, lines, found, result)
    _renamed(sections, lines, found, below, result)
    _own(report, lines, found, result)
    _left(sections, lines, result)
    return result


def _is_heading(line: Line, sections: Sequence[Section]) -> bool:
    known = not line.begins and any(line.bare == section.heading for section in sections)
    return known or (line.heading and (not line.begins or line.level is not None))


def _equal(
    sections: Sequence[Section], lines: Sequence[Line], found: Sequence[int], result: Outlined
) -> None:
    for at in found:
        free = _free(sections, result)
        same = [section.id for section in free if section.heading == lines[at].bare]
        if same:
            result.at[at] = same[0]


def _alike(
    sections: Sequence[Section], lines: Sequence[Line], found: Sequence[int], result: Outlined
) -> None:
    """The most alike first, each heading once."""
    pairs = [
        (ratio(section.heading, lines[at].bare), at, section)
        for at in found
        for section in _free(sections, result)
        if at not in result.at
    ]
    for likeness, at, section in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if likeness >= ALIKE and at not in result.at and section.id not in result.at.values():
            result.at[at] = section.id


def _renamed(
    sections: Sequence[Section],
    lines: Sequence[Line],
    found: Sequence[int],
    below: Mapping[int, str],
    result: Outlined,
) -> None:
    """A heading with other words over the same paragraphs."""
    free = {section.id: section for section in _free(sections, result)}
    for at in found:
        section = free.get(below.get(at, ""))
        if section is None or at in result.at or section.id in result.at.values():
            continue
        if lines[at].depth in (None, section.level):
            result.at[at] = section.id


def _own(report: Report, lines: Sequence[Line], found: Sequence[int], result: Outlined) -> None:
    """All other headings are the office's own; an own heading of before keeps its id and takes its new words."""
    taken = {section.id for section in report.sections}
    before = report.sections[0].id if report.sections else ""
    level, own = 1, []
    for at in found:
        if at not in result.at:
            result.at[at] = next(id for id in _ids() if id not in taken)
            taken.add(result.at[at])
        id, depth = result.at[at], lines[at].depth
        section = next((section for section in report.sections if section.id == id), None)
        level = section.level if section is not None and not id.startswith(OWN_SECTION) else depth or level
        if id.startswith(OWN_SECTION):
            own.append(Heading(id=id, text=lines[at].bare, level=min(level, 4), after=before))
        before = id
    result.own = tuple(own)


def _ids() -> Iterator[str]:
    """own_a, own_b, …, own_aa: ids of sections are letters."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield OWN_SECTION + "".join(letters)


def _left(sections: Sequence[Section], lines: Sequence[Line], result: Outlined) -> None:
    """Headings of the outline that have other words now, or were removed or moved."""
    by_id = {section.id: section for section in sections if not section.id.startswith(OWN_SECTION)}
    places = {id: n for n, id in enumerate(by_id)}
    order, renamed = [], []
    for at, id in sorted(result.at.items()):
        if id in by_id:
            order.append(places[id])
            if (lines[at].level or by_id[id].level) != by_id[id].level:
                result.ignored.append(f"标题“{lines[at].text}”的层次由提纲决定，没有改变")
            if lines[at].bare not in ("", by_id[id].computed or by_id[id].heading):
                renamed.append(Heading(id=id, text=lines[at].bare, level=by_id[id].level, after=""))
    result.own += tuple(renamed)
    still = set(rising(order))
    ids = list(by_id)
    result.ignored += [
        f"标题“{by_id[ids[n]].heading}”的位置由提纲决定，没有移动" for n in order if n not in still
    ]
    gone = [id for id in by_id if id not in result.at.values()]
    result.ignored += [f"标题“{by_id[id].heading}”被删去：其下还有段落时仍保留" for id in gone]


def rising(numbers: Sequence[int]) -> list[int]:
    """A longest rising part of different numbers: what of an order was not moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    longest: list[int] = []
    last: int | None = ends[-1] if ends else None
    while last is not None:
        longest.append(last)
        last = before[last]
    return longest[::-1]


def _free(sections: Sequence[Section], result: Outlined) -> list[Section]:
    return [section for section in sections if section.id not in result.at.values()]
