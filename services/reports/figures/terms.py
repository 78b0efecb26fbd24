"""Terms of the congress: their days, and the one on a day."""

from collections.abc import Iterable
from datetime import date

from services.reports.domain.periods import Days, term_days
from services.reports.events_in import Session, Term, Town
from services.reports.figures.ledger import Ledger, LedgerFact, by_date


def terms(ledger: Ledger) -> dict[int, Days]:
    """Days of each term by number of the congress, by the roster."""
    known = [fact.data for fact in ledger.by_id(Term).values()]
    return {
        term.congress_number: term_days(term.started_on, ended_on(term, known))
        for term in known
        if term.congress_number is not None and term.started_on is not None
    }


def ended_on(term: Term, known: Iterable[Term]) -> date | None:
    """Recorded end of a term, or the start of the next."""
    later = [
        t.started_on for t in known if t.started_on and (t.congress_number or 0) > (term.congress_number or 0)
    ]
    return term.ended_on or min(later, default=None)


def term_on(ledger: Ledger, day: date) -> LedgerFact[Term] | None:
    """The latest term that has begun, unless it has ended; one without a recorded end lasts until the next begins."""
    known = ledger.sorted(Term, lambda term: term.congress_number or 0)
    begun = [fact for fact in known if fact.data.started_on is not None and fact.data.started_on <= day]
    latest = begun[-1] if begun else None
    over = latest is not None and latest.data.ended_on is not None and latest.data.ended_on <= day
    return None if over else latest


def congress_on(ledger: Ledger, day: date) -> int | None:
    """Number of the congress: of the term on the day, else of the last session held by then, else of the town."""
    term, town = term_on(ledger, day), ledger.get(Town, ledger.town)
    if term is not None:
        return term.data.congress_number
    held = ledger.sorted(Session, lambda session: by_date(session.held_on))
    by_then = [fact.data for fact in held if fact.data.held_on is not None and fact.data.held_on <= day]
    numbers = [session.congress_number for session in by_then if session.congress_number]
    return numbers[-1] if numbers else (town.congress_number if town else None)
