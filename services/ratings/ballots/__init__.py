"""Ballots: the paper count keyed twice (`count`), codes and sealed ballots (`box`), their keys (`keys`)."""

from services.ratings.ballots.box import (
    LENGTH,
    Slip,
    ballot_lines,
    by_name,
    counted,
    line_of,
    marks_of,
    read_choices,
    seal,
    unseal,
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
    read_rows,
    result,
    shown,
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
    "counted",
    "differences",
    "entered",
    "line_of",
    "marks_of",
    "read_choices",
    "read_rows",
    "result",
    "seal",
    "shown",
    "unseal",
]
