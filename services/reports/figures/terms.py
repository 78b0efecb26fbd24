"""Days of the terms of a congress, by the roster."""

from services.reports.domain.periods import Days, term_days
from services.reports.events_in import Term
from services.reports.figures.ledger import Ledger


def terms(ledger: Ledger) -> dict[int, Days]:
    """Days of each term by number of the congress, by the roster."""
    known = (fact.data for fact in ledger.by_id(Term).values())
    return {
        term.congress_number: term_days(term.started_on, term.ended_on)
        for term in known
        if term.congress_number is not None and term.started_on is not None
    }
