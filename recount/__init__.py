"""The numbers of a summary counted again by somebody who shares nothing with the program that wrote it.

Knows the events by their public JSON (docs/events.md, docs/log.md), the figures by their written definitions
(docs/figures.md) and the tags of the document by ADR 0022. Imports nothing of `services` and `shared`.
"""

from recount.log import Broken, Log
from recount.verdict import Recount, verify
from recount.word import NotReadable, read

__all__ = ["Broken", "Log", "NotReadable", "Recount", "read", "verify"]
