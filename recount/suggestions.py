"""Figures of suggestions: state of each on a day, derived from its steps until then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recount.answer import Answer, Nothing, share
from recount.books import Books
from recount.log import Data, day, items

Count = Callable[[Books], Answer]


@dataclass
class SuggestionState:
    """State of a suggestion on a day; `result_class` and `met` are of the latest reply."""

    assigned: bool = False
    due: date | None = None
    replied: bool = False
    late: bool = False
    result_class: str = ""
    met: bool | None = None
    result: str = ""
    forwarded: bool = False
    answered: bool = False
    rejected: bool = False
    closed: bool = False
    redone: bool = False


def state_on(suggestion: Data, until: date) -> SuggestionState:
    """The state on the day `until`; a step without a day has the day of the step before."""
    now, on = SuggestionState(), None
    for step in _steps(suggestion):
        on = day(step.get("on")) or on
        if on is None or on <= until:
            _apply(now, step)
    return now


def _apply(now: SuggestionState, step: Data) -> None:
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


def _reply(now: SuggestionState, step: Data) -> None:
    """`late` is that of the first reply; class and meeting are those of the latest."""
    on = day(step.get("on"))
    if not now.replied:
        now.late = on is not None and now.due is not None and now.due < on
    now.replied, now.result_class, now.met = True, step.get("class") or "", step.get("interviewed")


def _steps(suggestion: Data) -> list[Data]:
    """Steps of a suggestion; where it has none, derived from the dates of the record."""
    if items(suggestion.get("steps")):
        return items(suggestion["steps"])
    steps: list[Data] = []
    if suggestion.get("assigned_on") or suggestion.get("due_on"):
        steps.append(
            {"action": "assigned", "on": suggestion.get("assigned_on"), "due_on": suggestion.get("due_on")}
        )
    if suggestion.get("replied_on") or suggestion.get("class"):
        steps.append(
            {"action": "replied", "on": suggestion.get("replied_on"), "class": suggestion.get("class")}
        )
    if suggestion.get("rated_on") or suggestion.get("result"):
        steps.append(
            {"action": "rated", "on": suggestion.get("rated_on"), "result": suggestion.get("result")}
        )
    return steps


def _counting(keep: Callable[[Data, SuggestionState, Books], bool]) -> Count:
    return lambda books: sum(
        keep(suggestion, state_on(suggestion, books.last), books) for suggestion in books.suggestions
    )


def _by_state(keep: Callable[[SuggestionState], bool]) -> Count:
    return _counting(lambda _, now, __: keep(now))


def _at_session(suggestion: Data, _: SuggestionState, __: Books) -> bool:
    where = suggestion.get("raised_at") or ("session" if suggestion.get("session_id") is not None else "")
    return where == "session"


def _overdue(_: Data, now: SuggestionState, books: Books) -> bool:
    return now.assigned and not now.replied and now.due is not None and now.due < books.last


def carried_over(books: Books) -> list[Data]:
    """Raised before the period and neither closed nor rejected when it began."""
    eve = books.first - timedelta(days=1)
    earlier = [
        s for s in books.in_force("suggestion") if (day(s.get("raised_on")) or books.first) < books.first
    ]
    then = [(suggestion, state_on(suggestion, eve)) for suggestion in earlier]
    return [suggestion for suggestion, now in then if not now.closed and not now.rejected]


def assigned_now(books: Books) -> list[tuple[Data, SuggestionState]]:
    return [p for p in ((s, state_on(s, books.last)) for s in books.suggestions) if p[1].assigned]


def _replied(books: Books) -> list[SuggestionState]:
    return [
        now for now in (state_on(suggestion, books.last) for suggestion in books.suggestions) if now.replied
    ]


def _reply_rate(books: Books) -> Answer:
    return share(sum(now.replied for _, now in assigned_now(books)), len(assigned_now(books)))


def _on_time(books: Books) -> Answer:
    return share(sum(not now.late for now in _replied(books)), len(_replied(books)))


def _met(books: Books) -> Answer:
    replied = _replied(books)
    if replied and all(now.met is None for now in replied):
        return Nothing.MISSING
    return share(sum(now.met is True for now in replied), len(replied))


def _units(*, lead: bool, co: bool) -> Count:
    def answer(books: Books) -> Answer:
        assigned = [suggestion for suggestion, _ in assigned_now(books)]
        leading = [suggestion["unit"] for suggestion in assigned if suggestion.get("unit")]
        if assigned and not leading:
            return Nothing.MISSING
        with_them = [unit for suggestion in assigned for unit in items(suggestion.get("co_units"))]
        return len({*(leading if lead else []), *(with_them if co else [])})

    return answer


FIGURES: Mapping[str, Count] = {
    "suggestions.raised": lambda books: len(books.suggestions),
    "suggestions.at_session": _counting(_at_session),
    "suggestions.between_sessions": _counting(
        lambda suggestion, _, __: suggestion.get("raised_at") == "between"
    ),
    "suggestions.assigned": _by_state(lambda now: now.assigned),
    "suggestions.units": _units(lead=True, co=True),
    "suggestions.lead_units": _units(lead=True, co=False),
    "suggestions.co_units": _units(lead=False, co=True),
    "suggestions.joint": _counting(lambda s, now, _: now.assigned and bool(items(s.get("co_units")))),
    "suggestions.key": _counting(lambda suggestion, _, __: suggestion.get("key") is True),
    "suggestions.key_replied": _counting(
        lambda suggestion, now, _: suggestion.get("key") is True and (now.replied or now.answered)
    ),
    "suggestions.replied": _by_state(lambda now: now.replied),
    "suggestions.in_hand": _by_state(lambda now: now.assigned and not now.replied),
    "suggestions.replied_late": _by_state(lambda now: now.replied and now.late),
    "suggestions.on_time_rate": _on_time,
    "suggestions.interviewed_rate": _met,
    "suggestions.forwarded": _by_state(lambda now: now.forwarded),
    "suggestions.forwarded_answered": _by_state(lambda now: now.forwarded and now.answered),
    "suggestions.rejected": _by_state(lambda now: now.rejected),
    "suggestions.redone": _by_state(lambda now: now.redone),
    "suggestions.rated": _by_state(lambda now: bool(now.result)),
    "suggestions.carried_over": lambda books: len(carried_over(books)),
    "suggestions.overdue": _counting(_overdue),
    "suggestions.reply_rate": _reply_rate,
    "suggestions.class.a": _by_state(lambda now: now.replied and now.result_class == "a"),
    "suggestions.class.b": _by_state(lambda now: now.replied and now.result_class == "b"),
    "suggestions.class.c": _by_state(lambda now: now.replied and now.result_class == "c"),
    "suggestions.class.d": _by_state(lambda now: now.replied and now.result_class == "d"),
    "suggestions.satisfied": _by_state(lambda now: now.result == "satisfied"),
    "suggestions.basically_satisfied": _by_state(lambda now: now.result == "basically_satisfied"),
    "suggestions.dissatisfied": _by_state(lambda now: now.result == "dissatisfied"),
}
