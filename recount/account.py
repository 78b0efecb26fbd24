"""Account of the records of a period: which of them some figure counts. The rest is excluded (ADR 0007)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from recount.books import Books
from recount.log import SOURCES, Data, Record, items
from recount.ratings import of_the_mandates
from recount.suggestions import carried_over
from recount.votes import chosen_projects

_FORMS: Final = ("oral", "written")


@dataclass(frozen=True)
class Account:
    """Of one source: number of counted records, and subjects of excluded ones."""

    counted: int
    excluded: frozenset[str]

    @property
    def by_noun(self) -> Mapping[str, int]:
        return Counter(subject.partition("/")[0] for subject in self.excluded)


def accounts(books: Books, records: Iterable[Record]) -> dict[str, Account]:
    counted = {noun: {record["id"] for record in select(books)} for noun, select in _COUNTED.items()}
    subjects: dict[str, tuple[int, set[str]]] = {source: (0, set()) for source in SOURCES}
    for record in records:
        number, excluded = subjects[record.service]
        if record.data.get("id") in counted.get(record.noun, ()):
            number += 1
        else:
            excluded.add(record.subject)
        subjects[record.service] = number, excluded
    return {source: Account(number, frozenset(excluded)) for source, (number, excluded) in subjects.items()}


def _quota_of_term(books: Books) -> bool:
    """Whether the quota is that of the term and not that of the town."""
    quota = books.term.get("quota") if books.term else None
    return quota is not None and quota != books.the_town.get("quota")


def _towns(books: Books) -> list[Data]:
    return [] if _quota_of_term(books) or not books.the_town else [books.the_town]


def _terms(books: Books) -> list[Data]:
    return [books.term] if books.term and _quota_of_term(books) else []


def _persons(books: Books) -> list[Data]:
    serving = {mandate.get("person_id") for mandate in books.serving()}
    return [person for id, person in books.persons.items() if id in serving]


def _mandates(books: Books) -> Iterable[Data]:
    yield from books.serving()
    yield from books.suspended("town")
    for mandate in books.deputyships:
        started = books.within(mandate.get("started_on"))
        elected = mandate.get("started_by") == "election" and (mandate.get("level") or "town") == "town"
        suspensions = (span.get("from_on") for span in items(mandate.get("suspensions")))
        if (
            (started and (elected or mandate.get("started_by") == "by_election"))
            or books.within(mandate.get("ended_on"))
            or any(books.within(on) for on in suspensions)
        ):
            yield mandate


def _sessions(books: Books) -> list[Data]:
    """Held in the period, and those that chose projects for its years."""
    return [*books.sessions, *(session for session, _ in chosen_projects(books))]


def _suggestions(books: Books) -> list[Data]:
    """Raised in the period, and those that were open when it began."""
    return [*books.suggestions, *carried_over(books)]


def _meetings(books: Books) -> list[Data]:
    """Of the period, and earlier ones to which serving deputies reported in their present mandate."""
    return [*books.rating_meetings, *(meeting for meeting, _ in of_the_mandates(books))]


def _reports(books: Books) -> list[Data]:
    meetings = {meeting["id"] for meeting in books.rating_meetings}
    return [
        report
        for report in books.all("duty_report")
        if report.get("meeting_id") in meetings and report.get("form") in _FORMS
    ]


def _plans(books: Books) -> list[Data]:
    years = range(books.first.year, books.last.year + 2)
    return [plan for plan in books.all("plan") if plan.get("year") in years]


def _offices(books: Books) -> list[Data]:
    years = range(books.first.year, books.last.year + 1)
    return [office for office in books.all("office") if office.get("year") in years]


_COUNTED: Final[Mapping[str, Callable[[Books], Iterable[Data]]]] = {
    "town": _towns,
    "term": _terms,
    "person": _persons,
    "deputyship": _mandates,
    "group": lambda books: books.groups(),
    "station": lambda books: books.stations(),
    "by_election": lambda books: [e for e in books.all("by_election") if books.within(e.get("held_on"))],
    "office": _offices,
    "plan": _plans,
    "session": _sessions,
    "presidium_meeting": lambda books: books.presidium_meetings,
    "activity": lambda books: books.activities(),
    "opinion": lambda books: books.opinions,
    "suggestion": _suggestions,
    "meeting": _meetings,
    "duty_report": _reports,
}
"""Records by noun that some figure counts; of other nouns none is."""
