"""Figures of changes of mandates in the period: elections, by-elections, suspensions, endings."""

from services.reports.events_in import ByElection, Deputyship
from services.reports.figures.definition import Definition, FigureKind, Measured, count, rate, refs
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.year import Year

NO_TERMINATION = ("term_over", "area_abolished")
"""Ends that are no 终止: no committee looks into them and nobody announces them (代表法 62, 63)."""


def elected(year: Year) -> list[LedgerFact[Deputyship]]:
    return [
        f
        for f in year.deputyships
        if f.data.level == "town" and f.data.started_by == "election" and year.within(f.data.started_on)
    ]


def by_elected(year: Year) -> list[LedgerFact[Deputyship]]:
    return [
        f for f in year.deputyships if f.data.started_by == "by_election" and year.within(f.data.started_on)
    ]


def ended(year: Year) -> list[LedgerFact[Deputyship]]:
    """Mandates ended on a ground of the law (代表法 62)."""
    return [f for f in over(year) if f.data.ended_reason not in NO_TERMINATION]


def over(year: Year, *reasons: str) -> list[LedgerFact[Deputyship]]:
    """Mandates that came to their end in the period, for some reasons or for any."""
    found = [f for f in year.deputyships if year.within(f.data.ended_on)]
    return [f for f in found if not reasons or f.data.ended_reason in reasons]


def suspended(year: Year) -> list[LedgerFact[Deputyship]]:
    return [f for f in year.deputyships if any(year.within(span.from_on) for span in f.data.suspensions)]


def by_elections(year: Year) -> list[LedgerFact[ByElection]]:
    dated = year.ledger.sorted(
        ByElection, lambda election: (by_date(election.held_on), election.constituency)
    )
    return [fact for fact in dated if year.within(fact.data.held_on)]


def _turnout(year: Year) -> Measured:
    """Turnout of by-elections with both numbers recorded."""
    held = by_elections(year)
    known = [(f.data.votes_cast, f.data.voters) for f in held]
    both = [
        (cast, voters) for cast, voters in known if cast is not None and voters is not None and cast <= voters
    ]
    if held and not both:
        return Measured.missing(refs(held))
    return rate(sum(cast for cast, _ in both), sum(voters for _, voters in both), refs(held))


DEFINITIONS = (
    Definition(
        "changes.elected",
        "换届选出的镇代表",
        "任职开始日期在统计期内、由换届选举产生的镇人大代表人数。",
        "名",
        FigureKind.COUNT,
        lambda y: count(elected(y)),
    ),
    Definition(
        "changes.by_elected",
        "补选代表",
        "任职开始日期在统计期内、由补选产生的代表人数。",
        "名",
        FigureKind.COUNT,
        lambda y: count(by_elected(y)),
    ),
    Definition(
        "changes.ended",
        "终止代表资格",
        "终止日期在统计期内、因代表法规定的情形终止代表资格的代表人数；任期届满、区划调整的另计。",
        "名",
        FigureKind.COUNT,
        lambda y: count(ended(y)),
    ),
    Definition(
        "changes.term_over",
        "任期届满",
        "统计期内任期届满、不再担任代表的人数；连选连任的也计入，其新的任期计入换届选出。",
        "名",
        FigureKind.COUNT,
        lambda y: count(over(y, "term_over")),
    ),
    Definition(
        "changes.area_abolished",
        "区划调整",
        "统计期内因区划调整（合并、拆分、撤销）不再担任代表的人数。",
        "名",
        FigureKind.COUNT,
        lambda y: count(over(y, "area_abolished")),
    ),
    Definition(
        "changes.suspended",
        "暂停执行职务",
        "统计期内开始暂停执行代表职务的代表人数。",
        "名",
        FigureKind.COUNT,
        lambda y: count(suspended(y)),
    ),
    Definition(
        "by_elections.times",
        "补选次数",
        "举行日期在统计期内的代表补选次数，按选区计。",
        "次",
        FigureKind.COUNT,
        lambda y: count(by_elections(y)),
    ),
    Definition(
        "by_elections.turnout_rate",
        "补选参选率",
        "统计期内登记了选民数和投票人数的补选中，投票人数之和÷选民数之和。",
        "",
        FigureKind.RATE,
        _turnout,
    ),
)
