"""Duty-report meetings: who reports, where the meeting stands, what came out.

Invariants: a meeting moves draft → open → closed → published → revoked → open; a result exists only while it
is published; who counts does not publish.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from services.ratings import errors
from services.ratings.domain.schemes import Count, Rate, Rules, Total, Value
from shared.errors import FieldError
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
    State.CLOSED: "已封存",
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


class Result(Value):
    """issued = returned + not_returned; returned = valid + void; no deputies when suppressed."""

    version: int
    issued: Total
    returned: Total
    not_returned: Total
    void: Total
    valid: Total
    suppressed: bool
    deputies: tuple[DeputyResult, ...] = ()


class Revocation(Value):
    version: int
    reason: str
    on: date
    by: str
    result: Result


class MeetingScheme(Rules):
    """The scheme as it was when the meeting was planned, last refreshed when it opened."""

    id: str


class Meeting(Record):
    """Deputies reporting to the voters of their constituency, who rate them (述职评议, 代表法 58).

    `reference` is the clerk's own number in the workbook it came from. `roster_sequence` and `roster_hash` name the
    roster of `held_on` as it was known when the deputies were named, and again when the meeting opened (ADR 0018).
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
    scrutineers: tuple[str, ...] = ()
    state: State = State.DRAFT
    published_times: Count = 0
    result: Result | None = None
    revocations: tuple[Revocation, ...] = ()
    roster_sequence: int = 0
    roster_hash: str | None = None


class DutyReport(Record):
    """What one deputy reported at one meeting, whole or under the four usual headings; his words stay in this service:
    law and resolutions studied and made known, work at sessions, between them, contact with voters and help given."""

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
    """Errors: Unacceptable when a deputy is named twice, for his row would stand twice on the ballot."""
    twice = [n for n, one in enumerate(deputyship_ids) if one in deputyship_ids[:n]]
    if twice:
        raise errors.Unacceptable(
            "同一代表职务只能列一次", errors=[FieldError(f"body.deputyship_ids.{n}", "重复") for n in twice]
        )


def check_method(rules: Rules, method: Method) -> None:
    """Errors: MethodUnsupported. Slips are dealt to voters alone, who are one group; weights need several."""
    if method is not Method.PAPER and rules.groups:
        raise errors.MethodUnsupported(
            "分群体加权的测评只能用纸质票", errors=[FieldError("body.method", "应为 paper")]
        )


def expect(meeting: Meeting, *states: State, doing: str) -> None:
    """Errors: MeetingState unless the meeting stands in one of `states`."""
    if meeting.state not in states:
        raise errors.MeetingState(f"测评会{STATE_LABELS[meeting.state]}，不能{doing}")


def too_near(meeting: Meeting, valid: int) -> Result | None:
    """The version that showed numbers of almost the same ballots, so that these would show those few that were added or
    left out: taken from each other, two versions tell of a group that is smaller than may be published."""
    shown = [past.result for past in meeting.revocations if not past.result.suppressed]
    least = meeting.scheme.min_published
    return next((one for one in shown if 0 < abs(one.valid - valid) < least), None)


FIXED_BY_OPENING = frozenset({"deputyship_ids", "scheme_id", "method"})


def check_change(meeting: Meeting, fields: set[str]) -> None:
    """What stands on the ballot is fixed when the meeting opens, the rest when it is published."""
    if fields & FIXED_BY_OPENING:
        expect(meeting, State.DRAFT, doing="更改述职代表、测评方案或方式")
    expect(meeting, State.DRAFT, State.OPEN, State.CLOSED, State.REVOKED, doing="更改，须先撤回结果")


def opened(meeting: Meeting, scheme: MeetingScheme) -> Meeting:
    """Opening again after a revocation keeps the scheme the ballots were printed by."""
    expect(meeting, State.DRAFT, State.REVOKED, doing="开始测评")
    kept = scheme if meeting.state is State.DRAFT else meeting.scheme
    return meeting.model_copy(update={"state": State.OPEN, "scheme": kept})


def closed(meeting: Meeting) -> Meeting:
    expect(meeting, State.OPEN, doing="封存票数")
    return meeting.model_copy(update={"state": State.CLOSED})


def check_publisher(meeting: Meeting, counted_by: frozenset[str], actor: str) -> None:
    """Errors: TellerMayNotPublish. Who counts does not publish; two people answer for every result."""
    if actor in counted_by or actor in meeting.tellers:
        raise errors.TellerMayNotPublish("计票人不能公布本场结果，请由另一人公布")


def published(meeting: Meeting, result: Result) -> Meeting:
    expect(meeting, State.CLOSED, doing="公布结果")
    update = {"state": State.PUBLISHED, "result": result, "published_times": result.version}
    return meeting.model_copy(update=update)


def revoked(meeting: Meeting, reason: str, on: date, by: str) -> Meeting:
    """The revoked result is kept here with its reason and leaves the public state."""
    expect(meeting, State.PUBLISHED, doing="撤回结果")
    assert meeting.result is not None  # published() is the only way here
    past = Revocation(version=meeting.result.version, reason=reason, on=on, by=by, result=meeting.result)
    update = {"state": State.REVOKED, "result": None, "revocations": (*meeting.revocations, past)}
    return meeting.model_copy(update=update)
