"""The duty files as they are read now, and whose file a caller may see."""

import asyncio
from datetime import date

from services.reports import repository
from services.reports.errors import NoDeputy, NoGroup
from services.reports.events_in import SERVICES, Deputyship, Group
from services.reports.figures import Ledger, fold
from services.reports.figures.duty_file import duty_file
from services.reports.figures.group_file import group_file, leads, members_over
from services.reports.figures.year import Year
from services.reports.schemas.files import DutyFile, GroupFile
from shared.auth import Actor
from shared.work import Work

WIDE = ("office", "county", "auditor", "service")
"""Who reads every file of his area; a deputy reads his own, a leader his group's and its members'."""


async def now(work: Work, year: int) -> Year:
    """The whole year as it is held here at this moment, sealed or not."""
    logs = [await repository.kept(work.reader, work.town, service) for service in SERVICES]
    ledger = await asyncio.to_thread(fold, work.town, [event for log in logs for event in log])
    return Year(ledger, year, date(year, 12, 31))


def own(actor: Actor, deputyship: Deputyship) -> bool:
    """Whether the caller is this deputy: his account is named after the deputyship or after the person."""
    return actor.has("deputy", "leader") and actor.sub in (deputyship.id, deputyship.person_id)


def deputyship_of(year: Year, id: str, actor: Actor, today: date) -> Deputyship:
    """Errors: NoDeputy where there is none or none he may read."""
    found = year.ledger.get(Deputyship, id)
    if found is None or not _readable(year, found, actor, today):
        raise NoDeputy(f"没有编号为 {id} 的代表职务")
    return found


def _readable(year: Year, deputyship: Deputyship, actor: Actor, today: date) -> bool:
    if actor.has(*WIDE) or own(actor, deputyship):
        return True
    led = [group for group in _groups(year.ledger) if _led(year.ledger, group, actor, today)]
    return any(deputyship.id in members_over(year, group) for group in led)


def _groups(ledger: Ledger) -> list[Group]:
    return [fact.data for fact in ledger.by_id(Group).values()]


def _led(ledger: Ledger, group: Group, actor: Actor, today: date) -> bool:
    """Whether the caller leads the group today."""
    mandates = (fact.data for fact in ledger.by_id(Deputyship).values() if own(actor, fact.data))
    return actor.has("leader") and any(leads(group, mandate, today) for mandate in mandates)


async def read_deputy(work: Work, year: int, deputyship_id: str, actor: Actor) -> DutyFile:
    """Errors: NoDeputy."""
    held = await now(work, year)
    return duty_file(held, deputyship_of(held, deputyship_id, actor, work.clock.today()))


async def read_group(work: Work, year: int, group_id: str, actor: Actor) -> GroupFile:
    """Errors: NoGroup."""
    held = await now(work, year)
    fact = held.ledger.by_id(Group).get(group_id)
    if fact is None or not (actor.has(*WIDE) or _led(held.ledger, fact.data, actor, work.clock.today())):
        raise NoGroup(f"没有编号为 {group_id} 的代表小组")
    return group_file(held, fact)
