"""Terms of the congress (届), from first session to first session (地方组织法 Art. 9, 代表法 2025 Art. 2)."""

from collections.abc import Iterable
from datetime import date

from services.roster.domain.dated import not_after
from services.roster.domain.deputyships import Deputyship
from shared.storage.work import Record


class Term(Record):
    """From the day of its first session to that of the next term's, which is `ended_on`, once known."""

    congress_number: int
    started_on: date
    ended_on: date | None = None
    quota: int | None = None
    population: int | None = None


def check_order(term: Term, others: Iterable[Term]) -> None:
    """A term must not end after the next begins. Errors: ImpossibleDate."""
    if term.ended_on is not None:
        not_after(term.started_on, term.ended_on, "本届开始", "body.ended_on")
    for other in others:
        if other.congress_number < term.congress_number:
            not_after(other.ended_on or other.started_on, term.started_on, "上届", "body.started_on")
        elif other.congress_number > term.congress_number:
            not_after(term.ended_on or term.started_on, other.started_on, "本届", "body.ended_on")


def ends_with(deputyship: Deputyship, term: Term) -> bool:
    """Whether a mandate is one of the term that is not over."""
    return (
        deputyship.level == "town"
        and deputyship.congress_number == term.congress_number
        and deputyship.status in ("serving", "suspended")
    )


def term_on(terms: Iterable[Term], day: date) -> Term | None:
    """The term that contains a day; a term without a recorded end lasts until the next begins."""
    started = [term for term in terms if term.started_on <= day]
    latest = max(started, key=lambda term: term.congress_number, default=None)
    if latest is None or (latest.ended_on is not None and latest.ended_on <= day):
        return None
    return latest
