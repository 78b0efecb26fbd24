"""Findings about meetings of the presidium and what they decided."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, found
from services.reports.events_in import PresidiumMeeting
from services.reports.figures.ledger import by_date
from services.reports.figures.year import Year


def presidium(books: Books) -> Iterator[Draft]:
    for one in books.short("presidium.quarter"):
        quarter = one.label.removesuffix("主席团会议")
        if not one.held:
            yield found("presidium.quarter", f"{quarter}没有召开主席团会议的记录。", key=one.key)
        else:
            message = f"{quarter}召开主席团会议{one.recorded}次，规定每季度不少于{one.wanted}次。"
            yield found("presidium.quarter_few", message, one.held, key=one.key)
    yield from _open_decisions(books.year)


def _open_decisions(year: Year) -> Iterator[Draft]:
    """Followed to the end, from whatever year."""
    held = year.ledger.sorted(PresidiumMeeting, lambda m: (by_date(m.held_on), m.number or 0))
    late = [
        fact
        for fact in held
        for decision in fact.data.decisions
        if decision.due_on is not None
        and decision.due_on < year.as_of
        and (decision.done_on is None or decision.done_on > year.as_of)
    ]
    if late:
        yield found("presidium.decision_open", f"主席团议定事项中有{len(late)}项已到期而未登记落实。", late)
