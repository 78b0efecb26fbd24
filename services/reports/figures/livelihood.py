"""Figures of livelihood projects (民生实事): the vote by its session, the work by the year it is for."""

from collections.abc import Callable
from datetime import date
from itertools import chain

from services.reports.events_in import LivelihoodProject, Session
from services.reports.figures.definition import Definition, FigureKind, Measured, rate, refs, total
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.votes import by_now
from services.reports.figures.year import Year

Chosen = tuple[LedgerFact[Session], LivelihoodProject]
OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied")


def _with_projects(year: Year) -> list[LedgerFact[Session]]:
    return [fact for fact in year.sessions if fact.data.livelihood_projects]


def _chosen_at_sessions(year: Year) -> Measured:
    voted = _with_projects(year)
    results = [project.chosen for fact in voted for project in fact.data.livelihood_projects]
    if results and all(chosen is None for chosen in results):
        return Measured.missing(refs(voted))
    return Measured(results.count(True), refs(year.sessions))


def _ballots(field: str) -> Callable[[Year], Measured]:
    return lambda year: total(_with_projects(year), lambda s: getattr(s.livelihood_vote, field))


def of_the_years(year: Year) -> list[Chosen]:
    """Projects chosen by `as_of`, at whatever session, that are for the calendar years of the period."""
    held = year.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
    return [
        (fact, project)
        for fact in held
        if by_now(fact.data.held_on, year.as_of)
        for project in fact.data.livelihood_projects
        if project.chosen and _year_of(project, fact.data.held_on) in year.years
    ]


def _year_of(project: LivelihoodProject, held_on: date | None) -> int | None:
    return project.year or (held_on.year if held_on else None)


def done(year: Year) -> list[Chosen]:
    return [chosen for chosen in of_the_years(year) if by_now(chosen[1].done_on, year.as_of)]


def rated(year: Year) -> list[Chosen]:
    """Those whose satisfaction was counted by `as_of`."""
    return [
        (fact, project)
        for fact, project in of_the_years(year)
        if by_now(project.rated_on, year.as_of) and project.satisfied is not None
    ]


def _number(select: Callable[[Year], list[Chosen]]) -> Callable[[Year], Measured]:
    return lambda year: Measured(len(select(year)), refs(fact for fact, _ in of_the_years(year)))


def _open(year: Year) -> list[Chosen]:
    return [chosen for chosen in of_the_years(year) if not by_now(chosen[1].done_on, year.as_of)]


def _done_rate(year: Year) -> Measured:
    chosen = of_the_years(year)
    return rate(len(done(year)), len(chosen), refs(fact for fact, _ in chosen))


def _satisfied_rate(year: Year) -> Measured:
    projects = [project for _, project in rated(year)]
    votes = list(chain.from_iterable((getattr(p, option) or 0 for option in OPTIONS) for p in projects))
    satisfied = sum(project.satisfied or 0 for project in projects)
    return rate(satisfied, sum(votes), refs(fact for fact, _ in rated(year)))


_VOTED = "统计期内各次会议登记的民生实事候选项目"
_PROJECTS = (
    "截止日（含）以前的会议选定、统计期所在年度办理的民生实事项目（写明年度的以所写为准，没有写的为会议当年）"
)

DEFINITIONS = (
    Definition(
        "livelihood.candidates",
        "民生实事候选项目",
        f"{_VOTED}项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.livelihood_projects)),
    ),
    Definition(
        "livelihood.chosen",
        "票决选定的民生实事项目",
        f"{_VOTED}中登记为选定的项数之和；有候选项目而均未登记是否选定的为缺数据。",
        "项",
        FigureKind.SUM,
        _chosen_at_sessions,
    ),
    Definition(
        "livelihood.issued",
        "民生实事票决发出票",
        "统计期内有民生实事候选项目的会议发出的表决票之和；均未登记的为缺数据。",
        "张",
        FigureKind.SUM,
        _ballots("issued"),
    ),
    Definition(
        "livelihood.returned",
        "民生实事票决收回票",
        "统计期内有民生实事候选项目的会议收回的表决票之和；均未登记的为缺数据。",
        "张",
        FigureKind.SUM,
        _ballots("returned"),
    ),
    Definition(
        "livelihood.valid",
        "民生实事票决有效票",
        "统计期内有民生实事候选项目的会议收回的有效表决票之和；均未登记的为缺数据。",
        "张",
        FigureKind.SUM,
        _ballots("valid"),
    ),
    Definition(
        "livelihood.projects",
        "年度民生实事项目",
        f"{_PROJECTS}项数。",
        "项",
        FigureKind.COUNT,
        _number(of_the_years),
    ),
    Definition(
        "livelihood.done",
        "已完成的民生实事项目",
        "年度民生实事项目中，截止日（含）以前登记完成日期的项数。",
        "项",
        FigureKind.COUNT,
        _number(done),
    ),
    Definition(
        "livelihood.open",
        "尚未完成的民生实事项目",
        "年度民生实事项目中，截止日（含）以前没有登记完成日期的项数。",
        "项",
        FigureKind.COUNT,
        _number(_open),
    ),
    Definition(
        "livelihood.done_rate",
        "民生实事项目完成率",
        "已完成的民生实事项目÷年度民生实事项目。",
        "",
        FigureKind.RATE,
        _done_rate,
    ),
    Definition(
        "livelihood.rated",
        "已测评的民生实事项目",
        "年度民生实事项目中，截止日（含）以前登记了满意度测评日期和满意票数的项数。",
        "项",
        FigureKind.COUNT,
        _number(rated),
    ),
    Definition(
        "livelihood.satisfied_rate",
        "民生实事项目满意率",
        "已测评的民生实事项目所得满意票之和÷满意、基本满意、不满意票之和；弃权票不在其内。",
        "",
        FigureKind.RATE,
        _satisfied_rate,
    ),
)
