"""Independent recount of a summary's numbers, without code of the program that wrote it.

Input: events in their public JSON (docs/events.md, docs/log.md), figures by their written definitions
(docs/figures.md), tags of the document by ADR 0022. Imports nothing from `services` and `shared`.
"""

from recount.area import verify as verify_area
from recount.log import Broken, Log
from recount.package import NotReadable
from recount.verdict import Recount, period, same_edition, verify
from recount.word import read

__all__ = [
    "Broken",
    "Log",
    "NotReadable",
    "Recount",
    "period",
    "read",
    "same_edition",
    "verify",
    "verify_area",
]
