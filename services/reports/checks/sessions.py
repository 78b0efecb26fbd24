"""Findings about sessions of the congress: holding, calling, quorum, majorities, business, absences."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from services.reports.checks.draft import Books, Case, Draft, finding, together
from services.reports.checks.expected import years
from services.reports.events_in import Session
from services.reports.figures.absences import missed
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.year import Year
from services.reports.notation import full_day_text, numeral, session_name

PROPOSERS: Final = 5
"""Minimum number of deputies who propose a motion (组织法 2022 Art. 22)."""


def sessions(books: Books) -> Iterator[Draft]:
    held = books.year.sessions
    for expectation in books.short("congress.none"):
        if not held:
            yield finding(
                "congress.none",
                f"统计期内没有举行{books.year.rank}人民代表大会会议的记录，法律规定每年至少举行一次。",
            )
        elif len(held) < years(books.year):
            message = (
                f"统计期内只举行了{len(held)}次{books.year.rank}人民代表大会会议，法律规定每年至少举行一次。"
            )
            yield finding("congress.none", message, held)
        else:
            message = f"统计期内只举行了{expectation.recorded}次{books.year.rank}人民代表大会会议，一般每年举行两次。"
            yield finding("congress.once", message, held)
    yield from _number_gaps(books.year)
    for fact in held:
        yield from _validity(books.year, fact)


def _number_gaps(year: Year) -> Iterator[Draft]:
    """Gaps in the numbers of sessions of a congress, which run through its term."""
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
            yield finding("congress.number_gap", message, [before, after], key=number, day=after.data.held_on)


def _validity(year: Year, fact: LedgerFact[Session]) -> Iterator[Draft]:
    """Quorum of two thirds, majority of all deputies for elections and decisions."""
    session, turnout = fact.data, year.turnout(fact.data)
    name, base = session_name(session), len(turnout.expected)
    if year.rules_on(session.held_on or year.as_of).suspended_in_base:
        base += len(year.suspended("town", day=session.held_on))
    quorum = -(-2 * base // 3)
    if turnout.recorded and len(turnout.present) + len(turnout.not_recorded) < quorum:
        message = f"{name}全体代表{base}名，法定人数{quorum}名，实到{len(turnout.present)}名，不足法定人数。"
        yield finding("congress.quorum", message, [fact], key=session.session_number, day=session.held_on)
    for what, matter, carried in session.voted():
        if carried and matter.votes is not None and matter.votes * 2 <= base:
            message = f"{name}{what}登记{matter.votes}票，未超过全体代表{base}名的半数。"
            yield finding(
                "congress.majority",
                message,
                [fact],
                key=f"{session.session_number}/{what}",
                day=session.held_on,
            )


def calling(books: Books) -> Iterator[Draft]:
    """Notice and papers in time where the rule pack requires it; postponement with a reason; sessions that go on."""
    for fact in books.year.sessions:
        session, name, number = fact.data, session_name(fact.data), fact.data.session_number
        rules = books.year.rules_on(session.held_on or books.year.as_of)
        asked = (
            ("congress.notice", "通知代表", session.notice_on, rules.session_notice_days),
            ("congress.papers", "将会议材料送达代表", session.papers_on, rules.session_papers_days),
        )
        for rule, what, day, required_days in asked:
            if required_days and day is None:
                message = f"{name}没有登记何时{what}，规定会前{required_days}天以前。"
                yield finding(rule, message, [fact], key=number, day=session.held_on)
            elif (
                required_days
                and day
                and session.held_on
                and (days := (session.held_on - day).days) < required_days
            ):
                message = f"{name}于会前{max(days, 0)}天{what}，规定会前{required_days}天以前。"
                yield finding(rule, message, [fact], key=number, day=session.held_on)
        if session.ended_on is not None and session.ended_on > books.year.as_of:
            message = (
                f"{name}登记于{full_day_text(session.ended_on)}闭会，截止日尚在会期之中，会期算到截止日。"
            )
            yield finding("congress.unfinished", message, [fact], key=number, day=session.held_on)
        moved = session.planned_on and session.held_on and session.planned_on < session.held_on
        if moved and not session.postponed_reason:
            message = f"{name}晚于原定日期举行，没有登记推迟原因。"
            yield finding("congress.postponed", message, [fact], key=number, day=session.held_on)


def business(books: Books) -> Iterator[Draft]:
    """Motions with too few proposers; observers that do not add up."""
    for fact in books.year.sessions:
        session, name, number = fact.data, session_name(fact.data), fact.data.session_number
        for motion in session.motions:
            signed = len(set(motion.proposers))
            if motion.proposed_by == "deputies" and signed < PROPOSERS:
                message = f"{name}议案“{motion.title}”登记联名代表{signed}名，法律规定{PROPOSERS}名以上。"
                yield finding(
                    "congress.motion", message, [fact], key=f"{number}/{motion.title}", day=session.held_on
                )
        by_kind = sum(observers.count for observers in session.observer_kinds)
        if session.observer_kinds and session.observers is not None and session.observers != by_kind:
            message = f"{name}登记列席{session.observers}名，各类列席人员合计{by_kind}名。"
            yield finding("congress.observers", message, [fact], key=number, day=session.held_on)


def absences(books: Books) -> Iterator[Draft]:
    """Deputies absent once in one finding; those absent twice each in one, with the sessions."""
    listed = missed(books.year)
    once: list[Case] = [(s[0].data.held_on, (deputy, *s)) for deputy, s in listed if len(s) == 1]
    message = f"有{{}}名在任{books.year.rank}代表本届内有1次未经批准不出席代表大会会议，再有1次即须提请核实。"
    yield from together(books, "congress.absent_once", message, once)
    for deputy, sessions in listed:
        if len(sessions) > 1:
            names = "、".join(session_name(fact.data) for fact in sessions)
            message = (
                f"{books.year.name_of(deputy.data)}本届内有{len(sessions)}次未经批准不出席代表大会会议（{names}），"
                "请代表资格审查委员会核实并向代表大会报告；是否终止资格由代表大会依法公告。"
            )
            key = f"{deputy.data.constituency}/{books.year.name_of(deputy.data)}"
            day = sessions[-1].data.held_on
            yield finding("congress.absent_twice", message, [deputy, *sessions], key=key, day=day)
