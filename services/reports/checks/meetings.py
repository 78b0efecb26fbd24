"""Findings about sessions of the congress and meetings of its presidium."""

from collections.abc import Iterator
from itertools import pairwise

from services.reports.checks.draft import Books, Draft, found
from services.reports.events_in import Session
from services.reports.figures.ledger import Fact, by_date
from services.reports.figures.year import Year
from services.reports.words import (
    day_text,
    numeral,
    quarter_end,
    quarter_ends,
    quarter_of,
    quarter_text,
    session_name,
)


def sessions(books: Books) -> Iterator[Draft]:
    held = books.year.sessions
    if not held:
        yield found("congress.none", "统计期内没有举行镇人民代表大会会议的记录，法律规定每年至少举行一次。")
    elif len(held) == 1:
        yield found("congress.once", "统计期内只举行了1次镇人民代表大会会议，一般每年举行两次。", held)
    yield from _number_gaps(books.year)
    for fact in held:
        yield from _validity(books.year, fact)


def _number_gaps(year: Year) -> Iterator[Draft]:
    """Sessions of a congress are numbered 1, 2, 3 … through its term, across years."""
    dated = year.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
    numbered = [fact for fact in dated if fact.data.session_number]
    for before, after in pairwise(numbered):
        if before.data.congress_number != after.data.congress_number or not year.within(after.data.held_on):
            continue
        last, number = before.data.session_number or 0, after.data.session_number or 0
        if number != last + 1:
            message = (
                f"{session_name(after.data)}之前登记的是第{numeral(last)}次会议，会议次序不连续，"
                f"应为第{numeral(last + 1)}次。"
            )
            yield found("congress.number_gap", message, [before, after], key=number)


def _validity(year: Year, fact: Fact[Session]) -> Iterator[Draft]:
    """Two thirds of the deputies to meet, more than half of all of them to elect."""
    session, turnout = fact.data, year.turnout(fact.data)
    name, base = session_name(session), len(turnout.expected)
    if year.rules_on(session.held_on or year.as_of).suspended_in_base:
        base += len(year.suspended("town", day=session.held_on))
    quorum = -(-2 * base // 3)
    if turnout.recorded and len(turnout.present) + len(turnout.not_recorded) < quorum:
        message = f"{name}全体代表{base}名，法定人数{quorum}名，实到{len(turnout.present)}名，不足法定人数。"
        yield found("congress.quorum", message, [fact], key=session.session_number)
    for election in session.elections:
        if election.votes is not None and election.votes * 2 <= base:
            message = f"{name}选举{election.post}登记{election.votes}票，未超过全体代表{base}名的半数。"
            yield found("congress.majority", message, [fact], key=f"{session.session_number}/{election.post}")


def presidium(books: Books) -> Iterator[Draft]:
    year = books.year
    current = quarter_of(year.as_of)
    for number in range(1, current + 1):
        held = [m for m in year.presidium_meetings if m.data.held_on and quarter_of(m.data.held_on) == number]
        over = number < current or quarter_ends(year.as_of)
        last = quarter_end(year.year, number) if number < current else year.as_of
        wanted = year.rules_on(last).presidium_meetings_per_quarter
        name = quarter_text(number) + ("" if over else f"截至{day_text(year.as_of)}")
        if wanted and not held:
            yield found("presidium.quarter", f"{name}没有召开主席团会议的记录。", key=number)
        elif len(held) < wanted:
            message = f"{name}召开主席团会议{len(held)}次，规定每季度不少于{wanted}次。"
            yield found("presidium.quarter_few", message, held, key=number)
    yield from _open_decisions(year)


def _open_decisions(year: Year) -> Iterator[Draft]:
    late = [
        fact
        for fact in year.presidium_meetings
        for decision in fact.data.decisions
        if decision.due_on is not None
        and decision.due_on < year.as_of
        and (decision.done_on is None or decision.done_on > year.as_of)
    ]
    if late:
        yield found("presidium.decision_open", f"主席团议定事项中有{len(late)}项已到期而未登记落实。", late)
