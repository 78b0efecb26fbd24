"""Content of the annexes: their captions, tables and notes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from services.reports.document.charts import Chart, charts
from services.reports.domain import (
    Figure,
    Finding,
    Photograph,
    RecordRef,
    Report,
    Run,
    Severity,
    Source,
    SourceState,
    Table,
)
from services.reports.figures import moved, shown
from services.reports.names import SERVICES, named
from services.reports.notation import full_day_text
from shared.envelope import service_of

Cell = tuple[Run, ...]

FINDING = "finding"

REFUSALS: Mapping[str, str] = {"UnknownMajor": "版本无法识别，请先升级程序"}
NOUNS: Mapping[str, str] = {
    "town": "基本情况", "person": "人员", "deputyship": "代表职务", "group": "代表小组", "station": "代表活动场所",
    "term": "届次", "task": "待审查事项", "by_election": "补选", "office": "机构和经费",
    "constituency": "选区", "plan": "年度计划", "session": "人代会会议", "presidium_meeting":
    "主席团会议",
    "activity": "代表活动", "opinion": "群众意见", "suggestion": "代表建议", "scheme": "评议办法",
    "meeting": "述职评议会议", "duty_report": "述职报告", "absence": "缺席提请核实",
}  # fmt: skip
SEVERITIES: Mapping[Severity, str] = {
    Severity.BLOCK: "必须处理",
    Severity.WARN: "请核对",
    Severity.INFO: "提示",
}
STATES: Mapping[SourceState, str] = {SourceState.SEALED: "已封存", SourceState.WAITING: "等待封存"}


@dataclass(frozen=True)
class Grid:
    """A table of an annex. `weights`: relative widths of its columns, () = by content."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    weights: tuple[int, ...] = ()
    prose: tuple[int, ...] = ()  # columns of running text, set flush left
    notes: tuple[int, ...] = ()  # columns of small print, flush left
    small: tuple[int, ...] = ()  # columns of long codes


@dataclass(frozen=True)
class Annex:
    """An annex, on pages of its own; `id` is the name of its bookmark and anchor."""

    id: str
    title: str
    notes: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()
    photographs: tuple[Photograph, ...] = ()


def annexes(report: Report) -> tuple[Annex, ...]:
    """All annexes in order; the proof always exists and is last."""
    return tuple(_annexes(report))


def _annexes(report: Report) -> Iterator[Annex]:
    if report.figures:
        yield Annex("statistics", "主要数据统计表", (), (_statistics(report.figures),))
    for table in report.tables:
        yield Annex(f"table_{table.id}", table.caption, (), (_table(table),))
    if drawn := charts(report.figures):
        yield Annex("charts", "主要数据图", (), charts=drawn)
    if report.photographs:
        yield Annex("photographs", "活动照片", (), photographs=report.photographs)
    if report.findings:
        yield Annex("findings", "待核事项", (), (_findings(report.findings),))
    yield Annex("proof", "完整性证明", proof_notes(report), tuple(_proof(report)))


def annex_label(position: int, total: int) -> str:
    """附件1 …; a single annex has no number (GB/T 9704-2012, 7.3.7)."""
    return "附件" if total == 1 else f"附件{position}"


def value_cell(figure: Figure) -> Cell:
    """A figure in print; a rate with numerator and denominator."""
    value = Run(text=shown(figure), figure=figure.id)
    if figure.numerator is None or not figure.denominator:
        return (value,)
    return (
        value,
        Run(text="\n"),
        Run(text=str(figure.numerator), figure=figure.id, part="#numerator"),
        Run(text="/"),
        Run(text=str(figure.denominator), figure=figure.id, part="#denominator"),
    )


def proof_notes(report: Report) -> tuple[str, ...]:
    """Notes of the proof."""
    day = full_day_text(report.as_of)
    waiting = [source_name(s.source) for s in report.sources if s.state is SourceState.WAITING]
    if waiting or not report.sources:
        return (f"截至{day}，尚未封存的来源：{'、'.join(waiting) or '全部'}。本文件不完整，不得作为定稿。",)
    return (
        _edition(report, day),
        "各来源均已封存本年度记录；封存末号以前的记录已全部收到，散列逐条相连，各类记录数与封存时一致。",
        "期内每条记录或计入、或列明理由排除，无遗漏。",
        *_expected_note(report),
        *(_PARKED_NOTE if report.parked else ()),
    )


_PARKED_NOTE = ("有收到而未能处理的事件，逐件列于“未能处理的事件”；请处理后重新封账。",)


def _expected_note(report: Report) -> Iterator[str]:
    if any(expectation.missing for expectation in report.expectations):
        yield "规则要求而没有登记齐全的，列于“应有与已登记”，请核实是没有做还是没有登记。"
    elif report.expectations:
        yield "规则要求的各项均已登记，列于“应有与已登记”。"


def _edition(report: Report, day: str) -> str:
    about = f"{report.year}年度" if report.period in ("", str(report.year)) or not report.from_on else ""
    since = "" if about or not report.from_on else f"自{full_day_text(report.from_on)}"
    corrects = f"更正第{report.corrects}版，改动见“更正说明”。" if report.corrects else ""
    return f"本文件为{about}第{report.version}版，统计{since or '截'}至{day}。{corrects}"


def source_name(source: str) -> str:
    """`roster` → 代表名册（roster）; an unknown source keeps its name."""
    return f"{SERVICES[source]}（{source}）" if source in SERVICES else source


def record_name(record: RecordRef) -> str:
    """履职活动第86号：年度计划，第1版."""
    service, (noun, _, _) = service_of(record.source), record.subject.partition("/")
    source, what = named(SERVICES, service), NOUNS.get(noun, noun)
    return f"{source}第{record.sequence}号：{what}，第{record.version}版"


def plain(text: str) -> Cell:
    return (Run(text=text),)


def tagged(text: str, tag: str | None) -> Run:
    """A run with the tag of a table cell; plain text without a tag."""
    figure, part = _TAG.fullmatch(tag or "").groups()  # type: ignore[union-attr]
    return Run(text=text, figure=figure or None, part=part)


_TAG = re.compile(r"([^#@]*)(.*)", re.DOTALL)


def lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs by line; staff's text may have line ends."""
    split_lines: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = run.text.split("\n")
        split_lines[-1].append(run.model_copy(update={"text": first}))
        split_lines += [[run.model_copy(update={"text": text})] for text in rest]
    return split_lines


def cell_text(cell: Cell) -> str:
    return "".join(run.text for run in cell)


def _statistics(figures: Iterable[Figure]) -> Grid:
    rows = tuple(
        (
            plain(f.label),
            value_cell(f),
            plain(f.unit or "—"),
            (Run(text=previous(f), figure=f.id if f.previous else None, part="#previous"),),
            (Run(text=moved(f), figure=f.id, part="#change"),) if moved(f) else plain("—"),
            plain(f.definition),
        )
        for f in figures
    )
    header = ("指标", "数值", "单位", "上年同期", "增减", "口径")
    return Grid("", header, rows, weights=(21, 10, 7, 10, 10, 42), prose=(0,), notes=(5,))


def previous(figure: Figure) -> str:
    """The value a year before in print, or the reason why there is none."""
    return shown(figure.previous) if figure.previous else "—"


def _table(table: Table) -> Grid:
    """The grid of a table; short rows are filled up to the header."""
    figures = table.figures or ((),) * len(table.rows)
    rows = tuple(
        tuple(
            (tagged(text or "", tag),)
            for _, text, tag in zip_longest(
                table.header, row[: len(table.header)], named[: len(table.header)]
            )
        )
        for row, named in zip(table.rows, figures, strict=True)
    )
    return Grid("", table.header, rows)


def _findings(findings: Iterable[Finding]) -> Grid:
    rows = tuple(
        (plain(str(i)), plain(SEVERITIES[f.severity]), _quoted(f.message), _quoted(f.basis))
        for i, f in enumerate(findings, 1)
    )
    return Grid("", ("序号", "级别", "事项", "依据"), rows, weights=(9, 16, 48, 27), prose=(2, 3))


def _quoted(text: str) -> Cell:
    """Message of a finding, with its numbers tagged as `finding`, not as figures."""
    return (tagged(text, FINDING if text else None),)


def _proof(report: Report) -> Iterator[Grid]:
    if report.sources:
        yield from _accounts(report.sources)
    if report.expectations:
        header = ("事项", "应有", "已登记", "尚缺", "依据")
        rows = tuple(tuple(map(_quoted, row)) for row in expectation_rows(report))
        yield Grid("应有与已登记", header, rows, weights=(34, 10, 11, 10, 35), prose=(0, 4))
    if report.parked:
        header = ("未能处理的服务", "来源", "序号", "事件", "原因")
        rows = tuple(tuple(_quoted(str(cell)) for cell in row) for row in parked_rows(report))
        yield Grid("未能处理的事件", header, rows, weights=(17, 17, 9, 30, 27), prose=(3, 4))


def expectation_rows(report: Report) -> Iterator[tuple[str, str, str, str, str]]:
    for expectation in report.expectations:
        missing = f"{expectation.missing}{expectation.unit}" if expectation.missing else "—"
        yield (
            expectation.label,
            f"{expectation.expected}{expectation.unit}",
            f"{expectation.recorded}{expectation.unit}",
            missing,
            expectation.basis,
        )


def parked_rows(report: Report) -> Iterator[tuple[str, str, int, str, str]]:
    for event in report.parked:
        reason = REFUSALS.get(event.reason, event.reason)
        source = source_name(service_of(event.source))
        yield source_name(event.service), source, event.sequence, event.type, reason


def _accounts(sources: Sequence[Source]) -> Iterator[Grid]:
    heads = tuple(tuple(_head(source)) for source in sources)
    yield Grid(
        "来源与封存",
        ("来源", "状态", "末号", "计入", "排除", "散列"),
        heads,
        weights=(19, 11, 8, 8, 8, 46),
        small=(5,),
    )
    counts = tuple(
        (
            plain(source_name(s.source)),
            plain(NOUNS.get(noun, noun)),
            (tagged(str(n), f"proof.{s.source}.count.{noun}"),),
        )
        for s in sources
        for noun, n in s.counts.items()
    )
    if counts:
        yield Grid("各类记录数", ("来源", "类别", "记录数"), counts, weights=(40, 40, 20))
    excluded = tuple(_excluded(sources))
    if excluded:
        yield Grid("排除的记录及理由", ("来源", "记录", "理由"), excluded, weights=(25, 40, 35), prose=(1, 2))


def _excluded(sources: Iterable[Source]) -> Iterator[tuple[Cell, ...]]:
    """Excluded records grouped by reason; workbook and JSON list each of them."""
    for source in sources:
        alike: dict[tuple[str, str], list[str]] = {}
        for left_out in source.excluded:
            noun, _, _ = left_out.subject.partition("/")
            alike.setdefault((noun, left_out.reason), []).append(left_out.subject)
        for (noun, reason), subjects in alike.items():
            yield plain(source_name(source.source)), _left_out(source.source, noun, subjects), plain(reason)


def _left_out(source: str, noun: str, subjects: Sequence[str]) -> Cell:
    if len(subjects) == 1:
        return (tagged(subjects[0], f"proof.{source}.subject"),)
    number = tagged(str(len(subjects)), f"proof.{source}.left_out")
    return Run(text=NOUNS.get(noun, noun)), number, Run(text="条")


def _head(source: Source) -> Iterator[Cell]:
    yield plain(source_name(source.source))
    yield plain(STATES[source.state])
    numbers = {"head": source.head, "counted": source.counted, "excluded": len(source.excluded)}
    for name, number in numbers.items():
        yield (tagged(str(number), f"proof.{source.source}.{name}"),)
    yield (tagged(source.hash or "—", f"proof.{source.source}.hash" if source.hash else None),)
