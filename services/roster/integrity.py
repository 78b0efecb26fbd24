"""Integrity checks of the roster's records: references and invariants."""

from collections.abc import Iterator
from itertools import pairwise

from services.roster.domain.deputyships import Deputyship
from services.roster.repository import (
    ALL,
    BY_ELECTIONS,
    DEPUTYSHIPS,
    GROUPS,
    PEOPLE,
    STATIONS,
    TASKS,
)
from shared.endpoints.integrity import Checks, Reference


def deputyship_faults(deputyship: Deputyship) -> Iterator[str]:
    if deputyship.ended_on is not None and deputyship.ended_on < deputyship.started_on:
        yield "结束日期早于开始日期"
    if (deputyship.status in ("ended", "voided")) != (deputyship.ended_on is not None):
        yield "状态与结束日期不符"
    if any(earlier.version > later.version for earlier, later in pairwise(deputyship.changes)):
        yield "变动记录的先后与版本不符"


CHECKS = Checks(
    collections=ALL,
    references=(
        Reference(DEPUTYSHIPS, "person_id", PEOPLE),
        Reference(PEOPLE, "merged_into", PEOPLE),
        Reference(DEPUTYSHIPS, "group_id", GROUPS),
        Reference(DEPUTYSHIPS, "group_history.group_id", GROUPS),
        Reference(DEPUTYSHIPS, "by_election_id", BY_ELECTIONS),
        Reference(BY_ELECTIONS, "candidates.person_id", PEOPLE),
        Reference(TASKS, "deputyship_id", DEPUTYSHIPS),
        Reference(GROUPS, "leader_deputyship_id", DEPUTYSHIPS),
        Reference(GROUPS, "leader_history.deputyship_id", DEPUTYSHIPS),
        Reference(GROUPS, "station_id", STATIONS),
    ),
    identities={DEPUTYSHIPS.name: deputyship_faults},
)
