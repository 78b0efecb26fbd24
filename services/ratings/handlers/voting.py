"""Use cases of voting: issue slips, cast a ballot, register slips handed in on paper."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.ratings import domain, errors, repository, schemas
from services.ratings.ballots import LENGTH, Slip, Tally, encrypt, read_choices
from services.ratings.domain import Meeting, Method, State
from services.ratings.handlers.counting import keep_tally, tally_of
from services.ratings.repository import MEETINGS, SLIPS, TALLIES
from shared.errors import FieldError
from shared.security import codes
from shared.security.tokens import Actor
from shared.storage.work import Work


async def issue_slips(work: Work, meeting: Meeting, count: int, *, instead: bool = False) -> list[str]:
    """Issue codes, which are returned only here; with `instead` they replace those issued before.

    The tally is written too, so that a concurrent opening conflicts.
    """
    if meeting.method is Method.PAPER:
        raise errors.MethodUnsupported("纸质测评不用扫码票")
    if work.actor == meeting.presiding:
        raise errors.NotPresiding("主持计票人不印票，请办公室印")
    domain.expect(meeting, State.DRAFT, doing="印制扫码票")
    tally = await tally_of(work, meeting)
    if instead:
        for slip in await repository.slips_of(work, meeting.id):
            work.remove(SLIPS, slip)
    printed = {
        "slips": count if instead else tally.slips + count,
        "printed_by": tuple(sorted({*tally.printed_by, work.actor})),
    }
    keep_tally(work, tally.model_copy(update=printed))
    issued = [codes.new(LENGTH) for _ in range(count)]
    for code in issued:
        work.create(SLIPS, Slip(id=codes.fingerprint(code), town=work.town, meeting_id=meeting.id), "issued")
    return issued


class OpenBoxes:
    """Cache of meetings with open boxes and their tallies, read once per process and not for each ballot.

    The data a ballot uses is fixed while the box is open. When a box is shut, every slip is marked before the count, so
    that a ballot cast in between is counted and none is accepted afterwards.
    """

    MAX_SIZE: Final = 200

    def __init__(self) -> None:
        self._boxes: dict[str, tuple[Meeting, Tally]] = {}

    async def get(self, work: Work, slip: Slip) -> tuple[Meeting, Tally]:
        """Errors: VotingClosed."""
        if slip.used or slip.void or slip.meeting_id not in self._boxes:
            box = await _box_of(work, slip)
            if len(self._boxes) >= self.MAX_SIZE:
                self._boxes.clear()
            self._boxes[slip.meeting_id] = box
        return self._boxes[slip.meeting_id]


async def ballot(work: Work, slip: Slip) -> Meeting:
    """The meeting whose box is open for a slip, whether or not the slip has voted: nobody but the holder, who casts it,
    is to learn that. Errors: VotingClosed."""
    meeting, _ = await _box_of(work, slip)
    return meeting


async def cast(
    work: Work, boxes: OpenBoxes, slip_id: str, choices: Mapping[str, str], known: Slip | None = None
) -> None:
    """Mark the slip as used and store the encrypted ballot with it; no event is published.

    `known`: the slip if it has just been read. Errors: SlipUnknown, VotingClosed, Unacceptable, CodeUsed, in this
    order: that a slip has voted is told only to a request that would otherwise have voted with it.
    """
    slip = known or await work.get(SLIPS, slip_id)
    if slip is None:
        raise errors.SlipUnknown
    meeting, tally = await boxes.get(work, slip)
    chosen = read_choices(choices, meeting)
    if slip.used:
        raise errors.CodeUsed("每张票只计一次。如果刚才是您自己投的，就是已经投好，不必再投。")
    encrypted = encrypt(tally.box_key, slip.id, chosen, meeting)
    work.change(SLIPS, slip.model_copy(update={"used": True, "sealed": encrypted}), "used")


async def take_on_paper(
    work: Work, meeting: Meeting, written: Sequence[str], actor: Actor
) -> schemas.PaperSlipsOut:
    """Register slips that voters filled in by hand: they are counted on paper and cannot vote online.

    The tally is written too, so that a concurrent count of the box conflicts. Slips that have voted online are named in
    the answer, and all others are registered: a code cannot be asked about without using it up.

    Errors: VotingClosed once the box is shut, when the slips not used are void, also where the meeting is opened again
    after a revocation; SlipsUnfit naming every code that is unknown or written twice; then none is registered.
    """
    if meeting.method is not Method.MIXED:
        raise errors.MethodUnsupported("只有纸质和扫码并用的测评会，扫码票才能填好当纸质票交")
    domain.expect(meeting, State.OPEN, doing="收扫码票")
    domain.check_teller(meeting, actor.sub, actor.meeting)
    tally = await work.require(TALLIES, meeting.id)
    if not tally.open:
        raise errors.VotingClosed("扫码票箱已经封好，没有用过的票都已作废，不能再收")
    ids = [codes.fingerprint(code) if (code := codes.read(text, LENGTH)) else "" for text in written]
    slips = {slip.id: slip for slip in await repository.slips_named(work, meeting.id, ids)}
    faults = [
        FieldError(f"body.codes.{n}", fault)
        for n, id in enumerate(ids)
        if (fault := _unfit(slips.get(id), twice=id in ids[:n]))
    ]
    if faults:
        raise errors.SlipsUnfit(f"有 {len(faults)} 张票不能按纸质票计，一张也没有登记", errors=faults)
    new_slips = [slip for slip in slips.values() if not slip.used]
    voted = tuple(n for n, id in enumerate(ids) if slips[id].used and not slips[id].on_paper)
    for slip in new_slips:
        work.change(SLIPS, slip.model_copy(update={"used": True, "on_paper": True}), "handed in")
    keep_tally(work, tally)
    return schemas.PaperSlipsOut(
        meeting_id=meeting.id,
        accepted=len(new_slips),
        known=len(slips) - len(new_slips) - len(voted),
        voted=voted,
    )


def _unfit(slip: Slip | None, *, twice: bool) -> str:
    if slip is None:
        return "本场没有这个票号"
    return "同一票号写了两次" if twice else ""


async def _box_of(work: Work, slip: Slip) -> tuple[Meeting, Tally]:
    """Errors: VotingClosed."""
    meeting = await work.require(MEETINGS, slip.meeting_id)
    tally = await work.require(TALLIES, slip.meeting_id)
    if slip.void or not tally.open:
        raise errors.VotingClosed("测评尚未开始" if meeting.state is State.DRAFT else "测评已经结束")
    return meeting, tally
