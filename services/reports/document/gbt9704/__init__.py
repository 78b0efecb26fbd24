"""Measures a Word file against GB/T 9704-2012 by reading its XML; shares no code with what writes the file."""

from services.reports.document.gbt9704.measures import Deviation
from services.reports.document.gbt9704.parts import split
from services.reports.document.gbt9704.reading import Unreadable, read
from services.reports.document.gbt9704.rules import RULES

__all__ = ["Deviation", "Unreadable", "check"]


def check(docx: bytes) -> list[Deviation]:
    """Everything that differs from the standard, in the order of the rules; empty = the file conforms."""
    parts = split(read(docx))
    return [deviation for rule in RULES for deviation in rule(parts)]
