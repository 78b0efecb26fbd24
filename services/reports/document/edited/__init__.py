"""Reading of a report that staff edited in Word or WPS and uploaded."""

from services.reports.document.edited.blocks import Line
from services.reports.document.edited.matching import Change, Match, Means, Reworded, matched
from services.reports.document.edited.outline import OWN_SECTION
from services.reports.document.edited.reading import MAX_BYTES, Edited, read

__all__ = [
    "MAX_BYTES",
    "OWN_SECTION",
    "Change",
    "Edited",
    "Line",
    "Match",
    "Means",
    "Reworded",
    "matched",
    "read",
]
