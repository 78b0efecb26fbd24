"""Findings about budgets that are not published, and questions to the government that are not answered."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import Session
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.votes import budgets, by_now
from services.reports.notation import full_day_text, session_name

PUBLISHED_DAYS: Final = 20
"""Days after approval in which a budget is published (预算法 Art. 14)."""
ASKERS: Final = 10
"""Minimum number of deputies of an interpellation (组织法 2022 Art. 24)."""


def budget(books: Books) -> Iterator[Draft]:
    """A year's sessions without a budget; approved budgets that were not published in time."""
    year = books.year
    for expectation in books.short("budget.none"):
        said = any("预算" in report.title for fact in year.sessions for report in fact.data.reports)
        hint = "，有报告的名称说到预算，请把类型写为财政预算报告并登记是否通过" if said else ""
        message = f"统计期内的会议没有登记审查批准预算{hint}。"
        yield finding("budget.none", message, expectation.held or year.sessions)
    held = year.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
    for fact in held:
        yield from _unpublished(books, fact)


def _unpublished(books: Books, fact: LedgerFact[Session]) -> Iterator[Draft]:
    """Where the last day of publication lies in the period; the session may have been held before it."""
    year, session = books.year, fact.data
    approved_on = session.ended_on or session.held_on
    by = approved_on + timedelta(days=PUBLISHED_DAYS) if approved_on else None
    if by is None or not year.start <= by < year.as_of:
        return
    for report in budgets(session):
        on = report.published_on
        if by_now(on, by):
            continue
        told = f"{full_day_text(on)}才公开" if on and on <= year.as_of else "没有登记公开日期"
        message = (
            f"{session_name(session)}批准的“{report.title}”应于{full_day_text(by)}前向社会公开，{told}。"
        )
        key = f"{session.congress_number}-{session.session_number}/{report.title}"
        yield finding("budget.unpublished", message, [fact], key=key, day=by)


def questions(books: Books) -> Iterator[Draft]:
    for fact in books.year.sessions:
        session, name = fact.data, session_name(fact.data)
        for question in session.questions:
            key = f"{session.session_number}/{question.unit}/{question.text[:20]}"
            label = "质询案" if question.kind == "interpellation" else "询问"
            about = f"{name}对{question.unit}的{label}“{question.text[:30]}”"
            signed = len(set(question.askers))
            if not by_now(question.answered_on, books.year.as_of):
                message = f"{about}没有登记答复。"
                yield finding("questions.unanswered", message, [fact], key=key, day=session.held_on)
            if question.kind != "interpellation":
                continue
            if signed < ASKERS:
                message = f"{about}登记联名代表{signed}名，法律规定{ASKERS}名以上。"
                yield finding("questions.few", message, [fact], key=key, day=session.held_on)
            again = by_now(question.answered_again_on, books.year.as_of)
            if question.dissatisfied is not None and question.dissatisfied * 2 > signed > 0 and not again:
                message = (
                    f"{about}有{question.dissatisfied}名提出人对答复不满意，超过半数，没有登记再次答复。"
                )
                yield finding("questions.again", message, [fact], key=key, day=session.held_on)
