"""The use cases of rating: one function each; what it writes and announces goes through its unit of work."""

from collections.abc import Mapping

from pydantic import BaseModel

from services.ratings import domain, errors, events_in, repository, schemas
from services.ratings.ballots import BOXES as BOXES_PER_MEETING
from services.ratings.ballots import (
    Box,
    Sheet,
    Slip,
    Tally,
    box_id,
    check_complete,
    check_sheet,
    counted,
    differences,
    entered,
    fingerprint,
    new_code,
    put,
    read_choices,
    read_rows,
    result,
    some_box,
)
from services.ratings.domain import DutyReport, Meeting, MeetingScheme, Method, Scheme, State
from services.ratings.repository import (
    BOXES,
    DEPUTYSHIPS,
    DUTY_REPORTS,
    MEETINGS,
    PEOPLE,
    SCHEMES,
    SLIPS,
    TALLIES,
    TOWNS,
)
from shared.envelope import Event
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.work import Work


async def adopt_scheme(work: Work, body: schemas.SchemeIn) -> Scheme:
    domain.check_rules(body)
    return work.create(SCHEMES, Scheme(id=new_id(), town=work.town, **body.model_dump()), "adopted")


async def change_scheme(work: Work, before: Scheme, patch: BaseModel) -> Scheme:
    """Meetings keep the scheme they opened with; only drafts will take this one."""
    sent = patch.model_dump(include=patch.model_fields_set)
    after = Scheme.model_validate(before.model_dump() | sent)
    domain.check_rules(after)
    return before if after == before else work.change(SCHEMES, after, "changed")


async def plan_meeting(
    work: Work, body: schemas.MeetingIn, *, id: str | None = None, reference: str | None = None
) -> Meeting:
    scheme = await _scheme(work, body.scheme_id)
    domain.check_method(scheme, body.method)
    await _check_deputies(work, body.deputyship_ids)
    given = body.model_dump(exclude={"scheme_id", "year"})
    meeting = Meeting(
        id=id or new_id(),
        town=work.town,
        reference=reference,
        scheme=scheme,
        year=body.year or body.held_on.year,
        **given,
    )
    return work.create(MEETINGS, meeting, "planned")


async def change_meeting(work: Work, before: Meeting, patch: BaseModel) -> Meeting:
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "scheme_id" in sent:
        sent["scheme"] = await _scheme(work, sent.pop("scheme_id"))
    if "deputyship_ids" in sent:
        await _check_deputies(work, sent["deputyship_ids"])
    after = Meeting.model_validate(before.model_dump() | sent)
    if after == before:
        return before
    domain.check_method(after.scheme, after.method)
    domain.check_change(before, patch.model_fields_set)
    return work.change(MEETINGS, after, "changed")


async def open_meeting(work: Work, before: Meeting, _: schemas.Nothing) -> Meeting:
    """Opening again after a revocation empties the tally: a correction too is counted by two."""
    if not before.deputyship_ids:
        raise errors.Unacceptable("尚未填写述职代表，不能开始测评")
    meeting = domain.opened(before, await _scheme(work, before.scheme.id))
    domain.check_method(meeting.scheme, meeting.method)
    tally = await _tally(work, meeting)
    if meeting.method is Method.ONLINE and not tally.slips:
        raise errors.Unacceptable("尚未印制扫码票，不能开始测评")
    _keep_tally(work, tally.model_copy(update={"open": True, "sheets": ()}))
    if before.state is State.DRAFT and meeting.method is not Method.PAPER:
        for number in range(BOXES_PER_MEETING):
            box = Box(id=box_id(meeting.id, number), town=work.town, meeting_id=meeting.id)
            work.create(BOXES, box, "opened")
    return work.change(MEETINGS, meeting, "opened")


async def close_meeting(work: Work, before: Meeting, _: schemas.Nothing) -> Meeting:
    """Tally and boxes are written too, so that nothing that comes at the same moment slips in behind the check."""
    meeting = domain.closed(before)
    tally = await work.require(TALLIES, meeting.id)
    if meeting.method is not Method.ONLINE:
        check_complete(tally, meeting.scheme)
    for box in await repository.boxes_of(work, meeting.id):
        work.change(BOXES, box.model_copy(update={"open": False}), "closed")
    work.change(TALLIES, tally.model_copy(update={"open": False}), "closed")
    return work.change(MEETINGS, meeting, "closed")


async def publish_meeting(work: Work, before: Meeting, _: schemas.Nothing) -> Meeting:
    """The one place where a result is computed."""
    domain.expect(before, State.CLOSED, doing="公布结果")
    tally = await work.require(TALLIES, before.id)
    domain.check_publisher(before, tally.tellers, work.actor)
    box = None
    if before.method is not Method.PAPER:
        box = counted(await repository.boxes_of(work, before.id), tally.slips, before)
    return work.change(MEETINGS, domain.published(before, result(tally, before, box)), "published")


async def revoke_meeting(work: Work, before: Meeting, body: schemas.RevokeIn) -> Meeting:
    revoked = domain.revoked(before, body.reason, work.clock.today(), work.actor)
    return work.change(MEETINGS, revoked, "revoked")


async def enter_counts(work: Work, meeting: Meeting, body: schemas.CountsIn) -> tuple[Sheet, Tally]:
    """Keep one teller's keying of one sheet. No event tells of it: sheets stay here."""
    domain.expect(meeting, State.OPEN, doing="录入计票")
    sheet = read_sheet(meeting, body, work.actor)
    tally = await work.require(TALLIES, meeting.id)
    after = entered(tally, sheet, meeting.tellers)
    if after != tally:
        work.change(TALLIES, after, "entered")
    return sheet, after


def read_sheet(meeting: Meeting, body: schemas.CountsIn, teller: str) -> Sheet:
    """Errors: NotTeller, MethodUnsupported, CountsUnbalanced."""
    if meeting.method is Method.ONLINE:
        raise errors.MethodUnsupported("扫码测评由系统计票，没有计票表")
    if meeting.method is Method.MIXED and body.dimension:
        raise errors.Unacceptable("纸质和扫码并用时不能分项", errors=[FieldError("body.dimension", "应空着")])
    if meeting.tellers and teller not in meeting.tellers:
        raise errors.NotTeller("本场测评已指定计票人，您不在其中")
    sheet = Sheet(
        entry=body.entry,
        teller=teller,
        dimension=body.dimension or "",
        group=body.group or "",
        issued=body.issued,
        returned=body.returned,
        void=body.void,
        rows=read_rows(body.counts, meeting.scheme, meeting.deputyship_ids),
    )
    check_sheet(sheet, meeting.scheme)
    return sheet


async def issue_slips(work: Work, meeting: Meeting, count: int) -> list[str]:
    """New codes, told this once; the tally is written too, so that none appears after the opening."""
    if meeting.method is Method.PAPER:
        raise errors.MethodUnsupported("纸质测评不用扫码票")
    domain.expect(meeting, State.DRAFT, doing="印制扫码票")
    tally = await _tally(work, meeting)
    _keep_tally(work, tally.model_copy(update={"slips": tally.slips + count}))
    codes = [new_code() for _ in range(count)]
    for code in codes:
        work.create(SLIPS, Slip(id=fingerprint(code), town=work.town, meeting_id=meeting.id), "issued")
    return codes


async def ballot(work: Work, slip_id: str) -> Meeting:
    """The meeting a slip may vote in now. Errors: CodeUnknown, CodeUsed, VotingClosed."""
    slip = await work.get(SLIPS, slip_id)
    if slip is None:
        raise errors.CodeUnknown
    if slip.used:
        raise errors.CodeUsed
    meeting = await work.require(MEETINGS, slip.meeting_id)
    box = await work.get(BOXES, box_id(meeting.id, 0))
    if meeting.state is not State.OPEN or box is None or not box.open:
        raise errors.VotingClosed("测评尚未开始" if meeting.state is State.DRAFT else "测评已经结束")
    return meeting


async def cast(work: Work, slip_id: str, choices: Mapping[str, str]) -> None:
    """Use the slip and put the ballot into some box. No event tells of it, and nothing kept joins the two."""
    meeting = await ballot(work, slip_id)
    chosen = read_choices(choices, meeting)
    slip = await work.require(SLIPS, slip_id)
    box = await work.require(BOXES, some_box(meeting.id))
    if not box.open:
        raise errors.VotingClosed("测评已经结束")
    work.change(SLIPS, slip.model_copy(update={"used": True}), "used")
    work.change(BOXES, put(box, chosen), "filled")


async def counts_state(work: Work, meeting: Meeting) -> schemas.CountsState:
    tally = await work.get(TALLIES, meeting.id)
    sheets = tally.sheets if tally else ()
    found = differences(tally) if tally else []
    return schemas.CountsState(
        meeting_id=meeting.id,
        sheets=tuple(schemas.SheetState.model_validate(sheet.model_dump()) for sheet in sheets),
        quarantined=bool(found),
        differences=schemas.differences_of(found),
    )


async def results(work: Work, meeting: Meeting) -> schemas.ResultsOut:
    """Errors: ResultsSealed in every state but published."""
    if meeting.result is None:
        if meeting.state is State.REVOKED:
            raise errors.ResultsSealed(f"结果已撤回：{meeting.revocations[-1].reason}")
        raise errors.ResultsSealed("结果公布前不显示任何票数")
    names = await repository.names(work, meeting.deputyship_ids)
    return schemas.ResultsOut.of(meeting, meeting.result, names)


async def file_duty_report(work: Work, body: schemas.DutyReportIn) -> DutyReport:
    report = DutyReport(id=new_id(), town=work.town, **body.model_dump())
    await _check_report(work, report)
    return work.create(DUTY_REPORTS, report, "filed")


async def change_duty_report(work: Work, before: DutyReport, patch: BaseModel) -> DutyReport:
    after = DutyReport.model_validate(before.model_dump() | patch.model_dump(include=patch.model_fields_set))
    if after == before:
        return before
    await _check_report(work, after)
    return work.change(DUTY_REPORTS, after, "changed")


async def note_town(work: Work, town: events_in.Town, _: Event) -> None:
    work.note(TOWNS, town)


async def note_person(work: Work, person: events_in.Person, _: Event) -> None:
    work.note(PEOPLE, person)


async def note_deputyship(work: Work, deputyship: events_in.Deputyship, _: Event) -> None:
    work.note(DEPUTYSHIPS, deputyship)


async def seal_year(work: Work, request: events_in.ClosingRequested, _: Event) -> None:
    """State how far this service's records reach, for the closing that was asked for."""
    work.seal(closing_id=request.id, year=request.year, as_of=request.as_of, collections=repository.OWN)


async def _tally(work: Work, meeting: Meeting) -> Tally:
    """The meeting's tally, or a new one that is not kept yet (version 0)."""
    return await work.get(TALLIES, meeting.id) or Tally(id=meeting.id, town=work.town)


def _keep_tally(work: Work, tally: Tally) -> None:
    if tally.version:
        work.change(TALLIES, tally, "kept")
    else:
        work.create(TALLIES, tally, "kept")


async def _scheme(work: Work, scheme_id: str) -> MeetingScheme:
    scheme = await work.get(SCHEMES, scheme_id)
    if scheme is None:
        raise Invalid("测评方案不存在", errors=[FieldError("body.scheme_id", f"编号不存在：{scheme_id}")])
    return MeetingScheme.model_validate(scheme.model_dump())


async def _check_deputies(work: Work, deputyship_ids: tuple[str, ...]) -> None:
    domain.check_deputies(deputyship_ids)
    await work.known(DEPUTYSHIPS, deputyship_ids, "body.deputyship_ids")


async def _check_report(work: Work, report: DutyReport) -> None:
    meeting = await work.get(MEETINGS, report.meeting_id)
    if meeting is None:
        raise Invalid(
            "测评会不存在", errors=[FieldError("body.meeting_id", f"编号不存在：{report.meeting_id}")]
        )
    if report.deputyship_id not in meeting.deputyship_ids:
        raise errors.Unacceptable(
            "该代表不在本场述职之列", errors=[FieldError("body.deputyship_id", "不在本场述职代表之列")]
        )
