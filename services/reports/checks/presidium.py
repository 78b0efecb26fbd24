"""Findings about meetings of the presidium and what they decided."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.events_in import PresidiumMeeting
from services.reports.figures.ledger import by_date


def presidium(books: Books) -> Iterator[Draft]:
    for expectation in books.short("presidium.quarter"):
        quarter = expectation.label.removesuffix("主席团会议")
        if not expectation.held:
            yield finding(
                "presidium.quarter",
                f"{quarter}没有召开主席团会议的记录。",
                key=expectation.key,
                day=expectation.day,
            )
        else:
            message = (
                f"{quarter}召开主席团会议{expectation.recorded}次，规定每季度不少于{expectation.required}次。"
            )
            yield finding(
                "presidium.quarter_few", message, expectation.held, key=expectation.key, day=expectation.day
            )
    yield from _open_decisions(books)


def _open_decisions(books: Books) -> Iterator[Draft]:
    """Open decisions of any year, under the rules of the day of the decision."""
    year = books.year
    held = year.ledger.sorted(PresidiumMeeting, lambda m: (by_date(m.held_on), m.number or 0))
    late = (
        (fact.data.held_on, [fact])
        for fact in held
        for decision in fact.data.decisions
        if decision.late(year.as_of)
    )
    message = "主席团议定事项中有{}项已到期而未登记落实。"
    yield from together(books, "presidium.decision_open", message, late)
