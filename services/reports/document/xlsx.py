"""Workbook of a report: a sheet for each chapter of figures and each table; numbers are numbers, text is never a
formula."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

from services.reports.document.content import SEVERITIES
from services.reports.document.layout import width
from services.reports.document.proof import NOUNS, STATES, parked_rows, proof_notes, source_name
from services.reports.document.statistics import chapters
from services.reports.document.wml import legal
from services.reports.domain import Expectation, Figure, FigureStatus, Photograph, Report
from services.reports.names import SERVICES, named
from shared.envelope import service_of

Value = str | int | float | None

STATUSES = {
    FigureStatus.VALUE: "有数据", FigureStatus.ZERO: "为零", FigureStatus.MISSING: "缺数据",
    FigureStatus.NOT_APPLICABLE: "不适用",
}  # fmt: skip
_FIGURES: Final = (
    *("指标", "数值", "单位", "分子", "分母", "状态"),
    *("上年同期", "上年状态", "增减", "口径", "编号"),
)
_WHOLE: Final = re.compile(r"0|[1-9]\d{0,14}")
_PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?)%")
_LONGEST_NAME = 31
_LONGEST_TEXT = 32767
_WIDEST = 60


def render_xlsx(report: Report) -> bytes:
    """A workbook with sheets for the chapters of figures, tables, findings, proof and records."""
    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({
        "title": legal(report.title),
        "author": legal(report.signature),
        "created": datetime.combine(report.signed_on, time(), UTC).replace(tzinfo=None),
    })  # fmt: skip
    book.set_size(2400, 1600)
    writer = _Writer(book)
    for chapter, figures in chapters(report.figures):
        writer.sheet(chapter, _FIGURES, map(_figure, figures))
    for table in report.tables:
        writer.sheet(table.caption, table.header, (tuple(map(_number, row)) for row in table.rows))
    if report.photographs:
        writer.sheet(
            "活动照片",
            ("图号", "活动", "类别", "日期", "记录", "SHA-256"),
            map(_photograph, enumerate(report.photographs, 1)),
        )
    writer.sheet(
        "待核事项",
        ("级别", "事项", "依据", "规则", "记录"),
        (
            (SEVERITIES[f.severity], f.message, f.basis, f.rule, "\n".join(r.subject for r in f.records))
            for f in report.findings
        ),
    )
    _proof(writer, report)
    writer.sheet(
        "依据的记录",
        ("指标", "记录", "日期", "类别", "来源", "号", "版本", "记录编号", "指标编号"),
        _records(report),
    )
    book.close()
    return target.getvalue()


def _number(text: str) -> Value:
    """A cell in print as the number it is; a rate as a share of one."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if percent := _PERCENT.fullmatch(text):
        return float(percent[1]) / 100
    return text


def _figure(figure: Figure) -> Sequence[Value]:
    return (
        figure.label,
        figure.value,
        figure.unit,
        figure.numerator,
        figure.denominator,
        STATUSES[figure.status],
        figure.previous.value if figure.previous else None,
        STATUSES[figure.previous.status] if figure.previous else None,
        figure.change,
        figure.definition,
        figure.id,
    )


def _records(report: Report) -> Iterable[Sequence[Value]]:
    known = {(record.source, record.subject): record for record in report.records}
    for figure in report.figures:
        for ref in figure.records:
            record = known.get((ref.source, ref.subject))
            yield (
                figure.label,
                record.title if record else None,
                record.on.isoformat() if record and record.on else None,
                NOUNS.get(noun := ref.subject.partition("/")[0], noun),
                named(SERVICES, service_of(ref.source)),
                ref.sequence,
                ref.version,
                ref.subject,
                figure.id,
            )


def _photograph(numbered: tuple[int, Photograph]) -> Sequence[Value]:
    number, photograph = numbered
    return (
        number,
        photograph.title,
        photograph.kind,
        photograph.held_on.isoformat(),
        photograph.record.subject,
        photograph.digest,
    )


def _expectation(expectation: Expectation) -> Sequence[Value]:
    return (
        expectation.label,
        expectation.expected,
        expectation.recorded,
        expectation.missing,
        expectation.unit,
        expectation.basis,
        expectation.id,
    )


def _proof(writer: "_Writer", report: Report) -> None:
    writer.sheet("完整性证明", ("说明",), ((note,) for note in proof_notes(report)))
    writer.sheet(
        "来源与封存",
        ("来源", "状态", "末号", "计入", "排除", "散列"),
        (
            (source_name(s.source), STATES[s.state], s.head, s.counted, len(s.excluded), s.hash)
            for s in report.sources
        ),
    )
    writer.sheet(
        "各类记录数",
        ("来源", "类别", "记录数"),
        (
            (source_name(s.source), NOUNS.get(noun, noun), n)
            for s in report.sources
            for noun, n in s.counts.items()
        ),
    )
    writer.sheet(
        "排除的记录及理由",
        ("来源", "记录", "理由"),
        ((source_name(s.source), e.subject, e.reason) for s in report.sources for e in s.excluded),
    )
    writer.sheet(
        "应有与已登记",
        ("事项", "应有", "已登记", "尚缺", "单位", "依据", "规则"),
        map(_expectation, report.expectations),
    )
    writer.sheet("未能处理的事件", ("未能处理的服务", "来源", "序号", "事件", "原因"), parked_rows(report))


class _Writer:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bg_color": "#F5F3EF", "border": 1, "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._rate = book.add_format({"num_format": "0.0%", "valign": "top"})
        self._names: set[str] = set()

    def sheet(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """A sheet: header and first column frozen, with a filter, columns as wide as their content."""
        sheet = self._book.add_worksheet(self._name(name))
        widths = [width(title) for title in header]
        for column, title in enumerate(header):
            sheet.write_string(0, column, _fit(title), self._head)
        last = 0
        for last, values in enumerate(rows, 1):
            for column, value in enumerate(values):
                self._cell(sheet, last, column, value)
                if column < len(widths):
                    widths[column] = max(widths[column], width(str(value)))
        for column, needed in enumerate(widths):
            sheet.set_column(column, column, min(2 * needed + 2, _WIDEST))
        sheet.freeze_panes(1, 1)
        if header and last:
            sheet.autofilter(0, 0, last, len(header) - 1)

    def _cell(self, sheet: Any, row: int, column: int, value: Value) -> None:
        if isinstance(value, float):
            sheet.write_number(row, column, value, self._rate)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._text)
        elif value:
            sheet.write_string(row, column, _fit(value), self._text)

    def _name(self, title: str) -> str:
        """A name valid in Excel and unique in the workbook."""
        base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", legal(title)).strip(" '")[:_LONGEST_NAME] or "表"
        name, copy = base, 1
        while name.casefold() in self._names:
            copy += 1
            name = f"{base[: _LONGEST_NAME - 4]} {copy}"
        self._names.add(name.casefold())
        return name


def _fit(text: str) -> str:
    return legal(text)[:_LONGEST_TEXT]
