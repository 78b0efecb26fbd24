"""Resignations: requested in writing, accepted by the congress, and effective only then (选举法 2020 Art. 55).

An end without a recorded acceptance is stored as entered and becomes a finding of the report.
"""

from datetime import date

from services.roster.domain.basis import article
from services.roster.domain.dated import not_after, unfit
from services.roster.domain.deputyships import (
    GIVEN_UP,
    Deputyship,
    EndReason,
    Resignation,
    ResignationOutcome,
    must_be_open,
    written,
)
from services.roster.errors import WrongStatus


def pending(deputyship: Deputyship) -> Resignation | None:
    return next(
        (resignation for resignation in deputyship.resignations if resignation.outcome == "pending"), None
    )


def request(deputyship: Deputyship, *, requested_on: date) -> Deputyship:
    """Record a request to resign; the person stays a deputy. Errors: WrongStatus, ImpossibleDate."""
    must_be_open(deputyship)
    if pending(deputyship) is not None:
        raise WrongStatus("已有一份辞职请求尚未处理")
    not_after(deputyship.started_on, requested_on, "任职开始", "body.requested_on")
    requested = _with(deputyship, [*deputyship.resignations, Resignation(requested_on=requested_on)])
    return written(
        requested, "resignation_requested", requested_on, basis=article("resignation", requested_on)
    )


def settle(
    deputyship: Deputyship,
    outcome: ResignationOutcome,
    *,
    on: date,
    session: str | None = None,
    loc: str = "body.on",
) -> Deputyship:
    """Record the outcome of the request; an acceptance may have no request on record. Errors: ImpossibleDate."""
    request = pending(deputyship) or Resignation()
    if request.requested_on is not None:
        not_after(request.requested_on, on, "提出辞职", loc)
    settled_request = request.model_copy(
        update={"outcome": outcome, "settled_on": on, "accepted_by_session": session}
    )
    settled = _with(
        deputyship,
        [
            *(resignation for resignation in deputyship.resignations if resignation.outcome != "pending"),
            settled_request,
        ],
    )
    basis = article("resignation", on) if outcome == "accepted" else None
    return written(settled, "resignation_settled", on, reason=outcome, basis=basis)


def settle_by_end(
    deputyship: Deputyship,
    *,
    reason: EndReason,
    on: date,
    accepted_on: date | None,
    session: str | None,
) -> Deputyship:
    """Settle the request when the mandate ends: accepted, or lapsed otherwise. Errors: Invalid, ImpossibleDate."""
    must_be_open(deputyship)
    if session is not None and accepted_on is None:
        raise unfit("accepted_on", "填写了接受辞职的会议，须填接受的日期")
    if accepted_on is not None:
        if reason not in GIVEN_UP:
            raise unfit("accepted_on", "只有辞职和责令辞职才须经接受")
        not_after(accepted_on, on, "接受辞职")
        if _accepted_on(deputyship) is not None:
            return _must_agree(deputyship, accepted_on)
        return settle(deputyship, "accepted", on=accepted_on, session=session, loc="body.accepted_on")
    if reason not in GIVEN_UP and pending(deputyship) is not None:
        return settle(deputyship, "lapsed", on=on)
    return deputyship


def accept_afterwards(deputyship: Deputyship, *, accepted_on: date, session: str | None) -> Deputyship:
    """Record the acceptance of a resignation after the mandate has ended. Errors: Invalid, ImpossibleDate."""
    if deputyship.ended_on is None or deputyship.ended_reason not in GIVEN_UP:
        raise unfit("accepted_on", "只有因辞职终止的代表资格才能补登接受辞职")
    if _accepted_on(deputyship) is not None:
        raise WrongStatus("接受辞职已经登记")
    not_after(accepted_on, deputyship.ended_on, "接受辞职", "body.accepted_on")
    return settle(deputyship, "accepted", on=accepted_on, session=session, loc="body.accepted_on")


def _accepted_on(deputyship: Deputyship) -> date | None:
    return next(
        (
            resignation.settled_on
            for resignation in deputyship.resignations
            if resignation.outcome == "accepted"
        ),
        None,
    )


def _must_agree(deputyship: Deputyship, accepted_on: date) -> Deputyship:
    """The acceptance was recorded before, with the task; the day must be the same."""
    if _accepted_on(deputyship) != accepted_on:
        raise WrongStatus(f"接受辞职已经登记为 {_accepted_on(deputyship)}")
    return deputyship


def _with(deputyship: Deputyship, resignations: list[Resignation]) -> Deputyship:
    return deputyship.model_copy(update={"resignations": resignations})
