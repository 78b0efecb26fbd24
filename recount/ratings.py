"""Figures of duty reports and ratings: meetings with a published result."""

from collections.abc import Callable, Mapping
from datetime import date

from recount.answer import Answer, Nothing, added, share
from recount.books import Books
from recount.log import Data, day, items

Count = Callable[[Books], Answer]


def result(meeting: Data, name: str) -> int:
    return int(meeting["result"].get(name) or 0)


def _sum(name: str) -> Count:
    return lambda books: added(result(meeting, name) for meeting in books.rating_meetings)


def reported(books: Books, meeting: Data) -> frozenset[str]:
    return books.people(items(meeting.get("deputyship_ids")))


def _deputies(level: str = "") -> Count:
    def answer(books: Books) -> Answer:
        levels = {mandate["id"]: mandate.get("level") or "town" for mandate in books.all("deputyship")}
        named = [id for meeting in books.rating_meetings for id in items(meeting.get("deputyship_ids"))]
        return len(books.people(id for id in named if not level or levels.get(id) == level))

    return answer


def _form(form: str) -> Count:
    def answer(books: Books) -> Answer:
        meeting_ids = {meeting["id"] for meeting in books.rating_meetings}
        matching = [report for report in books.all("duty_report") if report.get("meeting_id") in meeting_ids]
        return [report.get("form") for report in matching].count(form)

    return answer


def _with_options(books: Books, *codes: str) -> list[Data]:
    """Meetings with unsuppressed results and a scheme that has these options."""
    meetings = []
    for meeting in books.rating_meetings:
        offered = {option.get("code") for option in items((meeting.get("scheme") or {}).get("options"))}
        if offered.issuperset(codes) and not meeting["result"].get("suppressed"):
            meetings.append(meeting)
    return meetings


def _marks(meetings: list[Data]) -> list[tuple[str, int]]:
    rows = [row for meeting in meetings for row in items(meeting["result"].get("deputies"))]
    return [mark for row in rows for mark in (row.get("counts") or {}).items()]


def _votes(code: str) -> Count:
    def answer(books: Books) -> Answer:
        meetings = _with_options(books, code)
        if not meetings:
            return Nothing.NOT_APPLICABLE
        return sum(n for option, n in _marks(meetings) if option == code)

    return answer


def of_deputies(meeting: Data, field: str) -> int:
    return sum(int(row.get(field) or 0) for row in items(meeting["result"].get("deputies")))


def _apart(field: str) -> Count:
    """What deputies were given besides options, where the result is shown."""

    def answer(books: Books) -> Answer:
        shown = [m for m in books.rating_meetings if not m["result"].get("suppressed")]
        return sum(of_deputies(m, field) for m in shown) if shown else Nothing.NOT_APPLICABLE

    return answer


def _rate(*codes: str) -> Count:
    def answer(books: Books) -> Answer:
        marks = _marks(_with_options(books, *codes))
        return share(sum(n for code, n in marks if code in codes), sum(n for _, n in marks))

    return answer


def _since(books: Books) -> dict[str, date]:
    """First day of the present mandate of each serving town deputy."""
    started: dict[str, date] = {}
    for mandate in books.serving("town"):  # with two mandates (unlawful) the earlier counts
        person, first = books.person(mandate["id"]), day(mandate.get("started_on")) or date.min
        started[person] = min(first, started.get(person, first))
    return started


def of_the_mandates(books: Books) -> list[tuple[Data, set[str]]]:
    """Meetings until the last day with the persons who reported there in their present mandate, under any mandate."""
    started, meetings = _since(books), []
    for meeting in books.all("meeting"):
        on = day(meeting.get("held_on"))
        if meeting.get("result") is not None and on is not None and on <= books.last:
            everybody = reported(books, meeting)
            persons = {person for person in everybody if person in started and started[person] <= on}
            if persons:
                meetings.append((meeting, persons))
    return meetings


def _term(books: Books) -> Answer:
    """Serving town deputies who reported since their present mandate began."""
    persons = {person for _, reporters in of_the_mandates(books) for person in reporters}
    return share(len(persons), len(_since(books)))


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
    "ratings.present": lambda books: added(meeting.get("present") for meeting in books.rating_meetings),
    "ratings.issued": _sum("issued"),
    "ratings.returned": _sum("returned"),
    "ratings.void": _sum("void"),
    "ratings.valid": _sum("valid"),
    "ratings.suppressed": lambda books: sum(
        bool(meeting["result"].get("suppressed")) for meeting in books.rating_meetings
    ),
    "ratings.satisfied": _votes("satisfied"),
    "ratings.basically_satisfied": _votes("basically_satisfied"),
    "ratings.dissatisfied": _votes("dissatisfied"),
    "ratings.abstained": _apart("abstain"),
    "ratings.spoiled": _apart("spoiled"),
    "ratings.satisfied_rate": _rate("satisfied"),
    "ratings.satisfied_or_basically_rate": _rate("satisfied", "basically_satisfied"),
    "ratings.term_coverage_rate": _term,
    "ratings.term_unreported": _term_unreported,
    "ratings.term_reported": _term_reported,
}
