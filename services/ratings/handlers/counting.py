"""Use cases of counting: count sheets keyed by tellers, their state, and results."""

from services.ratings import domain, errors, repository, schemas
from services.ratings.ballots import CountTry, Sheet, Tally, check_sheet, differences, entered, read_rows
from services.ratings.domain import Meeting, Method, Result, State
from services.ratings.repository import COUNT_TRIES, TALLIES
from shared.errors import FieldError
from shared.ids import new_id
from shared.security.tokens import Actor
from shared.storage.work import Work


async def enter_counts(
    work: Work, meeting: Meeting, body: schemas.CountsIn, actor: Actor
) -> tuple[Sheet, Tally]:
    """Store one sheet keyed by one teller, and that it was keyed; no event is published."""
    domain.expect(meeting, State.OPEN, doing="录入计票")
    sheet = read_sheet(meeting, body, actor)
    tally = await work.require(TALLIES, meeting.id)
    after = entered(tally, sheet, meeting.tellers)
    if after != tally:
        work.change(TALLIES, after, "entered")
    tried = CountTry(
        id=new_id(),
        town=work.town,
        meeting_id=meeting.id,
        at=work.clock.now(),
        entry=sheet.entry,
        teller=sheet.teller,
        dimension=sheet.dimension,
        group=sheet.group,
        differs=bool(differences(after, sheet.place)),
    )
    work.create(COUNT_TRIES, tried, "keyed")
    return sheet, after


def read_sheet(meeting: Meeting, body: schemas.CountsIn, actor: Actor) -> Sheet:
    """The sheet of a request. Errors: NotTeller, MethodUnsupported, CountsUnbalanced."""
    if meeting.method is Method.ONLINE:
        raise errors.MethodUnsupported("扫码测评由系统计票，没有计票表")
    if meeting.method is Method.MIXED and body.dimension and not meeting.scheme.dimensions:
        raise errors.Unacceptable(
            "评议办法没有分项，扫码票也就不分项", errors=[FieldError("body.dimension", "应空着")]
        )
    domain.check_teller(meeting, actor.sub, actor.meeting)
    sheet = Sheet(
        entry=body.entry,
        teller=actor.sub,
        dimension=body.dimension or "",
        group=body.group or "",
        issued=body.issued,
        returned=body.returned,
        void=body.void,
        rows=read_rows(body.counts, meeting.scheme, meeting.deputyship_ids),
    )
    check_sheet(sheet, meeting.scheme)
    return sheet


async def may_know_places(work: Work, meeting: Meeting, actor: Actor) -> bool:
    """Whether to say where entries differ, which nobody who counts may know."""
    counted = (await tally_of(work, meeting)).counters
    office = actor.has("office") and not actor.has("teller")
    return domain.may_know_places(meeting, counted, actor.sub, office=office)


async def counts_state(work: Work, meeting: Meeting, *, places: bool) -> schemas.CountsState:
    tally = await work.get(TALLIES, meeting.id)
    sheets = tally.sheets if tally else ()
    faults = differences(tally) if tally else []
    return schemas.CountsState(
        meeting_id=meeting.id,
        # How many have voted is not told while slips vote: two looks would tell who has just voted.
        slips=schemas.Turnout(printed=tally.slips) if tally and (tally.open or _printing(meeting)) else None,
        sheets=tuple(schemas.SheetState.model_validate(sheet.model_dump()) for sheet in sheets),
        quarantined=bool(faults),
        differences=schemas.differences_of(faults) if places else (),
        tries=tuple(
            schemas.CountTryOut.model_validate(one.model_dump())
            for one in await repository.count_tries(work, meeting.id)
        ),
    )


def _printing(meeting: Meeting) -> bool:
    return meeting.state is State.DRAFT and meeting.method is not Method.PAPER


async def results(work: Work, meeting: Meeting) -> schemas.ResultsOut:
    """Errors: NotPublished in every state but published."""
    result = published_result(meeting)
    names = await repository.names(work, meeting.deputyship_ids, meeting.held_on)
    return schemas.ResultsOut.from_result(meeting, result, names)


def published_result(meeting: Meeting) -> Result:
    """Errors: NotPublished in every state but published."""
    if meeting.result is not None:
        return meeting.result
    if meeting.state is State.REVOKED:
        raise errors.NotPublished(f"结果已撤回：{meeting.revocations[-1].reason}")
    raise errors.NotPublished("结果公布前不显示任何票数")


async def tally_of(work: Work, meeting: Meeting) -> Tally:
    """The meeting's tally, or a new one that is not stored yet (version 0)."""
    return await work.get(TALLIES, meeting.id) or Tally(id=meeting.id, town=work.town)


def keep_tally(work: Work, tally: Tally) -> None:
    if tally.version:
        work.change(TALLIES, tally, "kept")
    else:
        work.create(TALLIES, tally, "kept")
