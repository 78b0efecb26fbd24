"""Findings about records that still name a voided deputyship."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.reports.checks.draft import Books, Draft, together
from services.reports.checks.expected import duty_meetings
from services.reports.events_in import Deputyship, Meeting, Opinion, Session, Suggestion
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


def named(books: Books) -> Iterator[Draft]:
    """Records of the period that name a mandate entered by mistake; figures leave it out."""
    year = books.year
    mandates = year.ledger.by_id(Deputyship).values()
    voided = {fact.data.id for fact in mandates if fact.data.voided}
    if not voided:
        return
    cases = ((_day(fact.data), [fact]) for fact in _records(year) if not voided.isdisjoint(_ids(fact.data)))
    message = "有{}条记录仍写着已作废的代表资格，统计时不计，请在这些记录中更正。"
    yield from together(books, "records.name_voided", message, cases)


def _records(year: Year) -> list[LedgerFact[Any]]:
    held: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    return [*held, *year.suggestions, *year.opinions, *duty_meetings(year)]


def _ids(record: Any) -> list[str]:
    if isinstance(record, Suggestion):
        return [record.lead_deputyship_id or "", *record.co_deputyship_ids]
    if isinstance(record, Opinion):
        return [record.deputyship_id or ""]
    if isinstance(record, Meeting):
        return [*record.deputyship_ids]
    motions = record.motions if isinstance(record, Session) else ()
    return [*record.attendance.named, *(id for motion in motions for id in motion.proposers)]


def _day(record: Any) -> date | None:
    if isinstance(record, Suggestion):
        return record.raised_on
    day: date | None = record.received_on if isinstance(record, Opinion) else record.held_on
    return day
