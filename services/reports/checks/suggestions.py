"""Findings about the handling of suggestions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.events_in import Suggestion
from services.reports.figures.handling import Handling
from services.reports.figures.suggestions import overdue, selected


def overdue_one_by_one(books: Books) -> Iterator[Draft]:
    year = books.year
    for fact in year.suggestions:
        if not overdue(year, fact.data):
            continue
        number = fact.data.number if fact.data.number is not None else ""
        due = fact.data.due_on
        until = f"，应于{year.dated(due)}前答复" if due else ""
        message = f"第{number}号建议“{fact.data.title}”{until}，至今未答复。"
        assigned_on = year.handling(fact.data).on.get("assigned")
        yield finding("suggestions.overdue", message, [fact], key=number, day=assigned_on)


@dataclass(frozen=True)
class Rule:
    """A rule on one suggestion. `keep`: whether it is breached; `day`: day of the breach or the duty."""

    name: str
    message: str
    keep: Callable[[Suggestion, Handling], bool]
    day: Callable[[Suggestion, Handling], date | None]


def _when(action: str) -> Callable[[Suggestion, Handling], date | None]:
    return lambda _, now: now.on.get(action)


def _raised(suggestion: Suggestion, _: Handling) -> date | None:
    return suggestion.raised_on


def _waits(_: Suggestion, now: Handling) -> bool:
    return not (now.assigned or now.replied or now.forwarded or now.rejected)


def _dissatisfied(_: Suggestion, now: Handling) -> bool:
    return now.result == "dissatisfied"


RULES: Final = (
    Rule(
        "replied_late", "有{}件代表建议超过期限才答复。", lambda _, now: now.replied_late, _when("assigned")
    ),
    Rule(
        "returned_late",
        "有{}件代表建议承办单位超过退回期限才退回。",
        lambda _, now: now.returned_late is not None,
        lambda _, now: now.returned_late,
    ),
    Rule("unassigned", "有{}件代表建议尚未交办。", _waits, _raised),
    Rule(
        "extended",
        "有{}件代表建议延期，没有登记交办机关同意。",
        lambda _, now: now.unconsented,
        _when("extended"),
    ),
    Rule("dissatisfied", "有{}件代表建议的办理结果代表不满意。", _dissatisfied, _when("rated")),
    Rule(
        "not_redone",
        "有{}件代表建议办理结果代表不满意，尚未退回重办。",
        lambda s, now: _dissatisfied(s, now) and not now.redone,
        _when("rated"),
    ),
    Rule(
        "intake",
        "有{}件代表建议受理时有不符合要求的项目。",
        lambda s, _: False in s.intake.values(),
        _raised,
    ),
    Rule(
        "intake_missing",
        "有{}件代表建议的受理审查没有逐项登记。",
        lambda s, _: None in s.intake.values(),
        _raised,
    ),
)


def handling_faults(books: Books) -> Iterator[Draft]:
    """One finding per rule for all suggestions that breach it."""
    year = books.year
    overrun = Rule(
        "redo_overdue",
        "有{}件退回重办的代表建议超过期限尚未再次答复。",
        lambda _, now: now.redo_due_on is not None and now.redo_due_on < year.as_of,
        _when("redone"),
    )
    unrated = Rule(
        "unrated",
        "有{}件代表建议答复后已过评价期限，没有登记代表的评价；经提醒仍未评价的可以办结，不计入满意度。",
        lambda _, now: now.rate_by is not None and now.rate_by < year.as_of,
        lambda _, now: max(filter(None, map(now.on.get, ("replied", "answered"))), default=None),
    )
    for rule in (*RULES, overrun, unrated):
        facts = selected(year, rule.keep)
        cases = ((rule.day(fact.data, year.handling(fact.data)), [fact]) for fact in facts)
        yield from together(books, f"suggestions.{rule.name}", rule.message, cases)


def unreported(books: Books) -> Iterator[Draft]:
    """The handling of suggestions must be reported to the congress (代表法 Art. 51)."""
    year = books.year
    if not year.suggestions or not year.whole:
        return
    titles = [report.title for fact in year.sessions for report in fact.data.reports]
    if not any("建议" in title for title in titles):
        message = f"统计期内提出了代表建议，但没有向{books.year.rank}人民代表大会报告办理情况的记录。"
        yield finding("suggestions.unreported", message, year.suggestions)
