"""Findings about sessions held after the day set by the rule pack."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import Session
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.year import Year
from services.reports.notation import day_text, full_day_text, numeral, session_name

_ASKED: Final = ((1, "first_session_by"), (2, "second_session_by"))


def timing(books: Books) -> Iterator[Draft]:
    """One finding for each day set that passed, by the rules of that day."""
    year = books.year
    for at in year.years:
        held = _held(year, at)
        for number, rule in _ASKED:
            for by in year.town.data.days_named(rule, at) if year.town else ():
                if year.start <= by < year.as_of:
                    yield from _late(held[number - 1 : number], number, by, year)


def _held(year: Year, at: int) -> list[tuple[date, LedgerFact[Session]]]:
    """Sessions of one calendar year with their days, those before the period included."""
    dated = year.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
    days = [(fact.data.held_on, fact) for fact in dated]
    return [(on, fact) for on, fact in days if on is not None and on.year == at and on <= year.as_of]


def _late(held: list[tuple[date, LedgerFact[Session]]], number: int, by: date, year: Year) -> Iterator[Draft]:
    """`held`: the session of that number in the year, or none. A session postponed with a recorded reason is judged by
    its planned day, because the presidium may postpone it (组织法 2022 Art. 14)."""
    requirement = f"{by.year}年第{numeral(number)}次{year.rank}人民代表大会会议规定不迟于{day_text(by)}举行"
    message = f"{requirement}，截至{full_day_text(year.as_of)}没有举行的记录。"
    for on, fact in held:
        session = fact.data
        if ((session.planned_on if session.postponed_reason else None) or on) <= by:
            return
        message = f"{requirement}，{session_name(session)}于{day_text(on)}举行。"
    yield finding("congress.timing", message, [fact for _, fact in held], key=f"{by.year}/{number}", day=by)
