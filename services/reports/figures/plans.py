"""Plans of the year: what was due, what of it was done."""

from datetime import date

from services.reports.events_in import Activity, Plan, PlanItem
from services.reports.figures.definition import Definition, Kind, Measured, rate, refs
from services.reports.figures.year import Year


def due(year: Year) -> list[tuple[Plan, PlanItem]]:
    """Items due by `as_of` and not cancelled; one without a day is due at the end of the year."""
    last = date(year.year, 12, 31)
    return [
        (fact.data, item)
        for fact in year.plans
        for item in fact.data.items
        if item.state != "cancelled" and (item.due_on or last) <= year.as_of
    ]


def done(year: Year) -> list[tuple[Plan, PlanItem]]:
    return [(plan, item) for plan, item in due(year) if _done(year, item)]


def _done(year: Year, item: PlanItem) -> bool:
    """Done by `as_of`: what was held later, or turned out not to have been held, does not count."""
    if item.state != "done":
        return False
    activity = year.ledger.get(Activity, item.activity_id)
    if activity is not None and activity.voided:
        return False
    day = item.done_on or (activity.held_on if activity else None)
    return day is None or day <= year.as_of


def _items(year: Year) -> Measured:
    return Measured(len(due(year)), refs(year.plans))


def _done_items(year: Year) -> Measured:
    return Measured(len(done(year)), refs(year.plans))


DEFINITIONS = (
    Definition(
        "plan.items",
        "到期计划项目",
        "本年度计划中截止日（含）以前到期且未取消的项目数；未写日期的项目视为年底到期。",
        "项",
        Kind.COUNT,
        _items,
    ),
    Definition(
        "plan.done",
        "完成计划项目",
        "到期计划项目中截止日（含）以前已完成的项目数。",
        "项",
        Kind.COUNT,
        _done_items,
    ),
    Definition(
        "plan.done_rate",
        "计划完成率",
        "到期计划项目中已完成的项目数÷到期计划项目数。",
        "",
        Kind.RATE,
        lambda y: rate(len(done(y)), len(due(y)), refs(y.plans)),
    ),
)
