"""Figures of special inquiries, and of ballots on the units asked or reviewed."""

from collections.abc import Callable, Mapping

from recount.answer import Answer, Nothing, added, share
from recount.books import Books
from recount.log import Data, items

Count = Callable[[Books], Answer]
_OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied")


def _of_questions(number: Callable[[Books, list[Data]], int]) -> Count:
    def answer(books: Books) -> Answer:
        held = books.activities("inquiry")
        asked = [question for inquiry in held for question in items(inquiry.get("questions"))]
        return Nothing.MISSING if held and not asked else number(books, asked)

    return answer


def _promises(asked: list[Data]) -> list[Data]:
    return [question for question in asked if question.get("promise")]


def _units(books: Books, kind: str) -> list[Data]:
    return [unit for activity in books.activities(kind) for unit in items(activity.get("units"))]


def _ballots(kind: str, field: str) -> Count:
    return lambda books: added(unit.get(field) for unit in _units(books, kind))


def _satisfied(kind: str) -> Count:
    def answer(books: Books) -> Answer:
        units = [unit for unit in _units(books, kind) if unit.get("satisfied") is not None]
        votes = sum(unit.get(option) or 0 for unit in units for option in _OPTIONS)
        return share(sum(unit["satisfied"] for unit in units), votes)

    return answer


FIGURES: Mapping[str, Count] = {
    "supervision.inquiries": lambda books: len(books.activities("inquiry")),
    "inquiries.questions": _of_questions(lambda _, asked: len(asked)),
    "inquiries.units": _of_questions(
        lambda _, asked: len({question.get("unit") or "" for question in asked})
    ),
    "inquiries.answered": _of_questions(
        lambda books, asked: sum(books.by_now(question.get("answered_on")) for question in asked)
    ),
    "inquiries.promises": _of_questions(lambda _, asked: len(_promises(asked))),
    "inquiries.promises_done": _of_questions(
        lambda books, asked: sum(books.by_now(question.get("done_on")) for question in _promises(asked))
    ),
    "inquiries.returned": _ballots("inquiry", "returned"),
    "inquiries.satisfied": _ballots("inquiry", "satisfied"),
    "inquiries.abstained": _ballots("inquiry", "abstained"),
    "inquiries.satisfied_rate": _satisfied("inquiry"),
    "reviews.returned": _ballots("review", "returned"),
    "reviews.satisfied": _ballots("review", "satisfied"),
    "reviews.abstained": _ballots("review", "abstained"),
    "reviews.satisfied_rate": _satisfied("review"),
}
