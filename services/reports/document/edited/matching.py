"""Matching of the paragraphs of an edited file to those of the report: by bookmark, numerals, then text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, TypeVar

from services.reports.document.docx import bookmark_name, numeral_name
from services.reports.document.edited.reading import Line
from services.reports.document.letterhead import mark
from services.reports.domain import Paragraph, Report

T = TypeVar("T")

_ALIKE: Final = 0.6
_NUMBER: Final = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_CUT: Final = len("f_000_")


class Change(StrEnum):
    KEPT = "kept"
    EDITED = "edited"
    REMOVED = "removed"


class Means(StrEnum):
    """How a paragraph was recognised."""

    BOOKMARK = "bookmark"
    CONTROL = "control"
    TEXT = "text"
    NONE = ""


@dataclass(frozen=True)
class Match:
    """A paragraph of the report and its text in the file; `after` has line ends where it was split."""

    id: str
    section: str
    means: Means
    change: Change
    before: str
    after: str


@dataclass
class Reworded:
    """Result of the matching. `placed`: ids of each section in the order of the file, where it differs. `added`:
    paragraphs of sections without a paragraph to join. `ignored`: changes of headings, which the outline defines.
    """

    matches: list[Match] = field(default_factory=list)
    placed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    added: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


@dataclass
class _Block:
    """A paragraph of the file with its section and the matched paragraph of the report."""

    line: Line
    section: str
    id: str = ""
    means: Means = Means.NONE
    also: tuple[str, ...] = ()


def matched(report: Report, lines: Sequence[Line]) -> Reworded:
    """Match all paragraphs of the file and of the report; none is dropped silently."""
    result = Reworded()
    blocks = list(_blocks(report, lines, result))
    known = {p.id: p for section in report.sections for p in section.paragraphs}
    _by_bookmark(blocks, known)
    _by_numbers(blocks, known)
    _by_text(blocks, known)
    texts = _joined(blocks, result)
    _record_matches(report, blocks, texts, result)
    return result


def _blocks(report: Report, lines: Sequence[Line], result: Reworded) -> Iterator[_Block]:
    """The paragraphs between title and signature, by section."""
    headings = [(section.heading, section.id) for section in report.sections if section.heading]
    section, begun = report.sections[0].id if report.sections else "", False
    for line in _body(report, lines):
        if not line.text:
            continue
        if not begun and not line.marks and _frame(report, line.text):
            continue
        begun = begun or bool(line.marks)
        under = _section(headings, line) if not line.marks else None
        if under is None:
            yield _Block(line, section)
            continue
        heading, section = under
        begun = True
        if _bare(line.text) != heading:
            result.ignored.append(f"标题“{line.text}”由提纲决定，仍为“{heading}”")


def _body(report: Report, lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if not line.marks and (line.text.startswith("附件") or line.text == report.signature):
            return
        yield line


def _frame(report: Report, text: str) -> bool:
    """Whether a line is letterhead, title or addressee."""
    plain = re.sub(r"\s", "", text)
    if report.document_number and plain.startswith((mark(report), report.document_number)):
        return True
    return plain in (f"{report.addressee}：", f"{report.addressee}:") or _ratio(plain, report.title) > _ALIKE


def _section(headings: list[tuple[str, str]], line: Line) -> tuple[str, str] | None:
    """Heading and id of the section that a line begins, or None."""
    if not line.heading and not line.style.lower().startswith("heading"):
        return None
    alike = max(headings, key=lambda heading: _ratio(heading[0], _bare(line.text)), default=("", ""))
    return alike if _ratio(alike[0], _bare(line.text)) >= _ALIKE else None


def _bare(heading: str) -> str:
    return _NUMBER.sub("", heading, count=1).strip()


def _by_bookmark(blocks: Sequence[_Block], known: dict[str, Paragraph]) -> None:
    ids = {bookmark_name(id): id for id in known}
    for block in blocks:
        own = [ids[mark] for mark in block.line.marks if mark in ids]
        if own:
            block.id, block.also, block.means = own[0], tuple(own[1:]), Means.BOOKMARK


def _by_numbers(blocks: Sequence[_Block], known: dict[str, Paragraph]) -> None:
    for block in blocks:
        slugs = set(block.line.slugs) | {_slug(tag) for tag in block.line.tags}
        if block.id or not slugs:
            continue
        shares = {
            id: len(slugs & theirs) / len(slugs | theirs)
            for id, theirs in _free(
                blocks, known, lambda p: {_slug(r.figure + r.part) for r in p.runs if r.figure}
            )
        }
        _take(block, shares, 0.5, Means.CONTROL)


def _slug(tag: str) -> str:
    return numeral_name(0, tag)[_CUT:]


def _by_text(blocks: Sequence[_Block], known: dict[str, Paragraph]) -> None:
    for block in blocks:
        if not block.id:
            shares = {
                id: _ratio(text, block.line.text) for id, text in _free(blocks, known, lambda p: p.text)
            }
            _take(block, shares, _ALIKE, Means.TEXT)


def _free(
    blocks: Sequence[_Block], known: dict[str, Paragraph], trait: Callable[[Paragraph], T]
) -> list[tuple[str, T]]:
    taken = {id for block in blocks for id in (block.id, *block.also)}
    return [(id, trait(p)) for id, p in known.items() if id not in taken]


def _take(block: _Block, shares: dict[str, float], least: float, means: Means) -> None:
    best = max(shares, key=lambda id: shares[id], default="")
    if best and shares[best] >= least:
        block.id, block.means = best, means


def _ratio(first: str, second: str) -> float:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def _joined(blocks: Sequence[_Block], result: Reworded) -> dict[str, str]:
    """Texts by id; an unmatched paragraph joins the one before it in its section, else the one after."""
    texts: dict[str, list[str]] = {}
    waiting: dict[str, list[str]] = {}
    last: dict[str, str] = {}
    for block in blocks:
        owner = block.id or last.get(block.section, "")
        if not owner:
            waiting.setdefault(block.section, []).append(block.line.text)
            continue
        before = [] if block.section in last else waiting.pop(block.section, [])
        texts.setdefault(owner, []).extend([*before, block.line.text])
        last[block.section] = owner
    result.added = {section: tuple(lines) for section, lines in waiting.items() if section}
    return {id: "\n".join(lines) for id, lines in texts.items()}


def _record_matches(
    report: Report, blocks: Sequence[_Block], texts: dict[str, str], result: Reworded
) -> None:
    means = {block.id: block.means for block in reversed(blocks) if block.id}
    order = _order(blocks)
    for section in report.sections:
        ids = tuple(p.id for p in section.paragraphs)
        here = tuple(order.get(section.id, ()))
        if here != tuple(id for id in ids if id in texts):
            result.placed[section.id] = here
        for p in section.paragraphs:
            after = texts.get(p.id, "")
            kept = after == "\n".join(line.strip() for line in p.text.split("\n"))
            change = Change.REMOVED if p.id not in texts else Change.KEPT if kept else Change.EDITED
            result.matches.append(
                Match(
                    p.id, section.id, means.get(p.id, Means.NONE), change, p.text, p.text if kept else after
                )
            )


def _order(blocks: Iterable[_Block]) -> dict[str, list[str]]:
    """Ids by section, each at its first position."""
    order: dict[str, list[str]] = {}
    seen: set[str] = set()
    for block in blocks:
        if block.id and block.id not in seen:
            seen.add(block.id)
            order.setdefault(block.section, []).append(block.id)
    return order
