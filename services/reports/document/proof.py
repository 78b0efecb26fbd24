"""The completeness proof of a report in print: sources, counts, excluded records, expectations, parked events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.reports.document.cells import Cell, Grid, plain, quoted, tagged
from services.reports.domain import Report, Run, Source, SourceState
from services.reports.names import SERVICES
from services.reports.notation import full_day_text
from shared.envelope import service_of

REFUSALS: Mapping[str, str] = {"UnknownMajor": "版本无法识别，请先升级程序"}
NOUNS: Mapping[str, str] = {
    "town": "基本情况", "person": "人员", "deputyship": "代表职务", "group": "代表小组", "station": "代表活动场所",
    "term": "届次", "task": "待审查事项", "by_election": "补选", "office": "机构和经费",
    "constituency": "选区", "plan": "年度计划", "session": "人代会会议", "presidium_meeting":
    "主席团会议",
    "activity": "代表活动", "opinion": "群众意见", "suggestion": "代表建议", "scheme": "评议办法",
    "meeting": "述职评议会议", "duty_report": "述职报告", "absence": "缺席提请核实",
}  # fmt: skip
OF_BEFORE: Mapping[str, str] = {**NOUNS, "town": "乡镇"}
"""As documents say it whose reports were compiled before there was a check document."""
STATES: Mapping[SourceState, str] = {SourceState.SEALED: "已封存", SourceState.WAITING: "等待封存"}


def proof_notes(report: Report) -> tuple[str, ...]:
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


def proof_grids(report: Report, nouns: Mapping[str, str] = NOUNS) -> Iterator[Grid]:
    if report.sources:
        yield from _accounts(report.sources, nouns)
    if report.expectations:
        header = ("事项", "应有", "已登记", "尚缺", "依据")
        rows = tuple(tuple(map(quoted, row)) for row in expectation_rows(report))
        yield Grid("应有与已登记", header, rows, weights=(34, 10, 11, 10, 35), prose=(0, 4))
    if report.parked:
        header = ("未能处理的服务", "来源", "序号", "事件", "原因")
        rows = tuple(tuple(quoted(str(cell)) for cell in row) for row in parked_rows(report))
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


def _accounts(sources: Sequence[Source], nouns: Mapping[str, str]) -> Iterator[Grid]:
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
            plain(nouns.get(noun, noun)),
            (tagged(str(n), f"proof.{s.source}.count.{noun}"),),
        )
        for s in sources
        for noun, n in s.counts.items()
    )
    if counts:
        yield Grid("各类记录数", ("来源", "类别", "记录数"), counts, weights=(40, 40, 20))
    excluded = tuple(_excluded(sources, nouns))
    if excluded:
        yield Grid("排除的记录及理由", ("来源", "记录", "理由"), excluded, weights=(25, 40, 35), prose=(1, 2))


def _excluded(sources: Iterable[Source], nouns: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    """Excluded records grouped by reason; workbook and JSON list each of them."""
    for source in sources:
        alike: dict[tuple[str, str], list[str]] = {}
        for record in source.excluded:
            noun, _, _ = record.subject.partition("/")
            alike.setdefault((noun, record.reason), []).append(record.subject)
        for (noun, reason), subjects in alike.items():
            left_out = _left_out(source.source, nouns.get(noun, noun), subjects)
            yield plain(source_name(source.source)), left_out, plain(reason)


def _left_out(source: str, kind: str, subjects: Sequence[str]) -> Cell:
    if len(subjects) == 1:
        return (tagged(subjects[0], f"proof.{source}.subject"),)
    number = tagged(str(len(subjects)), f"proof.{source}.left_out")
    return Run(text=kind), number, Run(text="条")


def _head(source: Source) -> Iterator[Cell]:
    yield plain(source_name(source.source))
    yield plain(STATES[source.state])
    numbers = {"head": source.head, "counted": source.counted, "excluded": len(source.excluded)}
    for name, number in numbers.items():
        yield (tagged(str(number), f"proof.{source.source}.{name}"),)
    yield (tagged(source.hash or "—", f"proof.{source.source}.hash" if source.hash else None),)
