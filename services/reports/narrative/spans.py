"""Names of a period in titles and sentences."""

from datetime import date

from services.reports.domain.periods import Period, PeriodKind
from services.reports.notation import full_day_text, numeral, quarter_text

_DAYS_A_YEAR = 365.25
_A_YEAR = {PeriodKind.HALF: 2, PeriodKind.QUARTER: 4}
_FIRST = 2020


def turn(period: Period) -> int:
    """Number of the period among its kind: one that follows another has another, so it need not read like it."""
    parts = _A_YEAR.get(period.kind, 1)
    return (period.first.year - _FIRST) * parts + (period.number - 1 if parts > 1 else 0)


def period_names(period: Period, as_of: date) -> dict[str, str]:
    """`period` for titles, `begin` for openings, `this` within sentences, `next_period`, and the number of years."""
    title, begin, this, after = _names(period)
    years = max(1, round(((as_of - period.first).days + 1) / _DAYS_A_YEAR))
    return {
        "period": title,
        "begin": begin,
        "this": this,
        "next_period": after,
        "years_long": f"{numeral(years)}年",
    }


def _names(period: Period) -> tuple[str, str, str, str]:
    year = f"{period.first.year}年"
    match period.kind:
        case PeriodKind.YEAR:
            return year, year, "本年度", f"{period.first.year + 1}年"
        case PeriodKind.HALF:
            this, after = (
                ("上半年", "下半年") if period.number == 1 else ("下半年", f"{period.first.year + 1}年")
            )
            return f"{year}{this}", f"{year}{this}", this, after
        case PeriodKind.QUARTER:
            this = quarter_text(period.number)
            return f"{year}{this}", f"{year}{this}", this, "下一季度"
        case PeriodKind.TERM:
            term = f"第{numeral(period.number)}届"
            return term, f"{term}人民代表大会任期以来", "本届以来", "今后"
        case PeriodKind.SPAN:
            days = f"{full_day_text(period.first)}至{full_day_text(period.last)}"
            return days, days, "统计期内", "下一阶段"
