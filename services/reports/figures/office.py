"""Figures of the congress's office in the years of the period: staff, and funds in whole yuan."""

from collections.abc import Callable

from services.reports.events_in import Office
from services.reports.figures.definition import Definition, FigureKind, Measured, refs, total
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


def office_years(year: Year) -> list[LedgerFact[Office]]:
    """Records of the office, by year."""
    offices = year.ledger.sorted(Office, lambda office: office.year or 0)
    return [fact for fact in offices if fact.data.year in year.years]


def _summed(amount: Callable[[Office], int | None]) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        offices = office_years(year)
        return total(offices, amount) if offices else Measured.missing()

    return measure


def _latest(amount: Callable[[Office], int | None]) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        latest = office_years(year)[-1:]
        value = amount(latest[0].data) if latest else None
        return Measured.missing(refs(latest)) if value is None else Measured(value, refs(latest))

    return measure


_UNKNOWN = "没有登记的为缺数据"

DEFINITIONS = (
    Definition(
        "office.funds_budgeted",
        "人大工作和代表活动经费预算",
        f"统计期内各年度登记的列入预算的经费之和，以元计；{_UNKNOWN}。",
        "元",
        FigureKind.SUM,
        _summed(lambda office: office.funds_budgeted),
    ),
    Definition(
        "office.funds_spent",
        "人大工作和代表活动经费支出",
        f"统计期内各年度登记的经费支出之和，以元计；{_UNKNOWN}。",
        "元",
        FigureKind.SUM,
        _summed(lambda office: office.funds_spent),
    ),
    Definition(
        "office.staff",
        "人大工作人员",
        f"统计期最后一个年度登记的人大工作人员人数；{_UNKNOWN}。",
        "人",
        FigureKind.SUM,
        _latest(lambda office: office.staff),
    ),
    Definition(
        "office.full_time_staff",
        "专职工作人员",
        f"统计期最后一个年度登记的工作人员中专职的人数；{_UNKNOWN}。",
        "人",
        FigureKind.SUM,
        _latest(lambda office: office.full_time_staff),
    ),
)
