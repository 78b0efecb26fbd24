"""Duty reports and ratings: meetings whose result is published."""

from collections.abc import Callable, Mapping
from datetime import date

from recount.answer import Answer, Nothing, added, share
from recount.books import Books
from recount.log import Data, day, items

Count = Callable[[Books], Answer]


def result(meeting: Data, name: str) -> int:
    return int(meeting["result"].get(name) or 0)


def _sum(name: str) -> Count:
    return lambda books: added(result(one, name) for one in books.rating_meetings)


def reported(books: Books, meeting: Data) -> frozenset[str]:
    return books.people(items(meeting.get("deputyship_ids")))


def _deputies(level: str = "") -> Count:
    def answer(books: Books) -> Answer:
        levels = {one["id"]: one.get("level") or "town" for one in books.all("deputyship")}
        named = [one for meeting in books.rating_meetings for one in items(meeting.get("deputyship_ids"))]
        return len(books.people(one for one in named if not level or levels.get(one) == level))

    return answer


def _form(form: str) -> Count:
    def answer(books: Books) -> Answer:
        held = {meeting["id"] for meeting in books.rating_meetings}
        of_them = [one for one in books.all("duty_report") if one.get("meeting_id") in held]
        return [one.get("form") for one in of_them].count(form)

    return answer


def _shown(books: Books, *codes: str) -> list[Data]:
    """Meetings that show how people voted, under a scheme that has these options."""
    found = []
    for meeting in books.rating_meetings:
        offered = {option.get("code") for option in items((meeting.get("scheme") or {}).get("options"))}
        if offered.issuperset(codes) and not meeting["result"].get("suppressed"):
            found.append(meeting)
    return found


def _marks(meetings: list[Data]) -> list[tuple[str, int]]:
    rows = [row for meeting in meetings for row in items(meeting["result"].get("deputies"))]
    return [mark for row in rows for mark in (row.get("counts") or {}).items()]


def _votes(code: str) -> Count:
    def answer(books: Books) -> Answer:
        shown = _shown(books, code)
        if not shown:
            return Nothing.NOT_APPLICABLE
        return sum(n for option, n in _marks(shown) if option == code)

    return answer


def _rate(*codes: str) -> Count:
    def answer(books: Books) -> Answer:
        marks = _marks(_shown(books, *codes))
        return share(sum(n for code, n in marks if code in codes), sum(n for _, n in marks))

    return answer


def _term(books: Books) -> Answer:
    """Since his present mandate began, under whatever mandate."""
    begun: dict[str, date] = {}
    for one in books.serving("town"):  # of two mandates, against the law, the elder counts
        person, first = books.person(one["id"]), day(one.get("started_on")) or date.min
        begun[person] = min(first, begun.get(person, first))
    done: set[str] = set()
    for meeting in books.all("meeting"):
        on = day(meeting.get("held_on"))
        if meeting.get("result") is not None and on is not None and on <= books.last:
            done |= {person for person in reported(books, meeting) if person in begun and begun[person] <= on}
    return share(len(done), len(begun))


def _term_reported(books: Books) -> Answer:
    answer = _term(books)
    return 0 if isinstance(answer, int | Nothing) else answer.part


def _term_unreported(books: Books) -> Answer:
    answer = _term(books)
    return 0 if isinstance(answer, int | Nothing) else answer.whole - answer.part


FIGURES: Mapping[str, Count] = {
    "ratings.meetings": lambda books: len(books.rating_meetings),
    "ratings.deputies": _deputies(),
    "ratings.deputies.county": _deputies("county"),
    "ratings.deputies.town": _deputies("town"),
    "ratings.oral": _form("oral"),
    "ratings.written": _form("written"),
    "ratings.present": lambda books: added(one.get("present") for one in books.rating_meetings),
    "ratings.issued": _sum("issued"),
    "ratings.returned": _sum("returned"),
    "ratings.void": _sum("void"),
    "ratings.valid": _sum("valid"),
    "ratings.suppressed": lambda books: sum(
        bool(one["result"].get("suppressed")) for one in books.rating_meetings
    ),
    "ratings.satisfied": _votes("satisfied"),
    "ratings.basically_satisfied": _votes("basically_satisfied"),
    "ratings.dissatisfied": _votes("dissatisfied"),
    "ratings.satisfied_rate": _rate("satisfied"),
    "ratings.satisfied_or_basically_rate": _rate("satisfied", "basically_satisfied"),
    "ratings.term_coverage_rate": _term,
    "ratings.term_unreported": _term_unreported,
    "ratings.term_reported": _term_reported,
}
