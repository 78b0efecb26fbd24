"""Findings about special inquiries and reviews: questions without answers, open promises, ballots that cannot be."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from services.reports.checks.draft import Books, Case, Draft, finding, together
from services.reports.figures.inquiries import OPTIONS
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.votes import by_now


def inquiries(books: Books) -> Iterator[Draft]:
    """Questions not answered, and promises due and not kept, each in one finding."""
    year = books.year
    asked = [(f, question) for f in year.activities("inquiry") for question in f.data.questions]
    silent: list[Case] = [
        (fact.data.held_on, [fact]) for fact, q in asked if not by_now(q.answered_on, year.as_of)
    ]
    yield from together(books, "inquiries.unanswered", "专题询问有{}个问题没有登记答复。", silent)
    late: list[Case] = [
        (q.due_on, [fact])
        for fact, q in asked
        if q.promise and by_now(q.due_on, year.as_of) and not by_now(q.done_on, year.as_of)
    ]
    yield from together(
        books, "inquiries.promise_open", "专题询问中承诺的事项有{}个已到期而未登记落实。", late
    )
    for expectation in books.short("inquiries.none"):
        message = f"规则包规定每年专题询问{expectation.required}次，登记{expectation.recorded}次。"
        yield finding("inquiries.none", message, expectation.records)


def ballots(books: Books) -> Iterator[Draft]:
    """Ballots on a unit: issued ≥ returned ≥ all votes, and no more than people who may have been there."""
    for fact in (*books.year.activities("inquiry"), *books.year.activities("review")):
        for unit in fact.data.units:
            issued = [n for n in (unit.issued, unit.returned) if n is not None]
            votes = [n for field in (*OPTIONS, "abstained") if (n := getattr(unit, field)) is not None]
            counted = [*issued, *([sum(votes)] if votes else [])]
            key = f"{fact.data.held_on}/{unit.name}"
            if any(fewer > more for more, fewer in pairwise(counted)):
                message = f"对{unit.name}的测评票数不平：须发出≥收回≥满意、基本满意、不满意、弃权之和。"
                yield finding("reviews.ballots", message, [fact], key=key, day=fact.data.held_on)
            most = _most(books, fact)
            if most is not None and counted and max(counted) > most:
                message = f"对{unit.name}的测评登记{max(counted)}票，到会的最多{most}名。"
                yield finding("reviews.voters", message, [fact], key=key, day=fact.data.held_on)


def _most(books: Books, fact: LedgerFact[Any]) -> int | None:
    """Deputies who came or may have come, and voters invited; None where nobody recorded who came."""
    if not fact.data.attendance.recorded:
        return None
    turnout = books.year.turnout(fact.data)
    return len(turnout.attended) + len(turnout.not_recorded) + (fact.data.voters_count or 0)
