"""The report of an area: sums over the accepted reports of its towns, each of which leads back to them. Pure.

Invariants: towns stand by code, never by a number; what was not handed in is named; a sum says which towns lack it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.reports import narrative
from services.reports.board import MISSING, PER_TOWN, Tally, packed, read
from services.reports.document.statistics import chapters, is_sent
from services.reports.domain import (
    Figure,
    FigureStatus,
    Paragraph,
    Report,
    ReportStatus,
    Run,
    Section,
    Source,
    SourceState,
    Table,
)
from services.reports.domain.area import HandedIn, HandIn
from services.reports.domain.board import RollUp
from services.reports.domain.periods import Period
from services.reports.domain.seals import AREA_MANIFEST
from services.reports.figures import BY_ID, shown
from services.reports.names import SERVICES, named
from services.reports.narrative.spans import period_names
from services.reports.narrative.writer import joined
from services.reports.notation import enumeration, full_day_text
from shared.envelope import source_of

HEADLINES: Final[Mapping[str, tuple[str, ...]]] = {
    "会议": (
        *("congress.sessions", "congress.attendance_rate", "presidium.meetings"),
        *("presidium.topics", "presidium.special_reports", "presidium.opinions"),
    ),
    "监督": (
        *("supervision.inspections", "supervision.research", "supervision.law_checks"),
        *("supervision.reviews", "supervision.person_times", "supervision.opinions"),
    ),
    "代表队伍": (
        *("deputies.town.quota", "deputies.town.serving", "deputies.people", "deputies.women"),
        *("groups.town", "stations.open"),
    ),
    "学习和代表活动": (
        *("training.times", "training.person_times", "training.coverage_rate"),
        *("group_activities.times", "group_activities.person_times", "group_activities.attendance_rate"),
    ),
    "联系选民": (
        *("contact.receptions", "contact.deputy_times", "contact.voter_times"),
        *("opinions.received", "opinions.closed", "opinions.closed_rate"),
    ),
    "代表建议": (
        *("suggestions.raised", "suggestions.assigned", "suggestions.replied"),
        *("suggestions.overdue", "suggestions.reply_rate", "suggestions.satisfied"),
    ),
    "述职测评": (
        *("ratings.meetings", "ratings.deputies", "ratings.issued"),
        *("ratings.returned", "ratings.valid", "ratings.satisfied_rate"),
    ),
}
"""Figures of the tables by town, six at most in each."""
HAND_IN: Final[Mapping[str, str]] = {
    "hand_in.towns": "乡镇",
    "hand_in.accepted": "已接收",
    "hand_in.submitted": "已上报，尚未接收",
    "hand_in.returned": "退回修改",
    "hand_in.missing": "没有上报",
    "hand_in.partial": "有乡镇缺数据的指标",
}
"""Figures of the area's own, with their labels; the last counts figures that a town counted in lacks."""
_STATES: Final[Mapping[HandIn, str]] = {
    HandIn.ACCEPTED: "已接收",
    HandIn.SUBMITTED: "已上报",
    HandIn.RETURNED: "退回修改",
    HandIn.NONE: "没有上报",
}
_PENDING: Final[Mapping[ReportStatus, str]] = {ReportStatus.SUBMITTED: "更正稿已上报，尚未接收"}
_PER_TOWN: Final = (
    "{}是各乡镇人数之和：各乡镇的名册没有共同的身份标识，在两个乡镇都有记录的人两处各计一次，没有去重。"
)
_CHECK: Final = "核对说明"
_TEXTS: Final = (
    "本说明随《{title}》存档，供核对和日后查考，不随文报送。",
    "合计由各乡镇已接收的总结得出：次数、人次、件数直接相加，比率的分子、分母分别相加后再算。",
    "缺数据的乡镇不计入，逐项列名；不适用的不算缺数据。各乡镇按区划代码排列，不比较、不排列名次。",
    "每个指标在各乡镇所依据的记录，可在系统的“合计数字”中按指标、乡镇逐条查看。",
    "附件列明各乡镇日志的末号和散列。本说明和总结各附签名的证明，可以用“lvzhi verify”独立重算。",
)


class AreaYear:
    """What the towns have handed in, with the sums over those accepted."""

    def __init__(self, area: str, county: str, period: Period, towns: Sequence[HandedIn]) -> None:
        self.area, self.period, self.towns = area, period, towns
        self.county = county or f"区划代码{area}的地方"
        self.accepted = [(town, town.report) for town in towns if town.report is not None]
        self.as_of = max((report.as_of for _, report in self.accepted), default=period.last)
        self.tally = Tally()
        self.tally.put((town.town, report.version, packed(report.figures)) for town, report in self.accepted)
        self.sums = self.tally.roll_ups()
        self.figures = {figure.id: figure for figure in (*self._handed_in(), *map(_figure, self.sums))}

    def lacking(self, id: str) -> list[HandedIn]:
        """Accepted towns whose report lacks data for a figure, or was compiled before there was the figure."""
        return [town for town, _ in self.accepted if self.tally.amount(town.town, id) in (None, MISSING)]

    def _handed_in(self) -> Iterator[Figure]:
        states = [town.state for town in self.towns]
        numbers = {
            "towns": len(states),
            **{state.value: states.count(state) for state in HandIn if state is not HandIn.NONE},
            "missing": states.count(HandIn.NONE),
            "partial": sum(any(self.lacking(figure.id)) for figure in self.sums if figure.towns),
        }
        for id, label in HAND_IN.items():
            number = numbers[id.partition(".")[2]]
            status = FigureStatus.VALUE if number else FigureStatus.ZERO
            yield Figure(id=id, label=label, definition=label, value=number, unit="个", status=status)


def _figure(figure: RollUp) -> Figure:
    status = FigureStatus.VALUE if figure.value else FigureStatus.ZERO
    if figure.value is None:
        status = FigureStatus.MISSING if figure.missing else FigureStatus.NOT_APPLICABLE
    about = figure.model_dump(exclude={"towns", "missing", "per_town"})
    return Figure(definition=BY_ID[figure.id].definition, status=status, **about)


def compile_area(year: AreaYear, signed_on: date | None = None) -> Report:
    """The report of an area. The same editions give the same."""
    title, sections = narrative.compose_area(_names(year), year.figures)
    tables = (_standing(year), *_totals(year), *_by_town(year))
    return _framed(year, title, sections, tables, signed_on)


def check_area(year: AreaYear, report: Report) -> Report:
    """Its check document: what it is from, and every figure by town with its definition."""
    opening = Section(id="opening", heading="", level=0, paragraphs=tuple(_about(report.title)))
    sections = (opening, *_each_figure(year))
    return _framed(year, f"{report.title}{_CHECK}", sections, (_sources(year),), report.signed_on)


def _framed(
    year: AreaYear,
    title: str,
    sections: tuple[Section, ...],
    tables: tuple[Table, ...],
    signed_on: date | None,
) -> Report:
    return Report(
        id=f"{year.area}:{year.period.name}",
        town=year.area,
        year=year.as_of.year,
        period=year.period.name,
        version=1,
        status=ReportStatus.ACCEPTED,
        from_on=year.period.first,
        as_of=year.as_of,
        title=title,
        sections=sections,
        tables=tables,
        sources=tuple(_heads(year)),
        figures=tuple(year.figures.values()),
        signature=f"{year.county}人民代表大会常务委员会",
        signed_on=signed_on
        or max([year.as_of, *(town.submitted_on for town in year.towns if town.submitted_on)]),
        manifest=AREA_MANIFEST,
    )


def _heads(year: AreaYear) -> Iterator[Source]:
    """The head of every town's stream of reports, and those that the accepted ones were sealed at."""
    for town in year.towns:
        stream, head = source_of(town.town, "reports"), {"head": town.sequence, "hash": town.hash}
        yield Source(source=stream, state=SourceState.SEALED, **head)
        for source in town.report.sources if town.report else ():
            stream, head = source_of(town.town, source.source), {"head": source.head, "hash": source.hash}
            yield Source(source=stream, state=source.state, **head)


def _names(year: AreaYear) -> dict[str, Any]:
    def names(state: HandIn) -> str:
        return enumeration([town.shown for town in year.towns if town.state is state])

    return {
        "county": year.county,
        "rank": "乡镇",
        "accepted_names": names(HandIn.ACCEPTED),
        "submitted_names": names(HandIn.SUBMITTED),
        "returned_names": names(HandIn.RETURNED),
        "missing_names": names(HandIn.NONE),
        **period_names(year.period, year.as_of),
    }


def _totals(year: AreaYear) -> Iterator[Table]:
    """What is more than nothing, by chapter: the sum, how many towns are in it, and who is not."""
    towns = {figure.id: figure.towns for figure in year.sums}
    told = [figure for figure in year.figures.values() if figure.id in towns and is_sent(figure)]
    for place, (chapter, found) in enumerate(chapters(told), 1):
        rows, tags = [], []
        for figure in found:
            lacking = enumeration([town.shown for town in year.lacking(figure.id)])
            rows.append((figure.label, shown(figure), figure.unit, str(towns[figure.id]), lacking or "—"))
            tags.append((None, figure.id, None, f"{figure.id}@towns", None))
        header = ("指标", "合计", "单位", "计入乡镇", "缺数据的乡镇")
        people = [figure.label for figure in found if figure.id in PER_TOWN]
        yield Table(
            id=f"totals.{place}",
            caption=chapter,
            header=header,
            rows=tuple(rows),
            figures=tuple(tags),
            prose=(0, 4),
            notes=(_PER_TOWN.format("、".join(people)),) if people else (),
        )


def _standing(year: AreaYear) -> Table:
    header = ("乡镇", "代码", "上报情况", "统计截至", "上报日期", "说明")
    rows = tuple(
        (
            town.shown,
            town.town,
            _STATES[town.state],
            full_day_text(town.report.as_of) if town.report else "—",
            full_day_text(town.submitted_on) if town.submitted_on else "—",
            "，".join(_remarks(town)) or "—",
        )
        for town in year.towns
    )
    return Table(id="handed_in", caption="", header=header, rows=rows, prose=(5,))


def _remarks(town: HandedIn) -> Iterator[str]:
    if town.late:
        yield "逾期"
    if town.extended_until:
        yield f"延期到{full_day_text(town.extended_until)}"
    if town.report and town.pending:
        yield _PENDING.get(town.pending, "另有更正稿，尚未上报")


def _by_town(year: AreaYear) -> Iterator[Table]:
    for place, (chapter, ids) in enumerate(HEADLINES.items(), 1):
        rows, tags = [], []
        for town in year.towns:
            words = [year.tally.amount(town.town, id) for id in ids]
            unsaid = "—" if town.report else "未计入"
            rows.append((town.shown, *(shown(read(word)) if word else unsaid for word in words)))
            known = (f"{id}@{town.town}" if word else None for id, word in zip(ids, words, strict=True))
            tags.append((None, *known))
        rows.append(("合计", *(shown(year.figures[id]) for id in ids)))
        tags.append((None, *ids))
        header = ("乡镇", *(year.figures[id].label for id in ids))
        yield Table(
            id=f"towns.{place}", caption=chapter, header=header, rows=tuple(rows), figures=tuple(tags)
        )


def _about(title: str) -> Iterator[Paragraph]:
    for number, text in enumerate(_TEXTS, 1):
        yield Paragraph(id=f"p_check_{number}", text=text.format(title=title))


def _each_figure(year: AreaYear) -> Iterator[Section]:
    known = [year.figures[figure.id] for figure in year.sums if figure.towns or figure.missing]
    for place, (chapter, found) in enumerate(chapters(known), 1):
        paragraphs = tuple(_by_figure(year, figure) for figure in found)
        yield Section(id=f"check_{place}", heading=chapter, level=1, paragraphs=paragraphs)


def _by_figure(year: AreaYear, figure: Figure) -> Paragraph:
    """出席率：合计 92%（23/25）；甲镇 90%，乙镇缺数据。口径：…"""
    runs = [
        Run(text=f"{figure.label}：合计"),
        Run(text=shown(figure), figure=figure.id),
        Run(text=figure.unit if figure.value is not None else ""),
    ]
    if figure.denominator:
        runs += [
            Run(text="（"),
            Run(text=str(figure.numerator), figure=figure.id, part="#numerator"),
            Run(text="/"),
            Run(text=str(figure.denominator), figure=figure.id, part="#denominator"),
            Run(text="）"),
        ]
    for place, (town, _) in enumerate(year.accepted):
        runs.append(Run(text=("；" if place == 0 else "，") + town.shown))
        word = year.tally.amount(town.town, figure.id)
        part = f"@{town.town}"
        runs.append(
            Run(text=shown(read(word)), figure=figure.id, part=part) if word else Run(text="没有这个指标")
        )
    runs.append(Run(text=f"。口径：{figure.definition}"))
    text = joined(runs)
    return Paragraph(
        id=f"p_{figure.id}", text="".join(run.text for run in text), runs=text, figures=(figure.id,)
    )


def _sources(year: AreaYear) -> Table:
    rows: list[tuple[str, ...]] = []
    for town in year.towns:
        rows.append((town.shown, named(SERVICES, "reports"), str(town.sequence), town.hash))
        sealed = town.report.sources if town.report else ()
        rows += ((town.shown, named(SERVICES, s.source), str(s.head), s.hash) for s in sealed)
    header = ("乡镇", "来源", "末号", "散列")
    return Table(id="sources", caption="", header=header, rows=tuple(rows))
