"""Lawful number of deputies for a population (选举法 Art. 12): a base and one more for each 1,500 people."""

from datetime import date
from typing import Final

RAISED_ON: Final = date(2020, 10, 17)
"""The day the base went from 40 to 45; a congress elected before keeps its total (选举法 2020 Art. 14)."""
MOST: Final = 160
PEOPLE_PER_SEAT: Final = 1500
SMALL: Final = 2000
"""A town with fewer people may have fewer deputies than the base."""


def lawful(population: int, elected_on: date) -> int:
    """The quota by law. 34 500 people: 63 with the base of 40, 68 with that of 45; at most 160, from 172 500 people."""
    base = 45 if elected_on >= RAISED_ON else 40
    return min(MOST, base + population // PEOPLE_PER_SEAT)


def fits(quota: int, population: int, elected_on: date) -> bool:
    """Within one of the lawful number, as the law does not say how to round; small towns may have fewer."""
    most = lawful(population, elected_on)
    return quota <= most + 1 and (population < SMALL or quota >= most - 1)
