"""Integrity checks of meetings, results and copies of the roster."""

from collections.abc import Iterator

from services.ratings.domain import Meeting
from services.ratings.repository import (
    ALL,
    DEPUTYSHIPS,
    DUTY_REPORTS,
    MEETINGS,
    PEOPLE,
    SLIPS,
    TOWNS,
)
from shared.endpoints.integrity import Checks, Reference
from shared.events.rebuild import ReadModel


def count_faults(meeting: Meeting) -> Iterator[str]:
    result = meeting.result
    if (result is not None) != (meeting.state == "published"):
        yield "结果只应在公布以后、撤回以前存在"
    if result is None:
        return
    if result.issued != result.returned + result.not_returned:
        yield "发出票数不等于收回、未收回之和"
    if result.returned != result.valid + result.void:
        yield "收回票数不等于有效票、废票之和"
    for deputy in result.deputies:
        if sum(deputy.counts.values()) + deputy.abstain + deputy.spoiled != result.valid:
            yield f"{deputy.deputyship_id} 的得票之和不等于有效票数"


READ_MODEL = ReadModel(streams=("roster",), collections=(TOWNS, PEOPLE, DEPUTYSHIPS))
CHECKS = Checks(
    collections=ALL,
    copies=(TOWNS, PEOPLE, DEPUTYSHIPS),
    references=(
        Reference(MEETINGS, "deputyship_ids", DEPUTYSHIPS),
        Reference(MEETINGS, "result.deputies.deputyship_id", DEPUTYSHIPS),
        Reference(DUTY_REPORTS, "meeting_id", MEETINGS),
        Reference(DUTY_REPORTS, "deputyship_id", DEPUTYSHIPS),
        Reference(SLIPS, "meeting_id", MEETINGS),
        Reference(DEPUTYSHIPS, "person_id", PEOPLE),
    ),
    identities={MEETINGS.name: count_faults},
)
