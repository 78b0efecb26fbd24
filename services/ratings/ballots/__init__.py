"""Ballots: the paper count keyed twice (`count`), codes and sealed ballots (`box`), their keys (`keys`)."""

from services.ratings.ballots.box import (
    Slip,
    ballot_lines,
    counted,
    fingerprint,
    line_of,
    new_code,
    read_choices,
    read_code,
    seal,
    shown,
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
)
from services.ratings.ballots.keys import BoxKeys

__all__ = [
    "BoxKeys",
    "Entry",
    "Row",
    "Sheet",
    "Slip",
    "Tally",
    "ballot_lines",
    "check_complete",
    "check_sheet",
    "counted",
    "differences",
    "entered",
    "fingerprint",
    "line_of",
    "new_code",
    "read_choices",
    "read_code",
    "read_rows",
    "result",
    "seal",
    "shown",
    "unseal",
]
