"""Suggestions that may be one, entered under two numbers: which they are. Nothing is voided by itself."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal

from services.activities.domain.duplicates import alike, differ_by_numbers
from services.activities.domain.suggestions import Suggestion
from services.activities.domain.values import Value
from shared.chinese.characters import key

SuggestionReason = Literal["same_title", "like_title", "same_lead"]
NEAR_DAYS: Final = 31
ALIKE: Final = 0.8
"""Share of the characters that two titles have in common, from which on they are nearly the same."""
_FRAME: Final = re.compile(r"^关于|的?(建议|意见|批评)$")


class DuplicateSuggestion(Value):
    """Suggestions of one year that may be one, the earliest entry first."""

    suggestions: tuple[Suggestion, ...]
    reasons: tuple[SuggestionReason, ...]


def duplicate_suggestions(suggestions: Iterable[Suggestion]) -> list[DuplicateSuggestion]:
    """By year and number."""
    order = sorted((one for one in suggestions if not one.is_voided), key=lambda one: one.in_order)
    years = (list(of_year) for _, of_year in groupby(order, key=lambda one: one.year))
    return [
        DuplicateSuggestion(suggestions=found, reasons=reasons)
        for of_year in years
        for found, reasons in alike(of_year, likeness)
    ]


def likeness(one: Suggestion, other: Suggestion) -> list[SuggestionReason]:
    """Why two suggestions may be one; nothing where lead deputies or titles are others, or the days are far apart."""
    if other.id in one.different_from or one.id in other.different_from:
        return []
    leads = {one.lead_deputyship_id, other.lead_deputyship_id} - {None}
    if len(leads) > 1 or abs((one.raised_on - other.raised_on).days) > NEAR_DAYS:
        return []
    led: list[SuggestionReason] = ["same_lead"] if one.lead_deputyship_id == other.lead_deputyship_id else []
    led = led if leads else []
    if key(one.title) == key(other.title):
        return ["same_title", *led]
    if not led or differ_by_numbers(one.title, other.title):
        return []
    here, there = _matter(one.title), _matter(other.title)
    return ["like_title", *led] if SequenceMatcher(None, here, there).ratio() >= ALIKE else []


def _matter(title: str) -> str:
    """The title without its frame, 关于…的建议."""
    return _FRAME.sub("", key(title))
