"""Matching of the paragraphs of an edited file to those of the report: by bookmark, numerals, then text."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeVar

from services.reports.document.cells import as_text, tabular
from services.reports.document.docx import bookmark_name, numeral_name
from services.reports.document.edited.blocks import Line
from services.reports.document.edited.frame import framed
from services.reports.document.edited.likeness import ALIKE, ratio
from services.reports.document.edited.outline import OWN_SECTION, outlined, rising
from services.reports.domain import Heading, Paragraph, Report
from services.reports.errors import DocumentUnfit

T = TypeVar("T")

_CUT: Final = len("f_000_")
_SHOWN: Final = 24


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
    """A paragraph of the report and its text in the file; `after` has line ends where it was split.

    `section`: where it is in the report; `moved`: it stands elsewhere in the file; `joined`: the paragraph into whose
    text it was drawn, which is no removal.
    """

    id: str
    section: str
    means: Means
    change: Change
    before: str
    after: str
    moved: bool = False
    joined: str = ""

    @property
    def gone(self) -> bool:
        return self.change is Change.REMOVED and not self.joined


@dataclass
class Reworded:
    """Result of the matching. `placed`: ids of each section in the order of the file, where it differs. `own`: section
    and text of tables of the office's own and of what follows them, by ids that stand in `placed`; `added`: paragraphs
    of sections without a paragraph to join; `headings`: the office's own; `ignored`: what was left out.
    """

    matches: list[Match] = field(default_factory=list)
    placed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: dict[str, tuple[str, ...]] = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()
    ignored: list[str] = field(default_factory=list)

    @property
    def removals(self) -> list[Match]:
        return [match for match in self.matches if match.gone]


@dataclass
class _Block:
    """A paragraph of the file with its section and the matched paragraph of the report; `at`: index of its line."""

    line: Line
    at: int
    section: str = ""
    id: str = ""
    means: Means = Means.NONE
    also: tuple[str, ...] = ()
    continues: bool = False  # it goes on with a paragraph that began before


def matched(report: Report, lines: Sequence[Line], given: Sequence[Line]) -> Reworded:
    """Match all paragraphs of the file and of the report; nothing is dropped silently.

    `given`: the lines of the file of the report as it is handed out.
    """
    frame = framed(lines, given)
    body = list(_with_tables(lines[frame.start : frame.end]))
    known = {p.id: p for section in report.sections for p in section.paragraphs}
    blocks = [_Block(line, at) for at, line in enumerate(body) if line.text]
    _by_bookmark(blocks, known)
    _by_numbers(blocks, known)
    _by_text(blocks, known)
    outline = outlined(report, body, _below(report, blocks))
    blocks = list(_in_sections(report, blocks, outline.at))
    own = _own(blocks)
    texts, owners, added = _joined(blocks)
    result = Reworded(
        added=added, headings=outline.own, own={id: (section, texts[id]) for id, section in own.items()}
    )
    result.ignored = [
        *frame.ignored,
        *outline.ignored,
        *_without_text(report, set(outline.at.values()), blocks),
        *_aside(body),
        *(a for line in lines[: frame.start] for a in line.aside),
    ]
    _record_matches(report, blocks, texts, owners, result)
    return result


def _with_tables(body: Sequence[Line]) -> Iterator[Line]:
    """The lines, tables with their text. Errors: DocumentUnfit, with the place of a table that cannot be kept."""
    before = ""
    for line in body:
        if line.unfit:
            told = f"{_after(before)}的表格{line.unfit}，正文中存不下：请拆成每行列数相同、没有合并的表格"
            raise DocumentUnfit(told)
        yield replace(line, text=as_text(line.rows)) if line.rows else line
        before = line.text or before


def _after(before: str) -> str:
    return f"{_shown(before)}之后" if before else "正文开头"


def _shown(text: str) -> str:
    return f"“{text[:_SHOWN]}”{'…' if len(text) > _SHOWN else ''}"


def _aside(body: Sequence[Line]) -> Iterator[str]:
    """What is no text, each after the words it follows."""
    before = ""
    for line in body:
        inside = bool(line.text) and not line.rows
        before = line.text if inside else before
        where = f"{_shown(before)}一段中" if inside else _after(before)
        yield from (f"{where}的{what}" for what in line.aside)


def _below(report: Report, blocks: Sequence[_Block]) -> Mapping[int, str]:
    """Section of the first recognised paragraph under each line."""
    home = {p.id: section.id for section in report.sections for p in section.paragraphs}
    below: dict[int, str] = {}
    following = ""
    for block in reversed(blocks):
        below[block.at] = following
        if block.id:
            following = home[block.id]
    return below


def _in_sections(report: Report, blocks: Sequence[_Block], headings: Mapping[int, str]) -> Iterator[_Block]:
    section = report.sections[0].id if report.sections else ""
    for block in blocks:
        if block.at in headings:
            section = headings[block.at]
        else:
            block.section = section
            yield block


def _without_text(report: Report, headed: Container[str], blocks: Sequence[_Block]) -> Iterator[str]:
    """Headings of the outline that the file has over no text; those of the office's own are kept."""
    said = {block.section for block in blocks}
    for place, section in enumerate(report.sections):
        others = report.sections[place + 1 :]
        end = next((n for n, other in enumerate(others) if other.level <= section.level), len(others))
        outline = section.id in headed and not section.id.startswith(OWN_SECTION)
        if outline and said.isdisjoint((section.id, *(other.id for other in others[:end]))):
            yield f"标题“{section.heading}”下没有文字，不再印出"


def _by_bookmark(blocks: Sequence[_Block], known: dict[str, Paragraph]) -> None:
    """A bookmark counts where it is first: what continues a paragraph follows what stands before it."""
    ids = {bookmark_name(id): id for id in known}
    seen: set[str] = set()
    for block in blocks:
        own = [ids[mark] for mark in block.line.marks if mark in ids and ids[mark] not in seen]
        if own and not (block.line.heading and block.line.level is not None):
            block.id, block.also, block.means = own[0], tuple(own[1:]), Means.BOOKMARK
            seen.update(own)
        block.continues = not own and any(mark in ids for mark in block.line.marks)


def _by_numbers(blocks: Sequence[_Block], known: dict[str, Paragraph]) -> None:
    for block in blocks:
        slugs = set(block.line.slugs) | {_slug(tag) for tag in block.line.tags}
        if block.id or block.continues or not slugs:
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
    """Equal texts first, then alike ones; what continues a paragraph is only another one where it is equal to it."""
    for likeness in (_same, ratio):
        for block in blocks:
            if not block.id and (likeness is _same or not block.continues):
                shares = {
                    id: likeness(text, block.line.text)
                    for id, text in _free(blocks, known, lambda p: p.text)
                    if bool(tabular(text)) == bool(block.line.rows)
                }
                _take(block, shares, ALIKE, Means.TEXT)


def _same(first: str, second: str) -> float:
    return float(first == second)


def _free(
    blocks: Sequence[_Block], known: dict[str, Paragraph], trait: Callable[[Paragraph], T]
) -> list[tuple[str, T]]:
    taken = {id for block in blocks for id in (block.id, *block.also)}
    return [(id, trait(p)) for id, p in known.items() if id not in taken]


def _take(block: _Block, shares: dict[str, float], least: float, means: Means) -> None:
    best = max(shares, key=lambda id: shares[id], default="")
    if best and shares[best] >= least:
        block.id, block.means = best, means


def _own(blocks: Sequence[_Block]) -> dict[str, str]:
    """Sections of new tables, and of the paragraphs beside them that have none to join, by the ids they are given."""
    tabled = {block.section for block in blocks if block.line.rows and not block.id}
    own: dict[str, str] = {}
    led: set[str] = set()  # sections with a paragraph to join
    behind = ""
    for block in blocks:
        apart = block.section == behind or block.section in tabled - led
        if block.id:
            led.add(block.section)
        elif block.line.rows or apart:
            block.id = f"{block.section}.new.{len(own)}"
            own[block.id] = block.section
        behind = block.section if block.line.rows or block.id in own else ""
    return own


def _joined(blocks: Sequence[_Block]) -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, ...]]]:
    """Texts by id, the owner of each id that was joined to another, and texts of sections without an owner.

    An unmatched paragraph joins the one before it in its section, else the one after: the order of the file is kept.
    """
    texts: dict[str, list[str]] = {}
    owners: dict[str, str] = {}
    waiting: dict[str, list[str]] = {}
    last: dict[str, str] = {}
    for block in blocks:
        owner = block.id or last.get(block.section, "")
        if not owner:
            waiting.setdefault(block.section, []).append(block.line.text)
            continue
        before = [] if block.section in last else waiting.pop(block.section, [])
        texts.setdefault(owner, []).extend([*before, block.line.text])
        owners.update(dict.fromkeys(block.also, owner))
        last[block.section] = owner
    added = {section: tuple(lines) for section, lines in waiting.items() if section}
    return {id: "\n".join(lines) for id, lines in texts.items()}, owners, added


def _record_matches(
    report: Report, blocks: Sequence[_Block], texts: dict[str, str], owners: dict[str, str], result: Reworded
) -> None:
    means = {block.id: block.means for block in reversed(blocks) if block.id}
    order = _order(blocks)
    places = {p.id: n for n, p in enumerate(p for section in report.sections for p in section.paragraphs)}
    still = set(rising([places[id] for ids in order.values() for id in ids if id in places]))
    home = {id: section for section, ids in order.items() for id in ids}
    for section in report.sections:
        ids = tuple(p.id for p in section.paragraphs)
        here = tuple(order.get(section.id, ()))
        if here != tuple(id for id in ids if id in texts):
            result.placed[section.id] = here
        for p in section.paragraphs:
            match = _match(p, section.id, texts, means.get(p.id, Means.NONE))
            moved = p.id in texts and (places[p.id] not in still or home[p.id] != section.id)
            joined = owners.get(p.id) or _swallowed(p, texts) if match.change is Change.REMOVED else ""
            result.matches.append(replace(match, moved=moved, joined=joined))
    new = {heading.id for heading in result.headings} - {section.id for section in report.sections}
    result.placed |= {id: tuple(ids) for id, ids in order.items() if id in new}


def _match(p: Paragraph, section: str, texts: dict[str, str], means: Means) -> Match:
    after = texts.get(p.id, "")
    kept = after in (p.text, "\n".join(line.strip() for line in p.text.split("\n")))
    change = Change.REMOVED if p.id not in texts else Change.KEPT if kept else Change.EDITED
    return Match(p.id, section, means, change, p.text, p.text if kept else after)


def _swallowed(p: Paragraph, texts: dict[str, str]) -> str:
    """The paragraph whose text now has that of another in it."""
    return next((id for id, text in texts.items() if p.id not in texts and p.text and p.text in text), "")


def _order(blocks: Sequence[_Block]) -> dict[str, list[str]]:
    """Ids by section, each at its first position."""
    order: dict[str, list[str]] = {}
    for block in blocks:
        if block.id:
            order.setdefault(block.section, []).append(block.id)
    return order
