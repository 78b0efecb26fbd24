"""The history of a deputyship as it was written down: one entry a step, and none is ever taken away."""

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
]


class Change(Value):
    """What happened, on which day, by which article of law; `version` is that of the record which first said so.

    `before` and `after` are for what passes from one value to another; of a correction, `field` names it and `on` is
    the day it was made.
    """

    kind: ChangeKind
    on: date
    reason: str | None = None
    basis: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    version: int
