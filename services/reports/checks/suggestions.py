"""Findings about suggestions of deputies: what is late, what was refused or dissatisfied, what was not looked at."""

from collections.abc import Callable, Iterator

from services.reports.checks.draft import Books, Draft, found
from services.reports.events_in import Suggestion
from services.reports.figures.suggestions import Standing, overdue, selected
from services.reports.words import day_text


def overdue_one_by_one(books: Books) -> Iterator[Draft]:
    year = books.year
    for fact in year.suggestions:
        if not overdue(fact.data, year.as_of):
            continue
        number = fact.data.number if fact.data.number is not None else ""
        due = fact.data.due_on
        until = f"，应于{day_text(due)}前答复" if due else ""
        message = f"第{number}号建议“{fact.data.title}”{until}，至今未答复。"
        yield found("suggestions.overdue", message, [fact], key=number)


def handling(books: Books) -> Iterator[Draft]:
    """One finding a rule, over all suggestions it speaks of."""
    as_of = books.year.as_of
    asked: tuple[tuple[str, str, Callable[[Suggestion, Standing], bool]], ...] = (
        ("replied_late", "有{}件代表建议超过期限才答复。", lambda _, now: now.replied_late),
        ("returned_late", "有{}件代表建议承办单位超过退回期限才退回。", lambda _, now: now.returned_late),
        ("unassigned", "有{}件代表建议尚未交办。", _waits),
        ("extended", "有{}件代表建议延期，没有登记交办机关同意。", lambda _, now: now.unconsented),
        ("dissatisfied", "有{}件代表建议的办理结果代表不满意。", lambda _, now: now.result == "dissatisfied"),
        (
            "not_redone",
            "有{}件代表建议办理结果代表不满意，尚未退回重办。",
            lambda _, now: now.result == "dissatisfied" and not now.redone,
        ),
        (
            "redo_overdue",
            "有{}件退回重办的代表建议超过期限尚未再次答复。",
            lambda _, now: now.redo_due_on is not None and now.redo_due_on < as_of,
        ),
        ("intake", "有{}件代表建议受理时有不符合要求的项目。", lambda s, _: False in s.intake.values()),
        (
            "intake_missing",
            "有{}件代表建议的受理审查没有逐项登记。",
            lambda s, _: None in s.intake.values(),
        ),
    )
    for rule, message, keep in asked:
        facts = selected(books.year, keep)
        if facts:
            yield found(f"suggestions.{rule}", message.format(len(facts)), facts)


def _waits(_: Suggestion, now: Standing) -> bool:
    return not (now.assigned or now.replied or now.forwarded or now.rejected)


def unreported(books: Books) -> Iterator[Draft]:
    """代表法 Art. 51: the handling of suggestions is reported to the congress."""
    year = books.year
    if not year.suggestions or not year.whole:
        return
    titles = [report.title for fact in year.sessions for report in fact.data.reports]
    if not any("建议" in title for title in titles):
        message = "统计期内提出了代表建议，但没有向镇人民代表大会报告办理情况的记录。"
        yield found("suggestions.unreported", message, year.suggestions)
