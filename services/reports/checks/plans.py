"""Findings about the plans of the year: what is open, what was put off or given up."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, found
from services.reports.figures import plans
from services.reports.words import full_day_text


def plan(books: Books) -> Iterator[Draft]:
    open_items = books.value("plan.items") - books.value("plan.done")
    if open_items:
        done = {id(item) for _, item in plans.done(books.year)}
        late = {p.id for p, item in plans.due(books.year) if id(item) not in done}
        facts = [fact for fact in books.year.plans if fact.data.id in late]
        yield found("plan.open", f"年度计划中有{open_items}项已到期而未登记完成。", facts)


def moved(books: Books) -> Iterator[Draft]:
    """What was put off or given up no longer counts as due, so it is said apart, with its reason."""
    for fact in books.year.plans:
        for number, item in enumerate(fact.data.items, start=1):
            key = f"{books.year.group_number(fact.data.group_id)[0]}/{number}"
            if item.state == "cancelled":
                reason = item.cancelled_reason or "未写原因"
                yield found("plan.cancelled", f"计划项目“{item.title}”已取消：{reason}。", [fact], key=key)
            elif item.postponements:
                last = item.postponements[-1]
                until = full_day_text(last.to) if last.to else "未定日期"
                message = (
                    f"计划项目“{item.title}”推迟{len(item.postponements)}次，推迟到{until}：{last.reason}。"
                )
                yield found("plan.postponed", message, [fact], key=key)
