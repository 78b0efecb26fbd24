"""Checker of Word files against GB/T 9704-2012; reads the XML and shares no code with the writer.

The standard is the only thing allowed: each property of each paragraph, run, table and section, each element and each
setting is either what is prescribed for its place, or known to be harmless, or a deviation.
"""

from collections.abc import Iterator

from services.reports.document.gbt9704 import closed
from services.reports.document.gbt9704.elements import elements, settings
from services.reports.document.gbt9704.language import language
from services.reports.document.gbt9704.measures import Deviation
from services.reports.document.gbt9704.parts import Parts, split
from services.reports.document.gbt9704.placing import placed
from services.reports.document.gbt9704.reading import Unreadable, read
from services.reports.document.gbt9704.rules import RULES
from services.reports.document.gbt9704.sections import page_numbers, sections
from services.reports.document.gbt9704.tables import tables

__all__ = ["Deviation", "Unreadable", "check"]


def check(docx: bytes) -> list[Deviation]:
    """Deviations from the standard, each once; empty = the file conforms. Errors: Unreadable."""
    parts = split(read(docx))
    return list(dict.fromkeys(_deviations(parts)))


def _deviations(parts: Parts) -> Iterator[Deviation]:
    for rule in (sections, page_numbers, *RULES, tables, elements, settings):
        yield from rule(parts)
    recorded = parts.recorded
    for paragraph, role in placed(parts):
        yield from closed.paragraph(paragraph, role)
        yield from language(paragraph, role, recorded)
