"""Figures of plans: items due and done."""

from datetime import date

from services.reports.events_in import Activity, Plan, PlanItem
from services.reports.figures.definition import Definition, FigureKind, Measured, rate, refs
from services.reports.figures.year import Year


def due(year: Year) -> list[tuple[Plan, PlanItem]]:
    """Items due in the period and not cancelled; one without a day is due at the end of its plan's year."""
    return [(plan, item) for plan, item in _planned(year) if year.within(due_on(plan, item))]


def remaining(year: Year) -> list[tuple[Plan, PlanItem]]:
    """Items due later in the year of the day of the figures."""
    items = [(plan, item) for plan, item in _planned(year) if plan.year == year.as_of.year]
    return [(plan, item) for plan, item in items if due_on(plan, item) > year.as_of]


def next_items(year: Year) -> list[tuple[Plan, PlanItem]]:
    """Items planned for the following year."""
    plans = year.ledger.sorted(Plan, lambda plan: year.group_number(plan.group_id))
    of_next = [fact.data for fact in plans if fact.data.year == year.as_of.year + 1]
    return [(plan, item) for plan in of_next for item in plan.items if item.state != "cancelled"]


def _planned(year: Year) -> list[tuple[Plan, PlanItem]]:
    return [(f.data, item) for f in year.plans for item in f.data.items if item.state != "cancelled"]


def due_on(plan: Plan, item: PlanItem) -> date:
    return item.due_on or date(plan.year, 12, 31)


def done(year: Year) -> list[tuple[Plan, PlanItem]]:
    return [(plan, item) for plan, item in due(year) if _done(year, item)]


def _done(year: Year, item: PlanItem) -> bool:
    """Whether an item was done by `as_of`; later and voided activities do not count."""
    if item.state != "done":
        return False
    activity = year.ledger.get(Activity, item.activity_id)
    if activity is not None and activity.voided:
        return False
    day = item.done_on or (activity.held_on if activity else None)
    return day is None or day <= year.as_of


def _items(year: Year) -> Measured:
    return Measured(len(due(year)), refs(year.plans))


def _next(year: Year) -> Measured:
    plans = [f for f in year.ledger.by_id(Plan).values() if f.data.year == year.as_of.year + 1]
    return Measured(len(next_items(year)), refs(plans))


def _cancelled(year: Year) -> Measured:
    items = [(f.data, item) for f in year.plans for item in f.data.items if item.state == "cancelled"]
    cancelled = [item for plan, item in items if year.within(due_on(plan, item))]
    return Measured(len(cancelled), refs(year.plans))


def _done_items(year: Year) -> Measured:
    return Measured(len(done(year)), refs(year.plans))


DEFINITIONS = (
    Definition(
        "plan.items",
        "到期计划项目",
        "本年度计划中截止日（含）以前到期且未取消的项目数；未写日期的项目视为年底到期。",
        "项",
        FigureKind.COUNT,
        _items,
    ),
    Definition(
        "plan.done",
        "完成计划项目",
        "到期计划项目中截止日（含）以前已完成的项目数。",
        "项",
        FigureKind.COUNT,
        _done_items,
    ),
    Definition(
        "plan.cancelled",
        "取消的计划项目",
        "原定在统计期内到期而已取消的计划项目数，不计入到期计划项目。",
        "项",
        FigureKind.COUNT,
        _cancelled,
    ),
    Definition(
        "plan.remaining",
        "截止日以后到期的计划项目",
        "截止日所在年度的计划中，截止日以后到期且未取消的项目数。",
        "项",
        FigureKind.COUNT,
        lambda y: Measured(len(remaining(y)), refs(y.plans)),
    ),
    Definition(
        "plan.next_items",
        "下一年度计划项目",
        "已登记的下一年度计划中未取消的项目数。",
        "项",
        FigureKind.COUNT,
        _next,
    ),
    Definition(
        "plan.done_rate",
        "计划完成率",
        "到期计划项目中已完成的项目数÷到期计划项目数。",
        "",
        FigureKind.RATE,
        lambda y: rate(len(done(y)), len(due(y)), refs(y.plans)),
    ),
)
