"""Cases in the text: one paragraph each, in the office's own words, behind the paragraph of its kind."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from services.reports.domain import Paragraph, Run
from services.reports.events_in import Activity
from services.reports.figures.cases import CaseFact, in_report
from services.reports.figures.year import Year
from services.reports.narrative.binding import flags
from services.reports.narrative.template import Outline

_PREFIX: Final = "case."
ELSEWHERE: Final = ("cases", "suggestion_results")
"""Paragraphs, of which every outline has one, in whose section stands what has no other place."""
_HOMES: Final = {
    "group_activity": "group_activities",
    "training": "training",
    "inspection": "supervision_results",
    "research": "supervision_results",
    "law_check": "supervision_results",
    "review": "supervision_results",
    "reception": "receptions",
    "visit": "receptions",
    "contact": "receptions",
    "good_deed": "receptions",
}
"""By kind of activity: the paragraph in whose section its case stands; suggestions stand at their results."""


def placed(year: Year, plan: Outline) -> dict[str, tuple[Paragraph, ...]]:
    """Paragraphs of the chosen cases by section id; named by their days, the office may move them like any other."""
    sections = {name: section.id for section in reversed(plan.sections) for name in section.paragraphs}
    by_section: dict[str, list[Paragraph]] = {}
    of_day: Counter[date | None] = Counter()
    for fact in in_report(year):
        home, day = _home(fact), _day(fact)
        of_day[day] += 1
        section = next(sections[name] for name in (home, *ELSEWHERE, *sections) if name in sections)
        id = f"{_PREFIX}{day}" if of_day[day] == 1 else f"{_PREFIX}{day}.{of_day[day]}"
        by_section.setdefault(section, []).append(_paragraph(id, fact))
    return {section: tuple(paragraphs) for section, paragraphs in by_section.items()}


def _home(fact: CaseFact) -> str:
    return _HOMES.get(fact.data.kind, "") if isinstance(fact.data, Activity) else "suggestion_results"


def _day(fact: CaseFact) -> date | None:
    day: date | None = fact.data.held_on if isinstance(fact.data, Activity) else fact.data.raised_on
    return day


def _paragraph(id: str, fact: CaseFact) -> Paragraph:
    case = fact.data.case
    text = "".join(_ended([f"案例：{fact.data.title}", case.raised, case.done, case.effect]))
    return Paragraph(id=id, text=text, runs=(Run(text=text),), edited=True, flags=flags(text, ()))


def _ended(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        yield part if part.endswith(("。", "！", "？")) else f"{part}。"
