"""Ballots: paper counts keyed twice (`count`), codes and encrypted ballots (`box`), box keys (`keys`)."""

from services.ratings.ballots.box import (
    LENGTH,
    Slip,
    ballot_lines,
    by_name,
    count_ballots,
    decrypt,
    encrypt,
    line_of,
    marks_of,
    read_choices,
)
from services.ratings.ballots.count import (
    Entry,
    Row,
    Sheet,
    Tally,
    check_complete,
    check_sheet,
    differences,
    entered,
    publishable_sheets,
    read_rows,
    result,
)
from services.ratings.ballots.keys import BoxKeys

__all__ = [
    "LENGTH",
    "BoxKeys",
    "Entry",
    "Row",
    "Sheet",
    "Slip",
    "Tally",
    "ballot_lines",
    "by_name",
    "check_complete",
    "check_sheet",
    "count_ballots",
    "decrypt",
    "differences",
    "encrypt",
    "entered",
    "line_of",
    "marks_of",
    "publishable_sheets",
    "read_choices",
    "read_rows",
    "result",
]
