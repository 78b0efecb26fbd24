"""Findings about livelihood projects: an unclear result of the vote, work that is not done, ratings by too many."""

from collections.abc import Iterator
from datetime import date

from services.reports.checks.draft import Books, Draft, finding
from services.reports.checks.votes import voters
from services.reports.events_in import LivelihoodProject, Session
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.livelihood import OPTIONS, done, of_the_years, rated
from services.reports.notation import full_day_text, session_name


def livelihood(books: Books) -> Iterator[Draft]:
    for fact in books.year.sessions:
        yield from _result(books, fact)
    yield from _undone(books)
    yield from _overrated(books)


def _result(books: Books, fact: LedgerFact[Session]) -> Iterator[Draft]:
    session, name = fact.data, session_name(fact.data)
    projects = session.livelihood_projects
    chosen = [project for project in projects if project.chosen]
    most = session.livelihood_vote.to_choose
    if projects and not chosen:
        message = f"{name}登记民生实事候选项目{len(projects)}项，没有登记选定了哪些。"
        yield _unclear(fact, message)
    if most is not None and len(chosen) > most:
        yield _unclear(fact, f"{name}民生实事应选{most}项，登记选定{len(chosen)}项。")
    if passed_over := _passed_over(projects):
        yield _unclear(fact, f"{name}民生实事项目“{passed_over.title}”得票多于选定的项目而没有选定。")
    base = len(books.year.turnout(session).expected)
    for project in chosen:
        if project.votes is not None and project.votes * 2 <= base:
            message = f"{name}选定的民生实事项目“{project.title}”得{project.votes}票，未超过全体代表{base}名的半数。"
            key = f"{session.session_number}/{project.title}"
            yield finding("livelihood.majority", message, [fact], key=key, day=session.held_on)


def _unclear(fact: LedgerFact[Session], message: str) -> Draft:
    return finding("livelihood.result", message, [fact], key=fact.data.session_number, day=fact.data.held_on)


def _passed_over(projects: tuple[LivelihoodProject, ...]) -> LivelihoodProject | None:
    """A project that was not chosen and has more votes than a chosen one."""
    fewest = min((p.votes for p in projects if p.chosen and p.votes is not None), default=None)
    lost = (p for p in projects if p.chosen is False and p.votes is not None)
    return next((p for p in lost if fewest is not None and (p.votes or 0) > fewest), None)


def _undone(books: Books) -> Iterator[Draft]:
    """Projects whose year is over on the day of the figures, in one finding."""
    year = books.year
    finished = {id(project) for _, project in done(year)}
    late = [
        (fact, project)
        for fact, project in of_the_years(year)
        if id(project) not in finished and date(_year(fact, project), 12, 31) <= year.as_of
    ]
    if late:
        titles = "、".join(f"“{project.title}”" for _, project in late)
        message = f"年度民生实事项目有{len(late)}项年底没有登记完成：{titles}。"
        yield finding("livelihood.undone", message, [fact for fact, _ in late])


def _year(fact: LedgerFact[Session], project: LivelihoodProject) -> int:
    return project.year or (fact.data.held_on.year if fact.data.held_on else date.max.year)


def _overrated(books: Books) -> Iterator[Draft]:
    """Ratings given on a day of a session by more than were present there."""
    year = books.year
    for fact, project in rated(year):
        votes = sum(getattr(project, option) or 0 for option in (*OPTIONS, "abstained"))
        for session in year.sessions:
            first, last = session.data.held_on, session.data.ended_on or session.data.held_on
            if not (first and last and project.rated_on and first <= project.rated_on <= last):
                continue
            turnout = year.turnout(session.data)
            if turnout.expected and votes > voters(turnout):
                message = (
                    f"民生实事项目“{project.title}”{full_day_text(project.rated_on)}测评得{votes}票，"
                    f"当日会议到会可以投票的最多{voters(turnout)}名。"
                )
                key = f"{project.rated_on}/{project.title}"
                yield finding("livelihood.overrated", message, [fact, session], key=key, day=project.rated_on)
