"""Checker of Word files against GB/T 9704-2012; reads the XML and shares no code with the writer."""

from services.reports.document.gbt9704.measures import Deviation
from services.reports.document.gbt9704.parts import split
from services.reports.document.gbt9704.reading import Unreadable, read
from services.reports.document.gbt9704.rules import RULES

__all__ = ["Deviation", "Unreadable", "check"]


def check(docx: bytes) -> list[Deviation]:
    """Deviations from the standard in the order of the rules; empty = the file conforms."""
    parts = split(read(docx))
    return [deviation for rule in RULES for deviation in rule(parts)]
