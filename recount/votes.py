"""Figures of what sessions voted on, of officials, budgets, questions, and livelihood projects."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from recount.answer import Answer, Nothing, added, share
from recount.books import Books
from recount.log import Data, day, items

Count = Callable[[Books], Answer]
_OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied")


def _parts(books: Books, *fields: str) -> list[Data]:
    return [part for session in books.sessions for field in fields for part in items(session.get(field))]


def _matters(books: Books) -> list[Data]:
    return _parts(books, "elections", "resolutions", "reports", "resignations_accepted", "removals")


def _some(answers: list[Any], number: int) -> Answer:
    """The number, unless there are parts and none says anything."""
    return Nothing.MISSING if answers and all(answer in (None, "") for answer in answers) else number


def _cast(field: str) -> Count:
    return lambda books: added(matter.get(field) for matter in _matters(books))


def _titled(books: Books, words: str) -> bool:
    titles = [str(resolution.get("title") or "") for resolution in _parts(books, "resolutions")]
    return any(re.search(words, title) and not re.search("代表(职务|资格|的)", title) for title in titles)


def _officials(field: str, words: str) -> Count:
    def answer(books: Books) -> Answer:
        number = len(_parts(books, field))
        return Nothing.MISSING if not number and _titled(books, words) else number

    return answer


def _removed(books: Books) -> Answer:
    results = [removal.get("passed") for removal in _parts(books, "removals")]
    if not results and _titled(books, "罢免"):
        return Nothing.MISSING
    return _some(results, results.count(True))


def _nominated(by: str) -> Count:
    def answer(books: Books) -> Answer:
        nominated = [election.get("nominated_by") for election in _parts(books, "elections")]
        return _some(nominated, nominated.count(by))

    return answer


def _budgets(books: Books) -> list[Data]:
    return [r for r in _parts(books, "reports") if r.get("kind") == "budget" and r.get("adopted")]


def _asked(kind: str) -> Count:
    return lambda books: sum((q.get("kind") or "inquiry") == kind for q in _parts(books, "questions"))


# -- livelihood projects ---------------------------------------------------------------------------------------


def _chosen(books: Books) -> Answer:
    results = [project.get("chosen") for project in _parts(books, "livelihood_projects")]
    return _some(results, results.count(True))


def _ballots(field: str) -> Count:
    return lambda books: added(
        (session.get("livelihood_vote") or {}).get(field)
        for session in books.sessions
        if items(session.get("livelihood_projects"))
    )


def chosen_projects(books: Books) -> list[tuple[Data, Data]]:
    """(session, project) chosen by the last day, at any session, to be done in a calendar year of the period."""
    years = range(books.first.year, books.last.year + 1)
    chosen: list[tuple[Data, Data]] = []
    for session in books.in_force("session"):
        held = day(session.get("held_on"))
        if held is None or held > books.last:
            continue
        chosen += [
            (session, project)
            for project in items(session.get("livelihood_projects"))
            if project.get("chosen") and (project.get("year") or held.year) in years
        ]
    return chosen


def _projects(books: Books) -> list[Data]:
    return [project for _, project in chosen_projects(books)]


def _done(books: Books) -> int:
    return sum(books.by_now(project.get("done_on")) for project in _projects(books))


def _rated(books: Books) -> list[Data]:
    return [
        project
        for project in _projects(books)
        if books.by_now(project.get("rated_on")) and project.get("satisfied") is not None
    ]


def _satisfied(books: Books) -> Answer:
    rated = _rated(books)
    votes = sum(project.get(option) or 0 for project in rated for option in _OPTIONS)
    return share(sum(project["satisfied"] for project in rated), votes)


FIGURES: Mapping[str, Count] = {
    "congress.counted_votes": lambda books: sum(m.get("votes") is not None for m in _matters(books)),
    "congress.against": _cast("against"),
    "congress.abstained": _cast("abstained"),
    "officials.resigned": _officials("resignations_accepted", "接受.*辞"),
    "officials.removal_motions": _officials("removals", "罢免"),
    "officials.removed": _removed,
    "nominations.presidium": _nominated("presidium"),
    "nominations.deputies": _nominated("deputies"),
    "budget.approved": lambda books: len(_budgets(books)),
    "budget.published": lambda books: sum(books.by_now(b.get("published_on")) for b in _budgets(books)),
    "questions.interpellations": _asked("interpellation"),
    "questions.inquiries": _asked("inquiry"),
    "questions.asked": lambda books: len(_parts(books, "questions")),
    "questions.answered": lambda books: sum(
        books.by_now(question.get("answered_on")) for question in _parts(books, "questions")
    ),
    "livelihood.candidates": lambda books: len(_parts(books, "livelihood_projects")),
    "livelihood.chosen": _chosen,
    "livelihood.issued": _ballots("issued"),
    "livelihood.returned": _ballots("returned"),
    "livelihood.valid": _ballots("valid"),
    "livelihood.projects": lambda books: len(_projects(books)),
    "livelihood.done": _done,
    "livelihood.open": lambda books: len(_projects(books)) - _done(books),
    "livelihood.done_rate": lambda books: share(_done(books), len(_projects(books))),
    "livelihood.rated": lambda books: len(_rated(books)),
    "livelihood.satisfied_rate": _satisfied,
}
