"""Use cases of counting: count sheets keyed by tellers, their state, and results."""

from services.ratings import domain, errors, repository, schemas
from services.ratings.ballots import Sheet, Tally, check_sheet, differences, entered, read_rows
from services.ratings.domain import Meeting, Method, Result, State
from services.ratings.repository import SLIPS, TALLIES
from shared.errors import FieldError
from shared.storage.work import Work


async def enter_counts(work: Work, meeting: Meeting, body: schemas.CountsIn) -> tuple[Sheet, Tally]:
    """Store one sheet keyed by one teller; no event is published."""
    domain.expect(meeting, State.OPEN, doing="录入计票")
    sheet = read_sheet(meeting, body, work.actor)
    tally = await work.require(TALLIES, meeting.id)
    after = entered(tally, sheet, meeting.tellers)
    if after != tally:
        work.change(TALLIES, after, "entered")
    return sheet, after


def read_sheet(meeting: Meeting, body: schemas.CountsIn, teller: str) -> Sheet:
    """The sheet of a request. Errors: NotTeller, MethodUnsupported, CountsUnbalanced."""
    if meeting.method is Method.ONLINE:
        raise errors.MethodUnsupported("扫码测评由系统计票，没有计票表")
    if meeting.method is Method.MIXED and body.dimension and not meeting.scheme.dimensions:
        raise errors.Unacceptable(
            "评议办法没有分项，扫码票也就不分项", errors=[FieldError("body.dimension", "应空着")]
        )
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


async def counts_state(work: Work, meeting: Meeting) -> schemas.CountsState:
    tally = await work.get(TALLIES, meeting.id)
    sheets = tally.sheets if tally else ()
    faults = differences(tally) if tally else []
    return schemas.CountsState(
        meeting_id=meeting.id,
        slips=await _turnout(work, meeting, tally) if tally else None,
        sheets=tuple(schemas.SheetState.model_validate(sheet.model_dump()) for sheet in sheets),
        quarantined=bool(faults),
        differences=schemas.differences_of(faults),
    )


async def _turnout(work: Work, meeting: Meeting, tally: Tally) -> schemas.Turnout | None:
    """Number of slips used, so that a meeting is not closed too early."""
    if not tally.open:
        return None
    used = await work.find(SLIPS, {"meeting_id": meeting.id, "used": True})
    return schemas.Turnout(printed=tally.slips, used=len(used))


async def results(work: Work, meeting: Meeting) -> schemas.ResultsOut:
    """Errors: ResultsSealed in every state but published."""
    result = published_result(meeting)
    names = await repository.names(work, meeting.deputyship_ids)
    return schemas.ResultsOut.from_result(meeting, result, names)


def published_result(meeting: Meeting) -> Result:
    """Errors: ResultsSealed in every state but published."""
    if meeting.result is not None:
        return meeting.result
    if meeting.state is State.REVOKED:
        raise errors.ResultsSealed(f"结果已撤回：{meeting.revocations[-1].reason}")
    raise errors.ResultsSealed("结果公布前不显示任何票数")


async def tally_of(work: Work, meeting: Meeting) -> Tally:
    """The meeting's tally, or a new one that is not stored yet (version 0)."""
    return await work.get(TALLIES, meeting.id) or Tally(id=meeting.id, town=work.town)


def keep_tally(work: Work, tally: Tally) -> None:
    if tally.version:
        work.change(TALLIES, tally, "kept")
    else:
        work.create(TALLIES, tally, "kept")
