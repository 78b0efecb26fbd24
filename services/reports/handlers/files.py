"""Duty files with their statements, and which files a caller may read."""

import asyncio
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.reports import kept_log, repository
from services.reports.domain.files import Attendee, FileEvent
from services.reports.domain.statements import (
    Confirmation,
    FileConfirmation,
    FileObjection,
    FileStatements,
    Objection,
)
from services.reports.errors import NoDeputy, NoGroup
from services.reports.events_in import SOURCES, Deputyship, Group
from services.reports.figures import Ledger, LedgerFact, fold
from services.reports.figures.year import Year
from services.reports.files.duty_file import duty_file, mandates_over
from services.reports.files.group_file import group_file, groups_over, leads, members_over
from services.reports.files.marks import File, changes, digest, marks
from services.reports.notation import group_name
from services.reports.schemas.statements import DutyFileOut, FilesOut, FileStanding, GroupFileOut
from shared.security.tokens import Actor
from shared.storage.work import Work

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')

WIDE = ("office", "county", "auditor", "service")
"""Roles that read every file of their area; a deputy reads his own, a leader those of his group and its members."""


@dataclass(frozen=True)
class Statements:
    """Confirmations and objections to a town's files of one year."""

    confirmations: Sequence[Confirmation]
    objections: Sequence[Objection]


async def current_year(work: Work, year: int) -> Year:
    """The whole year by the kept logs at this moment, sealed or not."""
    logs = [await kept_log.kept_events(work, service) for service in SOURCES]
    ledger = await asyncio.to_thread(fold, work.town, [event for log in logs for event in log])
    return Year(ledger, year, date(year, 12, 31))


async def statements_of(work: Work, year: int) -> Statements:
    return Statements(
        await repository.confirmations_of(work, year),
        await repository.objections_of(work, range(year, year + 1)),
    )


def own(actor: Actor, deputyship: Deputyship) -> bool:
    """Whether the caller is this deputy: `sub` is the id of the deputyship or the person."""
    return actor.has("deputy", "leader") and actor.sub in (deputyship.id, deputyship.person_id)


def deputyship_of(year: Year, id: str, actor: Actor, today: date) -> Deputyship:
    """The deputyship of an id. Errors: NoDeputy where there is none or none the caller may read."""
    deputyship = year.ledger.get(Deputyship, id)
    if deputyship is None or not _readable(year, deputyship, actor, today):
        raise NoDeputy(f"没有编号为 {id} 的代表职务")
    return deputyship


def group_of(year: Year, id: str, actor: Actor, today: date) -> LedgerFact[Group]:
    """The group of an id. Errors: NoGroup where there is none or none the caller may read."""
    group = year.ledger.by_id(Group).get(id)
    if group is None or not (actor.has(*WIDE) or _led(year.ledger, group.data, actor, today)):
        raise NoGroup(f"没有编号为 {id} 的代表小组")
    return group


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


async def read_deputy(work: Work, year: int, deputyship_id: str, actor: Actor) -> DutyFileOut:
    """The file of a deputy with its statements. Errors: NoDeputy."""
    held = await current_year(work, year)
    deputyship = deputyship_of(held, deputyship_id, actor, work.clock.today())
    file = deputy_out(held, deputyship, await statements_of(work, year))
    return file if actor.has("office") or own(actor, deputyship) else _without_reasons(file)


async def read_group(work: Work, year: int, group_id: str, actor: Actor) -> GroupFileOut:
    """The file of a group with its statements. Errors: NoGroup."""
    held = await current_year(work, year)
    group = group_of(held, group_id, actor, work.clock.today())
    file = group_out(held, group, await statements_of(work, year))
    if actor.has("office"):
        return file
    mandates = (fact.data for fact in held.ledger.by_id(Deputyship).values())
    return _without_reasons(file, frozenset(mandate.id for mandate in mandates if own(actor, mandate)))


async def read_all(work: Work, year: int, actor: Actor) -> Iterator[tuple[str, DutyFileOut | GroupFileOut]]:
    """All files of the town with their file names, made one at a time."""
    held, statements = await current_year(work, year), await statements_of(work, year)
    files = _all(held, statements)
    return files if actor.has("office") else ((name, _without_reasons(file)) for name, file in files)


async def standings(work: Work, year: int, actor: Actor) -> FilesOut:
    """Where every file stands that the caller may read."""
    held, statements = await current_year(work, year), await statements_of(work, year)
    today = work.clock.today()

    def readable(file: DutyFileOut | GroupFileOut) -> bool:
        try:
            if isinstance(file, GroupFileOut):
                group_of(held, file.group_id, actor, today)
            else:
                deputyship_of(held, file.deputyship_id, actor, today)
        except (NoDeputy, NoGroup):
            return False
        return True

    def listed() -> FilesOut:
        files = [file for _, file in _all(held, statements) if readable(file)]
        rows = [FileStanding.from_file(file) for file in files]
        return FilesOut(
            year=year,
            deputies=[row for row in rows if row.deputyship_id],
            groups=[row for row in rows if row.group_id],
        )

    return await asyncio.to_thread(listed)


F = TypeVar("F", bound=DutyFileOut | GroupFileOut)


def _without_reasons(file: F, own: Collection[str] = ()) -> F:
    """Without reasons for leave but those of `own`: an illness is told to the office and to the deputy himself. The
    digest is that of the whole file, so that all confirm the same."""
    if isinstance(file, DutyFileOut):
        return file.model_copy(update={"events": [_silent(event) for event in file.events]})
    parts = {
        name: [
            event.model_copy(
                update={
                    "members": [one if one.deputyship_id in own else _silent(one) for one in event.members]
                }
            )
            for event in getattr(file, name)
        ]
        for name in ("activities", "trainings", "sessions")
    }
    return file.model_copy(update=parts)


L = TypeVar("L", FileEvent, Attendee)


def _silent(line: L) -> L:
    return line.model_copy(update={"reason": ""})


def _all(year: Year, statements: Statements) -> Iterator[tuple[str, DutyFileOut | GroupFileOut]]:
    """Files of people in stroke order, each once, then of groups by number. File names begin with a sort number."""
    people: dict[str, Deputyship] = {}
    for fact in mandates_over(year):
        people.setdefault(year.person_of(fact.data.id), fact.data)
    for place, mandate in enumerate(people.values(), 1):
        yield f"代表/{place:03d} {_plain(year.name_of(mandate))}", deputy_out(year, mandate, statements)
    for place, group in enumerate(groups_over(year), 1):
        yield f"小组/{place:02d} {_plain(group_name(group.data))}", group_out(year, group, statements)


def _plain(name: str) -> str:
    """A name without characters that file systems refuse."""
    return _UNFIT.sub("_", name).strip(" .") or "_"


def deputy_out(year: Year, deputyship: Deputyship, statements: Statements) -> DutyFileOut:
    """The file of a person: statements made under any mandate apply to it."""
    file = duty_file(year, deputyship)
    mandates = {mandate.id for mandate in file.mandates}
    return DutyFileOut(**dict(file), **dict(_statements_on(year, file, statements, mandates, None)))


def group_out(year: Year, group: LedgerFact[Group], statements: Statements) -> GroupFileOut:
    file = group_file(year, group)
    return GroupFileOut(**dict(file), **dict(_statements_on(year, file, statements, (), file.group_id)))


def _statements_on(
    year: Year, file: File, statements: Statements, mandates: Collection[str], group_id: str | None
) -> FileStatements:
    def concerns(statement: Confirmation | Objection) -> bool:
        return statement.group_id == group_id and (
            group_id is not None or statement.deputyship_id in mandates
        )

    lines = marks(file)
    here = digest(lines)
    confirmed = [statement for statement in statements.confirmations if concerns(statement)]
    latest = max(
        confirmed, key=lambda statement: (statement.digest == here, statement.on, statement.id), default=None
    )
    return FileStatements(
        digest=here,
        confirmation=FileConfirmation(
            **latest.model_dump(include={"deputyship_id", "on", "on_behalf", "digest"}),
            name=year.name_of(year.ledger.get(Deputyship, latest.deputyship_id)),
            changes=changes(latest.marks, lines),
        )
        if latest
        else None,
        objections=[
            FileObjection.model_validate(statement.model_dump())
            for statement in statements.objections
            if concerns(statement)
        ],
    )
