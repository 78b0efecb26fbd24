"""Findings about votes of sessions: more than those present, ballots that do not add up."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import Election, Session
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.turnout import Turnout
from services.reports.notation import session_name

_LABELS: Final[Mapping[str, str]] = {
    "issued": "发出票",
    "returned": "收回票",
    "valid": "有效票",
    "votes": "赞成票",
    "against": "反对票",
    "others": "另选他人票",
    "abstained": "弃权票",
}
_CHOICES: Final = ("votes", "against", "others", "abstained")
_BALLOTS: Final = ("issued", "returned", "valid")


def votes(books: Books) -> Iterator[Draft]:
    for fact in books.year.sessions:
        turnout = books.year.turnout(fact.data)
        yield from _more_than_voters(fact, turnout)
        yield from _uneven(fact)


def voters(turnout: Turnout) -> int:
    """Who may have voted: present, or expected and not recorded."""
    return len(turnout.present) + len(turnout.not_recorded)


def _more_than_voters(fact: LedgerFact[Session], turnout: Turnout) -> Iterator[Draft]:
    """One finding for each matter; without a roster nothing is known."""
    session, most, name = fact.data, voters(turnout), session_name(fact.data)
    if not turnout.expected:
        return
    for what, counted in _counted(session):
        over = [f"{label}{n}" for label, n in counted.items() if n > most]
        if over:
            message = (
                f"{name}{what}登记{'、'.join(over)}，应到{len(turnout.expected)}名，"
                f"到会可以投票的最多{most}名；票数多于到会人数的无效。"
            )
            key = f"{session.session_number}/{what}"
            yield finding("congress.votes", message, [fact], key=key, day=session.held_on)


def _counted(session: Session) -> Iterator[tuple[str, dict[str, int]]]:
    """(matter, numbers of votes and ballots by label)."""
    for what, matter, _ in _named(session):
        counted = _numbers(matter, *_LABELS)
        choices = _numbers(matter, *_CHOICES).values()
        yield what, {**counted, **({"各种票合计": sum(choices)} if len(choices) > 1 else {})}
    yield "民生实事票决", _numbers(session.livelihood_vote, *_BALLOTS)
    for project in session.livelihood_projects:
        yield f"票决“{project.title}”", {"得票": project.votes} if project.votes is not None else {}


def _named(session: Session) -> Iterator[tuple[str, Any, bool]]:
    """Matters voted on; elections with the name of the elected, of whom one post may have several."""
    for what, matter, carried in session.voted():
        name = f"（{matter.name}）" if isinstance(matter, Election) else ""
        yield f"{what}{name}", matter, carried


def _numbers(matter: Any, *fields: str) -> dict[str, int]:
    return {_LABELS[name]: n for name in fields if (n := getattr(matter, name, None)) is not None}


def _uneven(fact: LedgerFact[Session]) -> Iterator[Draft]:
    """Ballots issued ≥ returned ≥ valid ≥ all votes; every vote in favour of a project is on a valid ballot."""
    session, name = fact.data, session_name(fact.data)
    for what, matter, _ in _named(session):
        ballots = list(_numbers(matter, *_BALLOTS).values())
        cast = list(_numbers(matter, *_CHOICES).values())
        if ballots and _grows([*ballots, *([sum(cast)] if cast else [])]):
            message = f"{name}{what}的票数不平：须发出≥收回≥有效≥赞成、反对、另选、弃权之和。"
            key = f"{session.session_number}/{what.replace('选举', '').replace('（', '/').rstrip('）')}"
            yield finding("congress.ballots", message, [fact], key=key, day=session.held_on)
    vote = session.livelihood_vote
    ballots = list(_numbers(vote, *_BALLOTS).values())
    most = max((project.votes or 0 for project in session.livelihood_projects), default=0)
    cast_in_all = sum(project.votes or 0 for project in session.livelihood_projects)
    too_many = vote.to_choose is not None and ballots and cast_in_all > vote.to_choose * ballots[-1]
    if ballots and (_grows([*ballots, most]) or too_many):
        message = f"{name}民生实事票决的票数不平：须发出≥收回≥有效≥每项得票，得票之和不超过有效票乘应选项数。"
        key = f"{session.session_number}/民生实事"
        yield finding("congress.ballots", message, [fact], key=key, day=session.held_on)


def _grows(numbers: list[int]) -> bool:
    return any(fewer > more for more, fewer in pairwise(numbers))
