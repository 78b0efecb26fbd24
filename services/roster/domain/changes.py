"""Entries of a deputyship's history: one for each step; entries are only added."""

from datetime import date
from typing import Literal

from services.roster.domain.dated import Value

ChangeKind = Literal[
    "started",
    "grouped",
    "appointed",
    "suspended",
    "resumed",
    "resignation_requested",
    "resignation_settled",
    "ended",
    "corrected",
    "voided",
]


class Change(Value):
    """One step: its kind, day and article of law; `version` is the record's version that added it.

    `before` and `after` hold the values of a change. For a correction, `field` names what was corrected and `on` is
    the day of the correction.
    """

    kind: ChangeKind
    on: date
    reason: str | None = None
    basis: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    version: int
