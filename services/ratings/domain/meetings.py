"""Duty-report meetings (述职测评会): deputies, state and result.

Invariants: a meeting moves draft → open → closed → published → revoked → open; a result exists only while it
is published; tellers do not publish; a voided meeting stays as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from services.ratings import errors
from services.ratings.domain.schemes import Count, Rate, Rules, Total, Value
from shared.errors import FieldError
from shared.storage.voiding import Voidable
from shared.storage.work import Record


class Method(StrEnum):
    PAPER = "paper"
    ONLINE = "online"
    MIXED = "mixed"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    REVOKED = "revoked"


STATE_LABELS: Mapping[State, str] = {
    State.DRAFT: "筹备中",
    State.OPEN: "测评中",
    State.CLOSED: "已结束",
    State.PUBLISHED: "已公布",
    State.REVOKED: "已撤回",
}


class Form(StrEnum):
    ORAL = "oral"
    WRITTEN = "written"


class DeputyResult(Value):
    """One deputy (on one dimension, where the ballot has several): Σ counts + abstain + spoiled = valid."""

    deputyship_id: str
    dimension: str = ""
    counts: dict[str, Total]
    abstain: Total = 0
    spoiled: Total = 0
    rate: Rate | None = None
    grade: str | None = None


class SlipTotals(Value):
    """Slips with a code: returned ≤ handed out ≤ printed. `handed_out` is None where the presiding teller gave none;
    `returned` are those that voted or were handed in on paper."""

    printed: Total
    handed_out: Total | None = None
    returned: Total


class Result(Value):
    """issued = returned + not_returned; returned = valid + void; no deputies when suppressed.

    `slips` is None on paper, and in results published before slips were stated.
    """

    version: int
    issued: Total
    returned: Total
    not_returned: Total
    void: Total
    valid: Total
    suppressed: bool
    slips: SlipTotals | None = None
    deputies: tuple[DeputyResult, ...] = ()


class Revocation(Value):
    version: int
    reason: str
    on: date
    by: str
    result: Result


class MeetingScheme(Rules):
    """Copy of the scheme, made when the meeting was planned and updated when it opened."""

    id: str


class Meeting(Voidable):
    """Deputies reporting to the voters of their constituency, who rate them (述职评议, 代表法 58).

    `reference` is the office's own number in its workbook. `roster_sequence` and `roster_hash` cite the roster on
    `held_on`, as known when the deputies were entered, and again when the meeting opened (ADR 0018). `plan_item_id`:
    the item of a plan in activities that the meeting does. `opened_by` is the subject who opened it last; empty where a
    version without presiding tellers did. Voided, it keeps its state.
    """

    year: int
    reference: str | None = None
    held_on: date
    constituency: str = ""
    deputyship_ids: tuple[str, ...]
    scheme: MeetingScheme
    method: Method = Method.PAPER
    invited: Count | None = None
    present: Count | None = None
    tellers: tuple[str, ...] = ()
    presiding: str = ""
    scrutineers: tuple[str, ...] = ()
    state: State = State.DRAFT
    opened_by: str = ""
    published_times: Count = 0
    result: Result | None = None
    revocations: tuple[Revocation, ...] = ()
    plan_item_id: str | None = None
    roster_sequence: int = 0
    roster_hash: str | None = None


class DutyReport(Record):
    """Duty report of one deputy at one meeting, as one text or by the usual headings; its text is not published.

    `study`: law and resolutions studied and publicised; `with_voters`: contact with voters and help given.
    """

    meeting_id: str
    deputyship_id: str
    form: Form
    text: str = ""
    study: str = ""
    at_sessions: str = ""
    between_sessions: str = ""
    with_voters: str = ""
    shortcomings: str = ""


def check_deputies(deputyship_ids: Sequence[str]) -> None:
    """Errors: Unacceptable when a deputy is named twice, who would be on the ballot twice."""
    twice = [n for n, id in enumerate(deputyship_ids) if id in deputyship_ids[:n]]
    if twice:
        raise errors.Unacceptable(
            "同一代表职务只能列一次", errors=[FieldError(f"body.deputyship_ids.{n}", "重复") for n in twice]
        )


def check_method(rules: Rules, method: Method) -> None:
    """Errors: MethodUnsupported. Slips are for one group, the voters; weights need several groups."""
    if method is not Method.PAPER and rules.groups:
        raise errors.MethodUnsupported(
            "分群体加权的测评只能用纸质票", errors=[FieldError("body.method", "应为 paper")]
        )


def expect(meeting: Meeting, *states: State, doing: str) -> None:
    """Errors: RecordVoided; MeetingState unless the meeting is in one of `states`."""
    meeting.check_in_force()
    if meeting.state not in states:
        raise errors.MeetingState(f"测评会{STATE_LABELS[meeting.state]}，不能{doing}")


def too_near(meeting: Meeting, valid: int) -> Result | None:
    """An earlier published version whose number of valid ballots differs by fewer than `min_published`: the difference
    of the two versions would reveal the votes of those few."""
    published_before = [past.result for past in meeting.revocations if not past.result.suppressed]
    least = meeting.scheme.min_published
    return next((earlier for earlier in published_before if 0 < abs(earlier.valid - valid) < least), None)


FIXED_BY_OPENING = frozenset({"deputyship_ids", "scheme_id", "method"})


def check_change(meeting: Meeting, fields: set[str]) -> None:
    """The content of the ballot is fixed when the meeting opens, the rest when it is published."""
    if fields & FIXED_BY_OPENING:
        expect(meeting, State.DRAFT, doing="更改述职代表、评议办法或方式")
    expect(meeting, State.DRAFT, State.OPEN, State.CLOSED, State.REVOKED, doing="更改，须先撤回结果")
    if "present" in fields and meeting.method is not Method.PAPER and meeting.opened_by:
        message = "扫码投票的测评会开始以后，到会人数由主持计票人在结束时填写"
        raise errors.NotPresiding(message, errors=[FieldError("body.present", message)])


def opened(meeting: Meeting, scheme: MeetingScheme, by: str) -> Meeting:
    """Open the meeting; after a revocation it keeps the scheme of its ballots."""
    expect(meeting, State.DRAFT, State.REVOKED, doing="开始测评")
    used = scheme if meeting.state is State.DRAFT else meeting.scheme.disclosing_enough()
    return meeting.model_copy(update={"state": State.OPEN, "scheme": used, "opened_by": by})


def closed(meeting: Meeting) -> Meeting:
    expect(meeting, State.OPEN, doing="结束测评")
    return meeting.model_copy(update={"state": State.CLOSED})


def check_publisher(meeting: Meeting, counted_by: frozenset[str], actor: str) -> None:
    """Errors: TellerMayNotPublish. Separation of duties: tellers do not publish."""
    if actor in counted_by or actor in meeting.tellers:
        raise errors.TellerMayNotPublish("计票人不能公布本场结果，请由另一人公布")


def published(meeting: Meeting, result: Result) -> Meeting:
    expect(meeting, State.CLOSED, doing="公布结果")
    update = {"state": State.PUBLISHED, "result": result, "published_times": result.version}
    return meeting.model_copy(update=update)


def revoked(meeting: Meeting, reason: str, on: date, by: str) -> Meeting:
    """Revoke the result; it is kept in `revocations` with its reason and no longer published."""
    expect(meeting, State.PUBLISHED, doing="撤回结果")
    assert meeting.result is not None  # published() is the only way here
    revocation = Revocation(
        version=meeting.result.version, reason=reason, on=on, by=by, result=meeting.result
    )
    update = {"state": State.REVOKED, "result": None, "revocations": (*meeting.revocations, revocation)}
    return meeting.model_copy(update=update)


def voided(meeting: Meeting, reason: str, on: date, *, slips: bool, counted: bool) -> Meeting:
    """Void a meeting entered by mistake. `slips` were printed, or votes `counted`: then it took place.

    Errors: RecordVoided, MeetingState.
    """
    expect(meeting, State.DRAFT, State.OPEN, doing="作废：已经计过票，是开过的会")
    if counted:
        raise errors.MeetingState("已经录入过计票，是开过的会，不能作废")
    if slips:
        raise errors.MeetingState("已经印制扫码票，选民手里可能有票，不能作废")
    return meeting.voided(reason, on)
