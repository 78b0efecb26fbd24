"""Figures of what sessions voted on: numbers of votes, officials, nominations, budgets, questions."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from services.reports.events_in import Question, Session, SessionReport, Voted
from services.reports.figures.definition import Definition, FigureKind, Measured, refs, total
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year

RESIGNED: Final = re.compile("接受.*辞")
REMOVED: Final = re.compile("罢免")
_OF_DEPUTIES: Final = re.compile("代表(职务|资格|的)")
"""Titles of resolutions about mandates of deputies, which the roster records."""


def voted(year: Year) -> Iterator[Voted]:
    for fact in year.sessions:
        yield from (votes for _, votes, _ in fact.data.voted())


def _counted(year: Year) -> Measured:
    return Measured(sum(matter.votes is not None for matter in voted(year)), refs(year.sessions))


def _cast(field: str) -> Callable[[Year], Measured]:
    """Σ of one kind of votes; missing where matters were voted on and none has it."""

    def measure(year: Year) -> Measured:
        numbers = [getattr(matter, field) for matter in voted(year)]
        if numbers and all(n is None for n in numbers):
            return Measured.missing(refs(year.sessions))
        return Measured(sum(n or 0 for n in numbers), refs(year.sessions))

    return measure


def said_by_title(year: Year, says: re.Pattern[str]) -> list[LedgerFact[Session]]:
    """Sessions with a resolution whose title says that an official resigned or was removed."""
    return [
        fact
        for fact in year.sessions
        if any(says.search(r.title) and not _OF_DEPUTIES.search(r.title) for r in fact.data.resolutions)
    ]


def _officials(
    amount: Callable[[Session], tuple[object, ...]], says: re.Pattern[str]
) -> Callable[[Year], Measured]:
    """Σ of parts of sessions; missing where only the title of a resolution says that there was one."""

    def measure(year: Year) -> Measured:
        number = sum(len(amount(fact.data)) for fact in year.sessions)
        titled = [] if number else said_by_title(year, says)
        return Measured.missing(refs(titled)) if titled else Measured(number, refs(year.sessions))

    return measure


def _removed(year: Year) -> Measured:
    results = [removal.passed for fact in year.sessions for removal in fact.data.removals]
    if not results and (titled := said_by_title(year, REMOVED)):
        return Measured.missing(refs(titled))
    if results and all(passed is None for passed in results):
        return Measured.missing(refs(year.sessions))
    return Measured(results.count(True), refs(year.sessions))


def _nominated(by: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        nominated = [election.nominated_by for fact in year.sessions for election in fact.data.elections]
        if nominated and not any(nominated):
            return Measured.missing(refs(year.sessions))
        return Measured(nominated.count(by), refs(year.sessions))

    return measure


def budgets(session: Session) -> list[SessionReport]:
    """Budgets, adjustments and final accounts that a session approved."""
    return [report for report in session.reports if report.kind == "budget" and report.adopted]


def _published(year: Year) -> Measured:
    return total(
        year.sessions, lambda s: sum(by_now(report.published_on, year.as_of) for report in budgets(s))
    )


def by_now(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of


def _asked(kind: str) -> Callable[[Year], Measured]:
    return lambda year: total(year.sessions, lambda s: sum(question.kind == kind for question in s.questions))


def answered(questions: tuple[Question, ...], as_of: date) -> int:
    return sum(by_now(question.answered_on, as_of) for question in questions)


_HELD = "统计期内各次会议"

DEFINITIONS = (
    Definition(
        "congress.counted_votes",
        "登记票数的表决和选举",
        f"{_HELD}的选举、决议、报告、接受辞职和罢免案中，登记了赞成票数的项数。",
        "项",
        FigureKind.COUNT,
        _counted,
    ),
    Definition(
        "congress.against",
        "反对票",
        f"{_HELD}的选举、决议、报告、接受辞职和罢免案登记的反对票之和；有表决事项而均未登记的为缺数据。",
        "票",
        FigureKind.SUM,
        _cast("against"),
    ),
    Definition(
        "congress.abstained",
        "弃权票",
        f"{_HELD}的选举、决议、报告、接受辞职和罢免案登记的弃权票之和；有表决事项而均未登记的为缺数据。",
        "票",
        FigureKind.SUM,
        _cast("abstained"),
    ),
    Definition(
        "officials.resigned",
        "接受辞职的国家机关工作人员",
        f"{_HELD}登记的接受本级人大主席、副主席和人民政府正职、副职辞职的人次之和；代表辞职不在其内；只有决议名称说到、没有逐人登记的为缺数据。",
        "名",
        FigureKind.SUM,
        _officials(lambda s: s.resignations_accepted, RESIGNED),
    ),
    Definition(
        "officials.removal_motions",
        "罢免案件数",
        f"{_HELD}登记的对本级国家机关工作人员的罢免案件数之和；只有决议名称说到、没有登记的为缺数据。",
        "件",
        FigureKind.SUM,
        _officials(lambda s: s.removals, REMOVED),
    ),
    Definition(
        "officials.removed",
        "被罢免的国家机关工作人员",
        f"{_HELD}的罢免案中登记为通过的件数；有罢免案而均未登记结果的为缺数据。",
        "名",
        FigureKind.SUM,
        _removed,
    ),
    Definition(
        "nominations.presidium",
        "主席团提名当选的人选",
        f"{_HELD}选举的人员中登记由主席团提名的人次；有选举而均未登记提名的为缺数据。",
        "名",
        FigureKind.COUNT,
        _nominated("presidium"),
    ),
    Definition(
        "nominations.deputies",
        "代表联合提名当选的人选",
        f"{_HELD}选举的人员中登记由代表联合提名的人次；有选举而均未登记提名的为缺数据。",
        "名",
        FigureKind.COUNT,
        _nominated("deputies"),
    ),
    Definition(
        "budget.approved",
        "批准的预算和决算",
        f"{_HELD}登记为财政预算报告且已通过的报告项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(budgets(s))),
    ),
    Definition(
        "budget.published",
        "已向社会公开的预算和决算",
        "批准的预算和决算中，截止日（含）以前登记公开日期的项数。",
        "项",
        FigureKind.SUM,
        _published,
    ),
    Definition(
        "questions.interpellations",
        "质询案件数",
        f"{_HELD}登记的质询案件数之和。",
        "件",
        FigureKind.SUM,
        _asked("interpellation"),
    ),
    Definition(
        "questions.inquiries",
        "询问件数",
        f"{_HELD}登记的代表询问件数之和；专题询问另计。",
        "件",
        FigureKind.SUM,
        _asked("inquiry"),
    ),
    Definition(
        "questions.asked",
        "质询案和询问件数",
        f"{_HELD}登记的质询案和代表询问件数之和；专题询问另计。",
        "件",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.questions)),
    ),
    Definition(
        "questions.answered",
        "已答复的质询案和询问",
        f"{_HELD}登记的质询案和询问中，截止日（含）以前登记答复日期的件数。",
        "件",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: answered(s.questions, y.as_of)),
    ),
)
