"""Checks of references: deputies of an attendance, groups, stations, own records."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.attendance import Attendance
from services.activities.domain.roster import Deputyship, roster_hash
from services.activities.errors import ReferenceUnknown
from services.activities.repository import DEPUTYSHIPS, GROUPS, STATIONS
from shared.errors import FieldError, Invalid
from shared.storage.voiding import Voidable
from shared.storage.work import Collection, Record, Work

R = TypeVar("R", bound=Record)
Own = TypeVar("Own", bound=Voidable | Activity)


@dataclass(frozen=True)
class Roster:
    """The town's deputyships by id, as of the roster event `sequence`; `whole`: all events up to it were applied."""

    town: str
    deputyships: Mapping[str, Deputyship]
    sequence: int
    whole: bool

    def cited(self, day: date) -> dict[str, object]:
        """Fields by which a record cites the roster it was checked against; no hash where the copy is incomplete."""
        digest = roster_hash(self.town, day, self.deputyships.values()) if self.whole else None
        return {"roster_sequence": self.sequence, "roster_hash": digest}


async def roster_for(work: Work, attendance: Attendance, *, certainly: bool = False) -> Roster:
    """The roster, after waiting until it contains everyone named and no more events arrive.

    `certainly`: wait in any case, as all deputies are counted. Errors: ReferenceUnknown naming each unknown place.
    """
    with suppress(Invalid):
        await work.require_all(DEPUTYSHIPS, attendance.ids, "body.attendance")
    await repository.await_roster(work, certainly=certainly)
    deputyships, sequence, whole = await repository.roster(work)
    here = {deputyship.id: deputyship for deputyship in deputyships}
    faults = [
        FieldError(f"body.attendance.{place}", f"没有这个代表职务：{named}")
        for place, named in attendance.named()
        if named not in here
    ]
    if faults:
        detail = f"出席情况中有 {len(faults)} 个编号不是已登记的代表职务"
        raise ReferenceUnknown(detail, errors=faults)
    return Roster(work.town, here, sequence, whole)


async def check_deputyships(work: Work, named: Iterable[tuple[str, str]]) -> None:
    """`named`: (place in the request's body, id). Errors: ReferenceUnknown with each unknown place."""
    references = list(named)
    if not references:
        return
    with suppress(Invalid):
        await work.require_all(DEPUTYSHIPS, (id for _, id in references), "body")
    deputyships = await work.find(DEPUTYSHIPS, {"_id": {"$in": [id for _, id in references]}})
    here = {deputyship.id for deputyship in deputyships}
    faults = [FieldError(f"body.{at}", f"没有这个代表职务：{id}") for at, id in references if id not in here]
    if faults:
        raise ReferenceUnknown(faults[0].message, errors=faults)


async def check_group(work: Work, group_id: str | None) -> None:
    if group_id is not None:
        await work.require_all(GROUPS, [group_id], "body.group_id")


async def check_groups(work: Work, groups: Sequence[str], loc: str = "body.group_ids") -> None:
    for n, group_id in enumerate(groups):
        await work.require_all(GROUPS, [group_id], f"{loc}.{n}" if len(groups) > 1 else "body.group_id")


async def check_station(work: Work, station_id: str | None) -> None:
    if station_id is not None:
        await work.require_all(STATIONS, [station_id], "body.station_id")


async def check_own(work: Work, collection: Collection[Own], id: str | None, loc: str, noun: str) -> None:
    """Check a reference to a record of this service, which is not voided at the same moment. Errors: ReferenceUnknown,
    also when it is voided."""
    if id is None:
        return
    record = await work.get(collection, id)
    if record is None or record.is_voided:
        message = f"{noun}不存在：{id}" if record is None else f"{noun}已作废：{id}"
        raise ReferenceUnknown(message, errors=[FieldError(loc, message)])
    work.lock(collection, record)


def revised(record: R, patch: BaseModel, **computed: object) -> R:
    """The record with the fields sent in a patch, which have the record's types."""
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    return record.model_copy(update={**sent, **computed})
