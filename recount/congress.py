"""Figures of sessions of the congress and meetings of its presidium."""

from collections.abc import Callable, Mapping

from recount.answer import Answer, Nothing, added, share
from recount.books import Books, Turnout, in_presidium, recorded
from recount.log import Data, day, items

Part = Callable[[Turnout], frozenset[str]]


def _events(books: Books, noun: str) -> list[Data]:
    return books.sessions if noun == "session" else books.presidium_meetings


def _listed(noun: str, field: str) -> Callable[[Books], Answer]:
    return lambda books: added(len(items(event.get(field))) for event in _events(books, noun))


def _persons(noun: str, part: Part) -> Callable[[Books], Answer]:
    def answer(books: Books) -> Answer:
        events = _events(books, noun)
        if not recorded(events):
            return Nothing.MISSING
        return sum(len(part(books.turnout(noun, event))) for event in events)

    return answer


def _expected(noun: str) -> Callable[[Books], Answer]:
    return lambda books: sum(len(books.turnout(noun, event).expected) for event in _events(books, noun))


def _attendance(noun: str) -> Callable[[Books], Answer]:
    def answer(books: Books) -> Answer:
        events = _events(books, noun)
        if not recorded(events):
            return Nothing.MISSING
        turnouts = [books.turnout(noun, event) for event in events]
        return share(sum(len(t.present) for t in turnouts), sum(len(t.expected) for t in turnouts))

    return answer


def _days(books: Books, session: Data) -> int | None:
    first, last = day(session.get("held_on")), day(session.get("ended_on"))
    return (min(last, books.last) - first).days + 1 if first and last and first <= last else None


def _quarters(books: Books) -> Answer:
    return len(_met(books))


def _quarters_missed(books: Books) -> Answer:
    """Quarters of the period without a meeting; every quarter with a month in the period is due."""
    months = range(books.first.year * 12 + books.first.month - 1, books.last.year * 12 + books.last.month)
    return len({(month // 12, month % 12 // 3) for month in months} - _met(books))


def _met(books: Books) -> set[tuple[int, int]]:
    days = [day(meeting["held_on"]) for meeting in books.presidium_meetings]
    return {(on.year, (on.month - 1) // 3) for on in days if on}


def _decisions_done(books: Books) -> Answer:
    return added(
        sum(books.by_now(decision.get("done_on")) for decision in items(meeting.get("decisions")))
        for meeting in books.presidium_meetings
    )


def _motions(books: Books) -> list[Data]:
    return [motion for session in books.sessions for motion in items(session.get("motions"))]


def _on_agenda(books: Books) -> Answer:
    answers = [motion.get("on_agenda") for motion in _motions(books)]
    return Nothing.MISSING if answers and all(answer is None for answer in answers) else answers.count(True)


def _observers(session: Data) -> int | None:
    kinds = [kind["count"] for kind in items(session.get("observer_kinds"))]
    total: int | None = session.get("observers")
    return sum(kinds) if total is None and kinds else total


FIGURES: Mapping[str, Callable[[Books], Answer]] = {
    "congress.sessions": lambda books: len(books.sessions),
    "congress.days": lambda books: added(_days(books, session) for session in books.sessions),
    "congress.reports_heard": _listed("session", "reports"),
    "congress.resolutions": _listed("session", "resolutions"),
    "congress.motions": lambda books: len(_motions(books)),
    "congress.motions_on_agenda": _on_agenda,
    "congress.elections": _listed("session", "elections"),
    "congress.observers": lambda books: added(_observers(session) for session in books.sessions),
    "congress.expected": _expected("session"),
    "congress.present": _persons("session", lambda t: t.present),
    "congress.on_leave": _persons("session", lambda t: t.on_leave),
    "congress.absent": _persons("session", lambda t: t.absent),
    "congress.not_recorded": _persons("session", lambda t: t.unrecorded),
    "congress.online": _persons("session", lambda t: t.online & t.present),
    "congress.half_day": _persons("session", lambda t: t.half_day & t.present),
    "congress.attendance_rate": _attendance("session"),
    "presidium.meetings": lambda books: len(books.presidium_meetings),
    "presidium.members": lambda books: sum(in_presidium(d, books.last) for d in books.serving("town")),
    "presidium.quarters_covered": _quarters,
    "presidium.quarters_missed": _quarters_missed,
    "presidium.topics": _listed("presidium_meeting", "topics"),
    "presidium.special_reports": _listed("presidium_meeting", "special_reports"),
    "presidium.opinions": _listed("presidium_meeting", "opinions"),
    "presidium.decisions": _listed("presidium_meeting", "decisions"),
    "presidium.decisions_done": _decisions_done,
    "presidium.expected": _expected("presidium_meeting"),
    "presidium.present": _persons("presidium_meeting", lambda t: t.present),
    "presidium.attendance_rate": _attendance("presidium_meeting"),
}
