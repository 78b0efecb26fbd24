"""Numbers of headings in official documents: 一、 （一） 1. （1）, by position."""

from collections.abc import Iterable, Iterator

from services.reports.domain import Section
from services.reports.notation import numeral


def label(level: int, number: int) -> str:
    """The number of a heading with its punctuation (GB/T 9704-2012, 7.3.3)."""
    match level:
        case 1:
            return f"{numeral(number)}、"
        case 2:
            return f"（{numeral(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
    raise ValueError(f"no heading has the level {level}")


def numbered(sections: Iterable[Section]) -> Iterator[tuple[str, Section]]:
    """Sections with their numbers, "" without a heading; a higher level restarts the lower ones."""
    counters = [0] * 5
    for section in sections:
        if not section.level or not section.heading:
            yield "", section
            continue
        counters[section.level] += 1
        counters[section.level + 1 :] = [0] * (4 - section.level)
        yield label(section.level, counters[section.level]), section
