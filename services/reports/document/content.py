"""Content of the annexes: of the summary that is sent, and of the check document that is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, zip_longest
from typing import Final

from services.reports.document import before, statistics
from services.reports.document.cells import Annex, Grid, plain, quoted, tagged
from services.reports.document.charts import Chart, charts
from services.reports.document.layout import GAP
from services.reports.document.proof import NOUNS, OF_BEFORE, proof_grids, proof_notes
from services.reports.domain import Finding, RecordRef, Report, Severity, Table, TitledRecord
from services.reports.domain.seals import AREA_MANIFEST, MANIFEST
from services.reports.names import SERVICES, named
from services.reports.notation import full_day_text
from shared.envelope import service_of

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.BLOCK: "必须处理",
    Severity.WARN: "请核对",
    Severity.INFO: "提示",
}
_TOGETHER: Final[Mapping[tuple[str, ...], str]] = {
    ("groups", "attendance"): "代表小组活动和出席会议情况表",
    ("suggestions", "units"): "代表建议办理情况表",
    ("ratings", "changes"): "代表述职测评和变动情况表",
}
"""Tables that share an annex, with its title where both are there."""
_OF_AREAS: Final[Mapping[str, str]] = {
    "totals": "各乡镇主要数据合计表",
    "handed_in": "各乡镇上报情况表",
    "towns": "各乡镇主要数据表",
    "sources": "各乡镇日志的末号和散列",
}
"""Titles of the annexes of the report of an area, by the first part of the ids of their tables."""


def annexes(report: Report) -> tuple[Annex, ...]:
    """Annexes of the summary in order; of a report compiled before there was a check document also what that has."""
    return tuple(_sent(report) if has_check(report) else _in_one_document(report))


def has_check(report: Report) -> bool:
    """Whether what is not sent stands in a document of its own."""
    return report.manifest in (MANIFEST, AREA_MANIFEST)


def check_annexes(report: Report) -> tuple[Annex, ...]:
    """Annexes of the check document; the proof always exists."""
    return tuple(_checked(report))


def area_annexes(report: Report) -> tuple[Annex, ...]:
    """Annexes of the report of an area, or of its check document; the notes of their tables come first."""
    return tuple(_of_area(id, list(tables)) for id, tables in groupby(report.tables, key=_first_part))


def _first_part(table: Table) -> str:
    return table.id.partition(".")[0]


def _of_area(id: str, tables: Sequence[Table]) -> Annex:
    notes = tuple(note for table in tables for note in table.notes)
    grids = (replace(_table(t), caption=t.caption, legend=(), gap=GAP) for t in tables)
    return Annex(id, _OF_AREAS[id], notes, tuple(grids))


def _sent(report: Report) -> Iterator[Annex]:
    if grid := statistics.of_the_period(report.figures):
        yield Annex("statistics", "主要数据统计表", (), (grid,))
    yield from _tables(report.tables)
    yield from _illustrations(report, charts(report.figures))


def _illustrations(report: Report, drawn: tuple[Chart, ...]) -> Iterator[Annex]:
    if drawn:
        yield Annex("charts", "主要数据图", (), charts=drawn)
    if report.photographs:
        yield Annex("photographs", "活动照片", (), photographs=report.photographs)


def _checked(report: Report) -> Iterator[Annex]:
    if report.findings:
        yield Annex("findings", "待核事项", (), (_findings(report.findings),))
    yield Annex("proof", "完整性证明", proof_notes(report), tuple(proof_grids(report)))
    if report.figures:
        yield Annex("definitions", "指标口径和依据", (), tuple(statistics.definitions(report.figures)))
    if report.records:
        note = "“指标口径和依据”中“依据的记录”一栏的号，是各条记录最后登记的事件在来源日志中的序号，逐条列名如下。"
        yield Annex("records", "依据的记录", (note,), tuple(_records(report.records)))


def _in_one_document(report: Report) -> Iterator[Annex]:
    if report.figures:
        yield Annex("statistics", "主要数据统计表", (), (statistics.in_one_table(report.figures),))
    for table in report.tables:
        yield Annex(f"table_{table.id}", table.caption, (), (_table(table),))
    yield from _illustrations(report, charts(report.figures, before.DRAWN))
    if report.findings:
        yield Annex("findings", "待核事项", (), (_findings(report.findings),))
    yield Annex("proof", "完整性证明", proof_notes(report), tuple(proof_grids(report, OF_BEFORE)))


def annex_label(position: int, total: int) -> str:
    """附件1 …; a single annex has no number (GB/T 9704-2012, 7.3.7)."""
    return "附件" if total == 1 else f"附件{position}"


def record_name(record: RecordRef) -> str:
    """履职活动第86号：年度计划，第1版."""
    service, (noun, _, _) = service_of(record.source), record.subject.partition("/")
    source, what = named(SERVICES, service), NOUNS.get(noun, noun)
    return f"{source}第{record.sequence}号：{what}，第{record.version}版"


def _tables(tables: Sequence[Table]) -> Iterator[Annex]:
    """An annex a table, those that belong together in one."""
    for _, found in groupby(tables, key=_fellows):
        together = list(found)
        first = together[0]
        if len(together) == 1:
            yield Annex(f"table_{first.id}", first.caption, (), (_table(first),))
        else:
            title = _TOGETHER[_fellows(first)]
            captions = ("" if table.caption == title else table.caption for table in together)
            grids = tuple(
                replace(_table(t), caption=caption) for t, caption in zip(together, captions, strict=True)
            )
            yield Annex(f"table_{first.id}", title, (), grids)


def _fellows(table: Table) -> tuple[str, ...]:
    return next((ids for ids in _TOGETHER if table.id in ids), (table.id,))


def _table(table: Table) -> Grid:
    """The grid of a table; short rows are filled up to the header."""
    figures = table.figures or ((),) * len(table.rows)
    rows = tuple(
        tuple(
            (tagged(text or "", tag),)
            for _, text, tag in zip_longest(table.header, row[: len(table.header)], tags[: len(table.header)])
        )
        for row, tags in zip(table.rows, figures, strict=True)
    )
    return Grid("", table.header, rows, prose=table.prose, legend=table.notes)


def _findings(findings: Iterable[Finding]) -> Grid:
    rows = tuple(
        (plain(str(i)), plain(SEVERITIES[f.severity]), quoted(f.message), quoted(f.basis))
        for i, f in enumerate(findings, 1)
    )
    return Grid("", ("序号", "级别", "事项", "依据"), rows, weights=(9, 16, 48, 27), prose=(2, 3))


def _records(records: Iterable[TitledRecord]) -> Iterator[Grid]:
    """Every record behind the figures by name, a table for each kind; with days where its records have any."""
    for source, noun, found in _by_kind(records):
        dated = any(record.on for record in found)
        rows = tuple(
            (plain(str(r.sequence)), plain(r.title), *((plain(_day(r.on)),) if dated else ())) for r in found
        )
        caption = f"{named(SERVICES, service_of(source))}：{NOUNS.get(noun, noun)}"
        yield Grid(caption, ("号", "记录", *(("日期",) if dated else ())), rows)


def _day(day: date | None) -> str:
    return full_day_text(day) if day else "—"


def _by_kind(records: Iterable[TitledRecord]) -> Iterator[tuple[str, str, list[TitledRecord]]]:
    """Records by source and kind, as they come."""
    for (source, noun), found in groupby(records, key=lambda r: (r.source, r.subject.partition("/")[0])):
        yield source, noun, list(found)
