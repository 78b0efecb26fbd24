"""What the towns of an area have handed in of a period, for the report of the area."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from services.reports.domain import Frozen, Report, ReportStatus


class HandIn(StrEnum):
    """Where a town stands with the county: `none` has never handed in."""

    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    NONE = "none"


_STEPS = {
    ReportStatus.SUBMITTED: HandIn.SUBMITTED,
    ReportStatus.ACCEPTED: HandIn.ACCEPTED,
    ReportStatus.RETURNED: HandIn.RETURNED,
}


class HandedIn(Frozen):
    """One town. `report`: the accepted edition, which stands until another is accepted or it is returned; `pending`:
    status of a later edition beside it. `sequence`, `hash`: head of the town's stream of reports that says so.
    `submitted_on`, `late`, `extended_until`: of the latest submission."""

    town: str
    name: str
    state: HandIn = HandIn.NONE
    report: Report | None = None
    pending: ReportStatus | None = None
    sequence: int
    hash: str
    submitted_on: date | None = None
    late: bool = False
    extended_until: date | None = None

    @property
    def shown(self) -> str:
        return self.name or self.town


def settled(editions: Iterable[tuple[int, ReportStatus]]) -> tuple[HandIn, int | None, ReportStatus | None]:
    """Of editions in order: how the town stands, the edition that is accepted, and the status of a later one."""
    state, accepted, pending = HandIn.NONE, None, None
    for number, status in editions:
        step = _STEPS.get(status)
        if step is HandIn.ACCEPTED:
            state, accepted, pending = step, number, None
        elif step is HandIn.RETURNED:
            state, accepted, pending = step, None, None
        elif accepted is not None:
            pending = status
        elif step is not None:
            state = step
    return state, accepted, pending
