"""Findings about meetings of the presidium and what they decided."""

from collections.abc import Iterator
from datetime import date

from services.reports.checks.draft import Books, Draft, found
from services.reports.events_in import PresidiumMeeting
from services.reports.figures.ledger import by_date
from services.reports.figures.year import Year
from services.reports.words import day_text, quarter_end, quarter_names, quarter_of, quarters


def presidium(books: Books) -> Iterator[Draft]:
    year = books.year
    for at, number in quarters(year.start, year.as_of):
        end = quarter_end(at, number)
        held = [m for m in year.presidium_meetings if m.data.held_on and _in(m.data.held_on, at, number)]
        last = min(end, year.as_of)
        wanted = year.rules_on(last).presidium_meetings_per_quarter
        [name] = quarter_names([(at, number)], with_year=len(year.years) > 1)
        name += "" if end <= year.as_of else f"截至{day_text(year.as_of)}"
        key = number if len(year.years) == 1 else f"{at}-{number}"
        if wanted and not held:
            yield found("presidium.quarter", f"{name}没有召开主席团会议的记录。", key=key)
        elif len(held) < wanted:
            message = f"{name}召开主席团会议{len(held)}次，规定每季度不少于{wanted}次。"
            yield found("presidium.quarter_few", message, held, key=key)
    yield from _open_decisions(year)


def _in(day: date, year: int, number: int) -> bool:
    return (day.year, quarter_of(day)) == (year, number)


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
