"""Hash of the roster on a day, computable from the published deputyships (ADR 0018)."""

import hashlib
from collections.abc import Iterable
from datetime import date

from services.roster.domain.dated import Value
from services.roster.domain.deputyships import Deputyship, Level, Role, Status, group_on, roles_on, status_on
from shared.envelope import canonical


class RosterEntry(Value):
    """State of one deputyship on a day."""

    deputyship_id: str
    person_id: str
    level: Level
    status: Status
    group_id: str | None
    roles: list[Role]


def roster_entry(deputyship: Deputyship, day: date) -> RosterEntry | None:
    """None before the first day, and from the day it ended."""
    status = status_on(deputyship, day)
    if status not in ("serving", "suspended"):
        return None
    return RosterEntry(
        deputyship_id=deputyship.id,
        person_id=deputyship.person_id,
        level=deputyship.level,
        status=status,
        group_id=group_on(deputyship, day),
        roles=roles_on(deputyship, day),
    )


def roster_hash(town: str, day: date, rows: Iterable[RosterEntry]) -> str:
    """SHA-256 of the RFC 8785 form of {town, as_of, deputies}; the order of rows and roles does not matter."""
    deputies = [
        {**row.model_dump(include=set(RosterEntry.model_fields)), "roles": sorted(row.roles)}
        for row in sorted(rows, key=lambda row: row.deputyship_id)
    ]
    content = {"town": town, "as_of": day.isoformat(), "deputies": deputies}
    return hashlib.sha256(canonical(content)).hexdigest()
