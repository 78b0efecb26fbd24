"""Parts of a printed duty file, and the grids that files of deputies and groups share."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.reports.document.cells import Grid, plain
from services.reports.domain import RecordRef
from services.reports.domain.files import Attendee, FileEvent, FileSuggestion
from services.reports.domain.statements import FileConfirmation, FileObjection, FileStatements
from services.reports.names import (
    CLASSES,
    OBJECTION_STATES,
    OUTCOMES,
    PARTS,
    PORTIONS,
    RAISED_AT,
    SATISFACTION,
    named,
)
from services.reports.notation import day_text, full_day_text, units_text

NONE = "没有记录。"
REFERENCE = "“依据”是每一行所据记录的来源和日志序号，“佐证”是随该记录保存的材料件数。"
_CHANGED = {"added": "新增", "changed": "更正", "removed": "去掉"}
_DIGITS = 16


@dataclass(frozen=True)
class Part:
    """A numbered part; an empty one has a note that says so."""

    heading: str
    notes: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Booklet:
    """A printed file: parts, statements, signature."""

    title: str
    issuer: str
    year: int
    parts: tuple[Part, ...]
    statements: tuple[str, ...]
    signer: str


def part(heading: str, *grids: Grid, notes: Iterable[str] = ()) -> Part:
    filled = tuple(grid for grid in grids if grid.rows)
    lines = tuple(notes)
    return Part(heading, lines or (() if filled else (NONE,)), filled)


def grid(
    caption: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[str]],
    *,
    prose: Sequence[int] = (),
) -> Grid:
    """A grid. `columns`: headings with relative widths; the last column names the records in small print."""
    return Grid(
        caption,
        tuple(title for title, _ in columns),
        tuple(tuple(map(plain, row)) for row in rows),
        weights=tuple(weight for _, weight in columns),
        prose=tuple(prose),
        small=(len(columns) - 1,),
    )


def reference(*records: RecordRef) -> str:
    """Reference to records: service and sequence, `activities 14`."""
    numbers: dict[str, list[int]] = {}
    for record in records:
        numbers.setdefault(record.source.rpartition("/")[2], []).append(record.sequence)
    return "\n".join(
        f"{name} {'、'.join(map(str, sorted(sequences)))}" for name, sequences in numbers.items()
    )


def span(begun: date | None, over: date | None) -> str:
    """Text of an interval."""
    start = f"{full_day_text(begun)}起" if begun else ""
    return start + (f"，至{full_day_text(over)}止" if over else "") if start or over else "—"


def suggestions(lines: Iterable[FileSuggestion], *, leads: bool) -> Grid:
    """Grid of suggestions. `leads`: name the leading deputy."""
    columns = (("编号", 7), ("标题", 27), ("提出", 21), ("承办单位", 17), ("办理情况", 16), ("依据", 12))
    rows = (
        (
            str(line.number) if line.number is not None else "—",
            line.title,
            "，".join(filter(None, _raised(line, leads=leads))),
            units_text(line.unit, line.co_units) or "—",
            _handled(line),
            reference(line.record),
        )
        for line in lines
    )
    return grid("", columns, rows, prose=(1,))


def _raised(line: FileSuggestion, *, leads: bool) -> Iterator[str]:
    if line.raised_on:
        yield day_text(line.raised_on)
    yield named(RAISED_AT, line.raised_at)
    yield f"{line.lead}领衔" if leads and line.lead else named(PARTS, line.part)


def _handled(line: FileSuggestion) -> str:
    if not line.replied:
        return f"应于{full_day_text(line.due_on)}前答复" if line.due_on else "尚未答复"
    outcome = (named(CLASSES, line.reply_class), named(SATISFACTION, line.satisfaction))
    return "，".join(filter(None, outcome)) or "已答复"


def statement_lines(file: FileStatements, whose: str) -> Iterator[str]:
    """Lines on confirmation, objections and digest of a file."""
    yield _confirmed(file.confirmation, whose) if file.confirmation else f"{whose}尚未确认。"
    yield from map(_objected, file.objections)
    yield f"本档案的散列：{file.digest[:_DIGITS]}。代为登记确认时请一并填写，以便与所签内容核对。"


def _confirmed(confirmation: FileConfirmation, whose: str) -> str:
    by = "在纸面上确认，由人大办代为登记" if confirmation.on_behalf else "确认"
    text = f"{whose}{confirmation.name}于{full_day_text(confirmation.on)}{by}"
    if not confirmation.changes:
        return f"{text}。"
    changed = "；".join(f"{_CHANGED[change.what]}“{change.label}”" for change in confirmation.changes)
    return f"{text}；此后有变动{len(confirmation.changes)}处：{changed}。"


def _objected(objection: FileObjection) -> str:
    what = f"“{objection.label}”" if objection.label else "缺漏"
    text = f"{full_day_text(objection.opened_on)}就{what}提出异议，{named(OBJECTION_STATES, objection.state)}"
    return f"{text}：{named(OUTCOMES, objection.outcome)}。" if objection.outcome else f"{text}。"


def took_part(line: FileEvent | Attendee) -> str:
    """How somebody present took part: 线上，上午; empty where nothing is recorded."""
    return "，".join(filter(None, ("线上" if line.online else "", named(PORTIONS, line.portion))))
