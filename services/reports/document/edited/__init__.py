"""Reading of a report that staff edited in Word or WPS and uploaded."""

from services.reports.document.edited.matching import Change, Match, Means, Reworded, matched
from services.reports.document.edited.reading import MAX_BYTES, Edited, Line, read

__all__ = ["MAX_BYTES", "Change", "Edited", "Line", "Match", "Means", "Reworded", "matched", "read"]
