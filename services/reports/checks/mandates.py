"""Findings about the start and end of mandates: resignations, terms, tasks, by-elections."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.reports.checks.draft import Books, Case, Draft, finding, together
from services.reports.events_in import ByElection, Resignation, Task, Term
from services.reports.figures import changes
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.terms import ended_on, term_on
from services.reports.figures.year import Year
from services.reports.names import TASKS
from services.reports.notation import full_day_text

_GIVEN_UP = ("resigned", "ordered_resignation")


def resignations(books: Books) -> Iterator[Draft]:
    """Resignations must be accepted by the congress in session (选举法 Art. 55)."""
    year = books.year
    asked = [
        (f, [r.requested_on for r in f.data.resignations if _pends(r, year.as_of)])
        for f in year.serving("town")
    ]
    waiting = ((days[0], [f]) for f, days in asked if days)
    message = (
        f"有{{}}名{year.rank}代表提出辞职，截至{year.dated(year.as_of)}{year.rank}人民代表大会尚未决定。"
    )
    yield from together(books, "deputies.resignation_pending", message, waiting)
    given_up = [f for f in changes.ended(year) if f.data.level == "town" and f.data.ended_reason in _GIVEN_UP]
    accepted = {f.data.id: [r for r in f.data.resignations if r.outcome == "accepted"] for f in given_up}
    unaccepted = ((f.data.ended_on, [f]) for f in given_up if not accepted[f.data.id])
    message = f"有{{}}名{year.rank}代表因辞职终止资格，没有登记{year.rank}人民代表大会接受辞职。"
    yield from together(books, "deputies.resignation_unaccepted", message, unaccepted)
    outside = [(f, [r for r in accepted[f.data.id] if not _in_session(year, r.settled_on)]) for f in given_up]
    between = ((settled[0].settled_on, [f]) for f, settled in outside if settled)
    message = f"有{{}}名{year.rank}代表的辞职在登记接受的当日没有{year.rank}人民代表大会会议。"
    yield from together(books, "deputies.resignation_between_sessions", message, between)


def terms(books: Books) -> Iterator[Draft]:
    """Mandates must start and end with the term, from its first session to that of the next (地方组织法 Art. 9)."""
    year = books.year
    known = year.ledger.sorted(Term, lambda term: term.congress_number or 0)
    for fact in known:
        term, number = fact.data, fact.data.congress_number
        first = [s for s in year.sessions if (s.data.congress_number, s.data.session_number) == (number, 1)]
        held_on = first[0].data.held_on if first else None
        if held_on is not None and term.started_on != held_on:
            day = full_day_text(term.started_on) if term.started_on else "（未登记）"
            message = f"第{number}届登记自{day}开始，该届第一次会议于{full_day_text(held_on)}举行。"
            yield finding("terms.first_session", message, [fact, *first], key=number, day=held_on)
        ended = ended_on(term, [other.data for other in known])
        if ended is None or ended > year.as_of:
            continue
        left = [f for f in year.serving("town") if f.data.congress_number == number]
        if left:
            message = f"第{number}届已于{full_day_text(ended)}届满，仍有{len(left)}名该届{year.rank}代表登记为在任。"
            yield finding("terms.over", message, [fact, *left], key=number, day=ended)
    yield from _of_another_term(year)


def _of_another_term(year: Year) -> Iterator[Draft]:
    """Sessions numbered in a term that was over, or had not begun; of a first one `terms.first_session` tells."""
    for fact in year.sessions:
        session, held_on = fact.data, fact.data.held_on
        term = term_on(year.ledger, held_on) if held_on is not None else None
        if held_on is None or term is None or session.session_number == 1:
            continue
        number, of_day = session.congress_number, term.data.congress_number
        if number not in (None, of_day):
            name = f"第{number}届第{session.session_number}次会议"
            message = f"{name}登记于{full_day_text(held_on)}举行，当日是第{of_day}届任期。"
            key = f"{number}-{session.session_number}"
            yield finding("terms.session", message, [fact, term], key=key, day=held_on)


def abolished(books: Books) -> Iterator[Draft]:
    """Mandates end with the town, and are ended by people; what was held afterwards was held by another."""
    town, year = books.year.town, books.year
    if town is None or town.data.abolished_on is None or town.data.abolished_on > books.year.as_of:
        return
    left = [*books.year.serving("town"), *books.year.suspended("town")]
    if left:
        day = town.data.abolished_on
        message = f"{town.data.name}已于{full_day_text(day)}撤销，仍有{len(left)}名{books.year.rank}代表登记为在任。"
        yield finding("town.abolished", message, [town, *left], day=day)
    since = town.data.abolished_on
    held: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings]
    held += [*year.all_activities, *year.rating_meetings]
    if after := [fact for fact in held if fact.data.held_on is not None and fact.data.held_on >= since]:
        message = (
            f"{town.data.name}已于{full_day_text(since)}撤销，有{len(after)}场会议、活动登记在撤销以后举行。"
        )
        yield finding("town.abolished", message, [town, *after], key="held", day=since)


def tasks(books: Books) -> Iterator[Draft]:
    """Open tasks of the committee on credentials, which reports to the congress (代表法 Art. 63)."""
    as_of = books.year.as_of
    waiting = [
        fact
        for fact in books.year.ledger.sorted(Task, lambda task: (by_date(task.opened_on), task.kind))
        if fact.data.opened_on is not None
        and fact.data.opened_on <= as_of
        and (fact.data.settled_on is None or fact.data.settled_on > as_of)
    ]
    yield from together(books, "tasks.open", _waiting, ((fact.data.opened_on, [fact]) for fact in waiting))


def _waiting(cases: list[Case]) -> str:
    kinds = [fact.data.kind for _, [fact] in cases]
    parts = [f"{word}{kinds.count(kind)}件" for kind, word in TASKS.items() if kind in kinds]
    return f"代表资格审查委员会有{len(cases)}件事项尚未办结（{'、'.join(parts)}）。"


def by_elections(books: Books) -> Iterator[Draft]:
    year = books.year
    order = year.ledger.sorted(
        ByElection, lambda by_election: (by_date(by_election.held_on), by_election.constituency)
    )
    held = [fact for fact in order if year.within(fact.data.held_on)]
    lacking = (
        (f.data.held_on, [f]) for f in held if None in (f.data.seats, f.data.voters, f.data.votes_cast)
    )
    message = "有{}次补选的名额、选民数或者投票人数没有登记，是否有效无从核对。"
    yield from together(books, "by_election.incomplete", message, lacking)
    for fact in held:
        seats, elected = fact.data.seats, len(fact.data.elected)
        if seats is not None and elected < seats:
            message = f"{fact.data.constituency}补选应选{seats}名，登记当选{elected}名。"
            key, day = fact.data.constituency, fact.data.held_on
            yield finding("by_election.short", message, [fact], key=key, day=day)
    chosen = [f for f in changes.by_elected(year) if f.data.level == "town" and not f.data.by_election_id]
    if order:
        unnamed = ((f.data.started_on, [f]) for f in chosen)
        message = f"有{{}}名补选产生的{year.rank}代表没有注明是哪一次补选。"
        yield from together(books, "by_election.unnamed", message, unnamed)


def _pends(resignation: Resignation, day: date) -> bool:
    asked = resignation.requested_on
    settled = resignation.settled_on
    return asked is not None and asked <= day and (settled is None or day < settled)


def _in_session(year: Year, day: date | None) -> bool:
    return any(
        s.data.held_on is not None
        and day is not None
        and s.data.held_on <= day <= (s.data.ended_on or s.data.held_on)
        for s in year.sessions
    )
