"""Findings about plans: open, postponed and cancelled items."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.figures import plans
from services.reports.notation import full_day_text


def plan(books: Books) -> Iterator[Draft]:
    year, done = books.year, {id(item) for _, item in plans.done(books.year)}
    facts = {fact.data.id: fact for fact in year.plans}
    late = (
        (plans.due_on(plan, item), [facts[plan.id]]) for plan, item in plans.due(year) if id(item) not in done
    )
    yield from together(books, "plan.open", "年度计划中有{}项已到期而未登记完成。", late)


def moved(books: Books) -> Iterator[Draft]:
    """Postponed and cancelled items, which no longer count as due, with their reasons."""
    for fact in books.year.plans:
        for number, item in enumerate(fact.data.items, start=1):
            key = f"{books.year.group_number(fact.data.group_id)[0]}/{number}"
            if item.state == "cancelled":
                reason = item.cancelled_reason or "未写原因"
                day = min(plans.due_on(fact.data, item), books.year.as_of)  # the day is not recorded
                yield finding(
                    "plan.cancelled", f"计划项目“{item.title}”已取消：{reason}。", [fact], key=key, day=day
                )
            elif item.postponements:
                last = item.postponements[-1]
                until = full_day_text(last.to) if last.to else "未定日期"
                message = (
                    f"计划项目“{item.title}”推迟{len(item.postponements)}次，推迟到{until}：{last.reason}。"
                )
                yield finding("plan.postponed", message, [fact], key=key, day=last.on)
