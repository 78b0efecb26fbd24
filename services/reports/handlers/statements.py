"""Statements on duty files: who may make them, confirming, objecting, settling, withdrawing."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from services.reports.domain import RecordRef
from services.reports.domain.periods import period
from services.reports.domain.statements import Confirmation, Objection, Outcome
from services.reports.errors import FileChanged, ImpossibleDate, NotCorrected, NotInFile
from services.reports.events_in import Deputyship
from services.reports.files.duty_file import duty_file
from services.reports.files.group_file import group_file, leads
from services.reports.files.marks import File, digest, line_of, marks
from services.reports.handlers import files, recompiling
from services.reports.repository import CONFIRMATIONS, OBJECTIONS, Progress, ReportRecord
from services.reports.schemas.statements import ConfirmIn, ObjectIn, SettleIn, StatementIn
from shared.days import FIRST_DAY
from shared.errors import FieldError, Forbidden, Invalid, NotFound
from shared.ids import new_id
from shared.security.tokens import Actor
from shared.storage.work import Work

_NOT_HIS = "只有代表本人可以确认和提出异议"


@dataclass(frozen=True)
class Statement:
    """A file, the deputy who makes a statement on it, and the day; `group_id` for a file of a group."""

    file: File
    deputyship: Deputyship
    group_id: str | None
    on: date


async def deputy_statement(work: Work, id: str, body: ConfirmIn | ObjectIn, actor: Actor) -> Statement:
    """A statement of a deputy on his file. Errors: NoDeputy, Forbidden, Invalid, ImpossibleDate."""
    on = _day(work, body, actor)
    _begun(on, body)
    year = await files.current_year(work, body.year)
    deputyship = files.deputyship_of(year, id, actor, work.clock.today())
    if not body.on_behalf and not files.own(actor, deputyship):
        raise _not_his(actor)
    return Statement(duty_file(year, deputyship), deputyship, None, on)


async def group_statement(work: Work, id: str, body: ConfirmIn | ObjectIn, actor: Actor) -> Statement:
    """A statement of the leader on that day. Errors: NoGroup, Forbidden, Invalid, ImpossibleDate."""
    on = _day(work, body, actor)
    _begun(on, body)
    year = await files.current_year(work, body.year)
    group = files.group_of(year, id, actor, work.clock.today())
    leaders = [fact.data for fact in year.deputyships if leads(group.data, fact.data, on)]
    if body.on_behalf and not leaders:
        message = f"{on} 这个小组没有登记组长"
        raise Invalid(message, errors=[FieldError("body.on", message)])
    deputyship = next((leader for leader in leaders if body.on_behalf or files.own(actor, leader)), None)
    if deputyship is None:
        raise _not_his(actor)
    return Statement(group_file(year, group), deputyship, group.data.id, on)


def _day(work: Work, body: StatementIn, actor: Actor) -> date:
    """Day of a statement: today, or that of the paper where the office enters it."""
    today = work.clock.today()
    if not body.on_behalf:
        if body.on is not None:
            message = "本人办理以当天为准，不填日期"
            raise Invalid(message, errors=[FieldError("body.on", message)])
        return today
    if not actor.has("office"):
        raise Forbidden("只有镇人大办可以代为登记")
    if body.on is None:
        message = "代为登记须写明代表在纸面上签署的日期"
        raise Invalid(message, errors=[FieldError("body.on", message)])
    return _past(body.on, today)


def _past(on: date, today: date) -> date:
    if on > today:
        message = f"{on} 还没有到"
        raise ImpossibleDate(message, errors=[FieldError("body.on", message)])
    return on


def _begun(on: date, body: ConfirmIn | ObjectIn) -> None:
    if on < date(body.year, 1, 1):
        message = f"{on} 时{body.year}年还没有开始"
        raise ImpossibleDate(message, errors=[FieldError("body.on" if body.on else "body.year", message)])


def _not_his(actor: Actor) -> Forbidden | Invalid:
    if actor.has("office"):
        message = "代为登记须写明 on_behalf 和代表签署的日期"
        return Invalid(message, errors=[FieldError("body.on_behalf", message)])
    return Forbidden(_NOT_HIS)


async def confirm(work: Work, statement: Statement, body: ConfirmIn) -> Confirmation:
    """Confirm the current file; a repeated confirmation changes nothing. Errors: FileChanged."""
    lines = marks(statement.file)
    here = digest(lines)
    if body.digest and not here.startswith(body.digest):
        raise FileChanged(f"档案现在的散列是 {here[:8]}…，请看过现在的内容再确认")
    id = f"{work.town}:{body.year}:{statement.group_id or statement.deputyship.id}"
    before = await work.get(CONFIRMATIONS, id)
    if before is not None and before.digest == here:
        return before
    confirmation = Confirmation(
        id=id,
        town=work.town,
        version=before.version if before else 0,
        year=body.year,
        deputyship_id=statement.deputyship.id,
        group_id=statement.group_id,
        on=statement.on,
        on_behalf=body.on_behalf,
        entered_by=work.actor,
        digest=here,
        marks=lines,
    )
    write = work.change if before else work.create
    return write(CONFIRMATIONS, confirmation, "confirmed")


async def object_to(work: Work, statement: Statement, body: ObjectIn, templates: Path | None) -> Objection:
    """Object to a line or a gap of the file. Errors: NotInFile."""
    label, record = "", None
    if body.record is not None:
        line = line_of(statement.file, body.record.source, body.record.subject)
        if line is None:
            message = f"档案中没有 {body.record.subject}"
            raise NotInFile(message, errors=[FieldError("body.record", message)])
        label, record = line
    deputyship = statement.deputyship
    objection = Objection(
        id=new_id(),
        town=work.town,
        year=body.year,
        deputyship_id=deputyship.id,
        group_id=statement.group_id,
        objectors=tuple(filter(None, (deputyship.id, deputyship.person_id))),
        record=record,
        label=label,
        text=body.text,
        opened_on=statement.on,
        on_behalf=body.on_behalf,
        entered_by=work.actor,
    )
    opened = work.create(OBJECTIONS, objection, "opened")
    await _recompile_drafts(work, body.year, templates)
    return opened


async def settle(work: Work, objection: Objection, body: SettleIn, templates: Path | None) -> Objection:
    """Answer an objection. Errors: ObjectionOver, ImpossibleDate, Invalid, NotCorrected."""
    objection.check_open()
    today = work.clock.today()
    on = _past(body.on or today, today)
    corrected = await _corrected(work, objection, body)
    settled = objection.settled(body.outcome, body.remark, on, corrected)
    changed = work.change(OBJECTIONS, settled, "settled")
    await _recompile_drafts(work, objection.year, templates)
    return changed


async def _corrected(work: Work, objection: Objection, body: SettleIn) -> RecordRef | None:
    """Current version of the corrected record. Errors: Invalid, NotCorrected where it has not changed."""
    if body.outcome is Outcome.KEPT:
        if body.record is not None:
            message = "维持原记录时没有更正的记录"
            raise Invalid(message, errors=[FieldError("body.record", message)])
        return None
    target = body.record or objection.record
    if target is None:
        message = "请写明更正了哪一条记录"
        raise Invalid(message, errors=[FieldError("body.record", message)])
    current = (await files.current_year(work, objection.year)).ledger.ref(target.source, target.subject)
    if current is None:
        message = f"没有记录 {target.subject}"
        raise Invalid(message, errors=[FieldError("body.record", message)])
    if objection.record and objection.record.same(current) and current.version <= objection.record.version:
        message = "这条记录在提出异议以后没有更正过"
        raise NotCorrected(message, errors=[FieldError("body.record", message)])
    return current


async def withdraw(
    work: Work, objection: Objection, body: StatementIn, actor: Actor, templates: Path | None
) -> Objection:
    """Withdraw an objection, by the objector. Errors: NotFound, ObjectionOver, ImpossibleDate, Invalid."""
    on = _day(work, body, actor)
    if not readable(objection, actor):
        raise NotFound(f"找不到编号为 {objection.id} 的记录")
    if not body.on_behalf and not objected(objection, actor):
        raise _not_his(actor)
    changed = work.change(OBJECTIONS, objection.withdrawn(on), "withdrawn")
    await _recompile_drafts(work, objection.year, templates)
    return changed


def objected(objection: Objection, actor: Actor) -> bool:
    return actor.has("deputy", "leader") and actor.sub in objection.objectors


def readable(objection: Objection, actor: Actor) -> bool:
    return actor.has(*files.WIDE) or objected(objection, actor)


async def _recompile_drafts(work: Work, year: int, templates: Path | None) -> None:
    """Update the open objections in every draft that counts those of a year."""
    await recompiling.recompile_drafts(work, partial(_counts, year), templates)


def _counts(year: int, record: ReportRecord | Progress) -> bool:
    """Whether a report, or that of a closing, counts the objections of a year; where a term began is not asked, as a
    draft stays as it is when it comes out equal."""
    span = period(record.period, lambda _: (FIRST_DAY, record.as_of))
    return span is not None and span.first.year <= year <= record.as_of.year
