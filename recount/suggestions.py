"""Suggestions of deputies: where each stood on a day, by what had been done with it until then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recount.answer import Answer, Nothing, share
from recount.books import Books
from recount.log import Data, day, items

Count = Callable[[Books], Answer]


@dataclass
class Standing:
    assigned: bool = False
    due: date | None = None
    replied: bool = False
    late: bool = False
    letter: str = ""
    met: bool | None = None
    result: str = ""
    forwarded: bool = False
    answered: bool = False
    rejected: bool = False
    closed: bool = False
    redone: bool = False


def standing(one: Data, until: date) -> Standing:
    """A step without a day was done on that of the step before."""
    now, on = Standing(), None
    for step in _steps(one):
        on = day(step.get("on")) or on
        if on is None or on <= until:
            _take(now, step)
    return now


def _take(now: Standing, step: Data) -> None:
    action, due = step.get("action"), day(step.get("due_on"))
    if action == "assigned":
        now.assigned, now.forwarded, now.due = True, False, due
    elif action == "extended":
        now.due = due
    elif action in ("returned", "forwarded"):
        now.assigned, now.forwarded, now.due = False, action == "forwarded", None
    elif action == "replied":
        _reply(now, step)
    elif action == "rated":
        now.result = step.get("result") or ""
    elif action == "answered":
        now.answered = True
    elif action == "redone":
        now.redone = True
    elif action == "closed":
        now.closed = True
    elif action == "rejected":
        now.rejected = True


def _reply(now: Standing, step: Data) -> None:
    """Late is what the first reply was; class and meeting are of the latest."""
    on = day(step.get("on"))
    if not now.replied:
        now.late = on is not None and now.due is not None and now.due < on
    now.replied, now.letter, now.met = True, step.get("class") or "", step.get("interviewed")


def _steps(one: Data) -> list[Data]:
    """Where a source keeps no steps, what the dates of the record say."""
    if items(one.get("steps")):
        return items(one["steps"])
    made: list[Data] = []
    if one.get("assigned_on") or one.get("due_on"):
        made.append({"action": "assigned", "on": one.get("assigned_on"), "due_on": one.get("due_on")})
    if one.get("replied_on") or one.get("class"):
        made.append({"action": "replied", "on": one.get("replied_on"), "class": one.get("class")})
    if one.get("rated_on") or one.get("result"):
        made.append({"action": "rated", "on": one.get("rated_on"), "result": one.get("result")})
    return made


def _counting(keep: Callable[[Data, Standing, Books], bool]) -> Count:
    return lambda books: sum(keep(one, standing(one, books.last), books) for one in books.suggestions)


def _standing(keep: Callable[[Standing], bool]) -> Count:
    return _counting(lambda _, now, __: keep(now))


def _at_session(one: Data, _: Standing, __: Books) -> bool:
    where = one.get("raised_at") or ("session" if one.get("session_id") is not None else "")
    return where == "session"


def _overdue(_: Data, now: Standing, books: Books) -> bool:
    return now.assigned and not now.replied and now.due is not None and now.due < books.last


def _carried_over(books: Books) -> Answer:
    eve = books.first - timedelta(days=1)
    earlier = [s for s in books.all("suggestion") if (day(s.get("raised_on")) or books.first) < books.first]
    then = [standing(one, eve) for one in earlier]
    return sum(not now.closed and not now.rejected for now in then)


def _assigned(books: Books) -> list[tuple[Data, Standing]]:
    return [p for p in ((s, standing(s, books.last)) for s in books.suggestions) if p[1].assigned]


def _replied(books: Books) -> list[Standing]:
    return [now for now in (standing(one, books.last) for one in books.suggestions) if now.replied]


def _reply_rate(books: Books) -> Answer:
    return share(sum(now.replied for _, now in _assigned(books)), len(_assigned(books)))


def _on_time(books: Books) -> Answer:
    return share(sum(not now.late for now in _replied(books)), len(_replied(books)))


def _met(books: Books) -> Answer:
    replied = _replied(books)
    if replied and all(now.met is None for now in replied):
        return Nothing.MISSING
    return share(sum(now.met is True for now in replied), len(replied))


def _units(books: Books) -> Answer:
    units = {one.get("unit") for one, _ in _assigned(books) if one.get("unit")}
    return Nothing.MISSING if _assigned(books) and not units else len(units)


FIGURES: Mapping[str, Count] = {
    "suggestions.raised": lambda books: len(books.suggestions),
    "suggestions.at_session": _counting(_at_session),
    "suggestions.between_sessions": _counting(lambda one, _, __: one.get("raised_at") == "between"),
    "suggestions.assigned": _standing(lambda now: now.assigned),
    "suggestions.units": _units,
    "suggestions.replied": _standing(lambda now: now.replied),
    "suggestions.in_hand": _standing(lambda now: now.assigned and not now.replied),
    "suggestions.replied_late": _standing(lambda now: now.replied and now.late),
    "suggestions.on_time_rate": _on_time,
    "suggestions.interviewed_rate": _met,
    "suggestions.forwarded": _standing(lambda now: now.forwarded),
    "suggestions.forwarded_answered": _standing(lambda now: now.forwarded and now.answered),
    "suggestions.rejected": _standing(lambda now: now.rejected),
    "suggestions.redone": _standing(lambda now: now.redone),
    "suggestions.rated": _standing(lambda now: bool(now.result)),
    "suggestions.carried_over": _carried_over,
    "suggestions.overdue": _counting(_overdue),
    "suggestions.reply_rate": _reply_rate,
    "suggestions.class.a": _standing(lambda now: now.replied and now.letter == "a"),
    "suggestions.class.b": _standing(lambda now: now.replied and now.letter == "b"),
    "suggestions.class.c": _standing(lambda now: now.replied and now.letter == "c"),
    "suggestions.class.d": _standing(lambda now: now.replied and now.letter == "d"),
    "suggestions.satisfied": _standing(lambda now: now.result == "satisfied"),
    "suggestions.basically_satisfied": _standing(lambda now: now.result == "basically_satisfied"),
    "suggestions.dissatisfied": _standing(lambda now: now.result == "dissatisfied"),
}
