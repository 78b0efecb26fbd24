"""Copies of what an account names, and its checks against them; what cannot be checked yet is told, and not refused."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from services.accounts.domain.accounts import Account, State
from services.accounts.domain.copies import Deputyship, Meeting
from services.accounts.errors import ReferenceUnknown
from services.accounts.repository import DEPUTYSHIPS, MEETINGS
from shared.envelope import Event, source_of
from shared.errors import FieldError, Invalid, Unavailable
from shared.events.marks import Mark
from shared.events.vouched import vouched
from shared.storage.reader import Reader
from shared.storage.work import Collection, Record, Work

R = TypeVar("R", bound=Record)


class Named(NamedTuple):
    """A field of an account, the copies of what it names, the service they come from, and what is said without one."""

    field: str
    collection: Collection[Any]
    service: str
    unknown: str


NAMED: Final = (
    Named("deputyship_id", DEPUTYSHIPS, "roster", "名册中没有这个代表资格"),
    Named("meeting_id", MEETINGS, "ratings", "没有这场测评会"),
)


async def project_deputyship(work: Work, deputyship: Deputyship, _: Event) -> None:
    before = await work.get(DEPUTYSHIPS, deputyship.id)
    if deputyship.over and before is not None and before.version < deputyship.version:
        # An account that is added meanwhile has locked it, and is seen in the next try.
        work.replace(DEPUTYSHIPS, deputyship, before)
    else:
        work.project(DEPUTYSHIPS, deputyship)


async def project_meeting(work: Work, meeting: Meeting, _: Event) -> None:
    work.project(MEETINGS, meeting)


async def check(work: Work, account: Account) -> None:
    """Errors: ReferenceUnknown for an id that its service does not know, or a mandate that is over; Unavailable while
    that cannot be told."""
    for named in NAMED:
        id = getattr(account, named.field)
        if id is not None and not await _known(work, named, id):
            raise _refused(named.field, f"{named.unknown}：{id}")
    if account.deputyship_id is not None:
        await _lock_mandate(work, account.deputyship_id)


async def _lock_mandate(work: Work, id: str) -> None:
    """Errors: ReferenceUnknown where the mandate is over; Unavailable while that cannot be told."""
    mandate, mark = await _vouched(work, DEPUTYSHIPS, "roster", id)
    if mandate is not None and mandate.over:
        raise _refused("deputyship_id", f"这个代表资格已经终止或者作废：{mandate.id}")
    if mark is None or mark.received_anew:
        # To an end of the mandate that is received again nobody reacts again.
        raise Unavailable("正在重新接收代表名册，请稍后再试")
    if mandate is not None:
        work.lock(DEPUTYSHIPS, mandate)  # the account has its rights before the mandate ends, or not at all


async def _known(work: Work, named: Named, id: str) -> bool:
    """Also where it cannot be known yet: before anything was heard of the town, or with a gap in what was."""
    if not await _lacks(work, named, id):
        return True
    with suppress(Invalid):  # its event may be on the way
        await work.require_all(named.collection, [id], f"body.{named.field}")
        return True
    return not await _lacks(work, named, id)


async def _lacks(work: Work, named: Named, id: str) -> bool:
    """Whether the copies are all there are, and have it not."""
    copy, mark = await _vouched(work, named.collection, named.service, id)
    if copy is not None or mark is None or not mark.complete:
        return False
    return bool(await work.find(named.collection, limit=1))


async def _vouched(
    work: Work, collection: Collection[R], service: str, id: str
) -> tuple[R | None, Mark | None]:
    return await vouched(work.reader, source_of(work.town, service), partial(work.get, collection, id))


async def unchecked(reader: Reader, accounts: Iterable[Account]) -> dict[str, list[str]]:
    """By account, the fields whose record has not been heard of."""
    waiting: dict[str, list[str]] = {}
    current = [account for account in accounts if account.state is not State.DISABLED]
    for named in NAMED:
        ids = {getattr(account, named.field) for account in current} - {None}
        found = await reader.find(named.collection.name, {"_id": {"$in": sorted(ids)}}) if ids else []
        here = {(document["_id"], document["town"]) for document in found}
        for account in current:
            id = getattr(account, named.field)
            if id is not None and (id, account.town) not in here:
                waiting.setdefault(account.id, []).append(named.field)
    return waiting


def _refused(field: str, message: str) -> ReferenceUnknown:
    return ReferenceUnknown(message, errors=[FieldError(f"body.{field}", message)])
