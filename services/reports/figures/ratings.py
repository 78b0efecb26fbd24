"""Figures of duty reports and ratings: meetings published by the time of the seal."""

from collections.abc import Callable, Iterable
from datetime import date

from services.reports.events_in import Deputyship, DutyReport, Meeting
from services.reports.figures.definition import (
    Definition,
    FigureKind,
    Measured,
    count,
    ordered,
    rate,
    refs,
    total,
)
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year

SATISFIED, BASICALLY = "satisfied", "basically_satisfied"


def _deputies(*levels: str) -> Callable[[Year], Measured]:
    """Distinct persons rated, of some levels or of any."""

    def measure(year: Year) -> Measured:
        named = [id for meeting in year.rating_meetings for id in meeting.data.deputyship_ids]
        counted = [id for id in named if not levels or _level(year, id) in levels]
        return Measured(len(year.persons(counted)), refs(year.rating_meetings))

    return measure


def _level(year: Year, deputyship_id: str) -> str:
    deputyship = year.ledger.get(Deputyship, deputyship_id)
    return deputyship.level if deputyship else ""


def _ballots(pick: Callable[[Meeting], int | None]) -> Callable[[Year], Measured]:
    return lambda year: total(year.rating_meetings, pick)


def _result(meeting: Meeting, name: str) -> int | None:
    return getattr(meeting.result, name) if meeting.result else None


def _share(*codes: str) -> Callable[[Year], Measured]:
    """Σ votes for `codes` / Σ votes for all options, over deputies of meetings with shown results and these options."""

    def measure(year: Year) -> Measured:
        shown = [m for m in year.rating_meetings if _offers(m.data, codes) and not _suppressed(m.data)]
        rows = [row for m in shown if m.data.result for row in m.data.result.deputies]
        marked = sum(sum(row.counts.values()) for row in rows)
        votes = sum(row.counts.get(code, 0) for row in rows for code in codes)
        return rate(votes, marked, refs(shown))

    return measure


def _votes(code: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        shown = [m for m in year.rating_meetings if _offers(m.data, (code,)) and not _suppressed(m.data)]
        if not shown:
            return Measured.not_applicable()
        return total(
            shown, lambda m: sum(row.counts.get(code, 0) for row in (m.result.deputies if m.result else ()))
        )

    return measure


def _apart(field: str) -> Callable[[Year], Measured]:
    """Σ over deputies of what is no option: abstained, spoiled; of meetings with shown results."""

    def measure(year: Year) -> Measured:
        shown = [m for m in year.rating_meetings if not _suppressed(m.data)]
        if not shown:
            return Measured.not_applicable()
        return total(shown, lambda m: of_deputies(m, field))

    return measure


def of_deputies(meeting: Meeting, field: str) -> int:
    rows = meeting.result.deputies if meeting.result else ()
    return sum(getattr(row, field) for row in rows)


def _offers(meeting: Meeting, codes: Iterable[str]) -> bool:
    offered = {option.code for option in meeting.scheme.options}
    return offered.issuperset(codes)


def _suppressed(meeting: Meeting) -> bool:
    return meeting.result is not None and meeting.result.suppressed


def _term_coverage(year: Year) -> Measured:
    """Share of persons with a town mandate who have reported, under any mandate, since it began."""
    serving = year.serving("town")
    days: dict[str, date] = {}
    for fact in serving:  # of two town mandates, which the law forbids, the older counts
        person, begun = year.person_of(fact.data.id), fact.data.started_on or date.min
        days[person] = min(begun, days.get(person, begun))
    reported: set[str] = set()
    behind: list[LedgerFact[Meeting]] = []
    for meeting in year.ledger.by_id(Meeting).values():
        held_on = meeting.data.held_on
        if meeting.data.result is None or held_on is None or held_on > year.as_of:
            continue
        here = {p for p in year.persons(meeting.data.deputyship_ids) if p in days and days[p] <= held_on}
        if here:
            reported |= here
            behind.append(meeting)
    return rate(len(reported), len(days), ordered([*refs(serving), *refs(behind)]))


def _term_reported(year: Year) -> Measured:
    coverage = _term_coverage(year)
    return Measured(coverage.numerator or 0, coverage.records)


def _term_unreported(year: Year) -> Measured:
    coverage = _term_coverage(year)
    return Measured((coverage.denominator or 0) - (coverage.numerator or 0), coverage.records)


def _duty_reports(form: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        held = {meeting.data.id for meeting in year.rating_meetings}
        reports: list[LedgerFact[DutyReport]] = [
            f
            for f in year.ledger.by_id(DutyReport).values()
            if f.data.meeting_id in held and f.data.form == form
        ]
        return count(reports)

    return measure


_PUBLISHED = "统计期内举行、结果已公布的述职测评会"

DEFINITIONS = (
    Definition(
        "ratings.meetings",
        "述职测评场次",
        f"{_PUBLISHED}场数。",
        "场",
        FigureKind.COUNT,
        lambda y: count(y.rating_meetings),
    ),
    Definition(
        "ratings.deputies",
        "述职代表",
        f"{_PUBLISHED}上述职的代表人数，一人只计一次。",
        "名",
        FigureKind.COUNT,
        _deputies(),
    ),
    Definition(
        "ratings.deputies.county",
        "述职的县级代表",
        f"{_PUBLISHED}上以县级代表身份述职的人数。",
        "名",
        FigureKind.COUNT,
        _deputies("county"),
    ),
    Definition(
        "ratings.deputies.town",
        "述职的镇代表",
        f"{_PUBLISHED}上以镇代表身份述职的人数。",
        "名",
        FigureKind.COUNT,
        _deputies("town"),
    ),
    Definition(
        "ratings.oral",
        "口头述职报告",
        f"{_PUBLISHED}登记的口头述职报告份数。",
        "份",
        FigureKind.COUNT,
        _duty_reports("oral"),
    ),
    Definition(
        "ratings.written",
        "书面述职报告",
        f"{_PUBLISHED}登记的书面述职报告份数。",
        "份",
        FigureKind.COUNT,
        _duty_reports("written"),
    ),
    Definition(
        "ratings.present",
        "到会评议人次",
        f"{_PUBLISHED}登记的到会选民代表人数之和；均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        _ballots(lambda m: m.present),
    ),
    Definition(
        "ratings.issued",
        "发出测评票",
        f"{_PUBLISHED}发出的测评票张数之和，一张票评议该场全部代表。",
        "张",
        FigureKind.SUM,
        _ballots(lambda m: _result(m, "issued")),
    ),
    Definition(
        "ratings.returned",
        "收回测评票",
        f"{_PUBLISHED}收回的测评票张数之和。",
        "张",
        FigureKind.SUM,
        _ballots(lambda m: _result(m, "returned")),
    ),
    Definition(
        "ratings.void",
        "废票",
        f"{_PUBLISHED}收回的测评票中废票的张数之和。",
        "张",
        FigureKind.SUM,
        _ballots(lambda m: _result(m, "void")),
    ),
    Definition(
        "ratings.valid",
        "有效测评票",
        f"{_PUBLISHED}收回的测评票减去废票的张数之和。",
        "张",
        FigureKind.SUM,
        _ballots(lambda m: _result(m, "valid")),
    ),
    Definition(
        "ratings.suppressed",
        "不公布结果的场次",
        f"{_PUBLISHED}中有效票过少、只公布票数不公布结果的场数。",
        "场",
        FigureKind.COUNT,
        lambda y: count([m for m in y.rating_meetings if _suppressed(m.data)]),
    ),
    Definition(
        "ratings.satisfied",
        "满意票",
        "公布结果的述职测评会上各代表所得满意票之和。",
        "票",
        FigureKind.SUM,
        _votes(SATISFIED),
    ),
    Definition(
        "ratings.basically_satisfied",
        "基本满意票",
        "公布结果的述职测评会上各代表所得基本满意票之和。",
        "票",
        FigureKind.SUM,
        _votes(BASICALLY),
    ),
    Definition(
        "ratings.dissatisfied",
        "不满意票",
        "公布结果的述职测评会上各代表所得不满意票之和。",
        "票",
        FigureKind.SUM,
        _votes("dissatisfied"),
    ),
    Definition(
        "ratings.abstained",
        "弃权票",
        "公布结果的述职测评会上各代表名下没有选择任何选项的票之和；人数不足不公布的场次不计。",
        "票",
        FigureKind.SUM,
        _apart("abstain"),
    ),
    Definition(
        "ratings.spoiled",
        "划错票",
        "公布结果的述职测评会上各代表名下选择了两个以上选项的票之和；人数不足不公布的场次不计。",
        "票",
        FigureKind.SUM,
        _apart("spoiled"),
    ),
    Definition(
        "ratings.satisfied_rate",
        "满意率",
        "各代表满意票之和÷各选项票之和（弃权、划错不在分母）；人数不足不公布的场次不计；评议办法没有满意选项的不适用。",
        "",
        FigureKind.RATE,
        _share(SATISFIED),
    ),
    Definition(
        "ratings.satisfied_or_basically_rate",
        "满意和基本满意率",
        "各代表满意票与基本满意票之和÷各选项票之和（弃权、划错不在分母）；人数不足不公布的场次不计；评议办法没有这两个选项的不适用。",
        "",
        FigureKind.RATE,
        _share(SATISFIED, BASICALLY),
    ),
    Definition(
        "ratings.term_reported",
        "届内述过职的镇代表",
        "截止日在任的镇人大代表中，本次任职开始以来、截止日（含）以前在结果已公布的述职测评会上述过职的人数。",
        "名",
        FigureKind.COUNT,
        _term_reported,
    ),
    Definition(
        "ratings.term_unreported",
        "届内尚未述职的镇代表",
        "截止日在任的镇人大代表中，本次任职开始以来没有在结果已公布的述职测评会上述过职的人数。",
        "名",
        FigureKind.COUNT,
        _term_unreported,
    ),
    Definition(
        "ratings.term_coverage_rate",
        "届内述职覆盖率",
        "截止日在任的镇人大代表中，本次任职开始以来、截止日（含）以前在结果已公布的述职测评会上述过职的人数÷全部在任镇人大代表人数。",
        "",
        FigureKind.RATE,
        _term_coverage,
    ),
)
