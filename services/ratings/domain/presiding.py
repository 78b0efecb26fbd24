"""Who opens, closes, publishes and revokes a meeting: on paper the office; where slips vote, the presiding teller.

The office prints the slips and could cast them, so it must not decide as well when voting ends and what stands (ADR
0038). The presiding teller is a third subject, who neither printed slips nor counted.
"""

from collections.abc import Collection

from services.ratings import errors
from services.ratings.domain.meetings import Meeting, Method, State
from shared.errors import FieldError


def led_by_office(meeting: Meeting) -> bool:
    """On paper; and a meeting that a version without presiding tellers opened, until its result is revoked."""
    if meeting.method is Method.PAPER:
        return True
    opened_before = not meeting.opened_by and meeting.state not in (State.DRAFT, State.REVOKED)
    return opened_before and not meeting.presiding


def check_leader(
    meeting: Meeting, actor: str, bound: str, *, office: bool, took_part: Collection[str]
) -> None:
    """Errors: NotPresiding. `bound`: as for `check_bound`; `took_part`: subjects who printed slips or keyed counts."""
    if led_by_office(meeting):
        if not office:
            raise errors.NotPresiding("纸质票的测评会由镇人大办公室开始、结束、公布和撤回")
        return
    if not meeting.presiding:
        raise errors.NotPresiding(
            "扫码投票的测评会由主持计票人开始、结束、公布和撤回：请办公室先填写主持计票人，"
            "须是既不印票也不计票的第三人"
        )
    if office or actor != meeting.presiding or bound not in ("", meeting.id):
        raise errors.NotPresiding(
            "扫码投票的测评会只能由本场主持计票人开始、结束、公布和撤回，印票的办公室不能办理"
        )
    if actor in took_part:
        raise errors.NotPresiding("印过票、录过计票的人不能主持本场测评，请办公室另填主持计票人")


def check_presiding(meeting: Meeting, took_part: Collection[str], *, was_named: bool = False) -> None:
    """`was_named`: somebody presided before the change. Errors: Unacceptable when the presiding teller takes part in
    another way, or is missing once slips vote."""
    fault, begun = "", was_named and meeting.state is not State.DRAFT
    if meeting.presiding and meeting.presiding in (*meeting.tellers, *took_part):
        fault = "主持计票人须是既不印票也不计票的第三人"
    elif not meeting.presiding and meeting.method is not Method.PAPER and (meeting.opened_by or begun):
        fault = "测评已经开始，可以换人，不能空着"
    if fault:
        raise errors.Unacceptable(fault, errors=[FieldError("body.presiding", fault)])


def may_know_places(meeting: Meeting, counted: Collection[str], actor: str, *, office: bool) -> bool:
    """Whether a caller may know where entries differ: the office, and nobody who counts, by whatever token."""
    return office and actor not in (*meeting.tellers, *counted)


def check_bound(meeting: Meeting, bound: str) -> None:
    """`bound`: the only meeting of the caller's account; empty where it has none. Errors: NotTeller."""
    if bound not in ("", meeting.id):
        raise errors.NotTeller("您的账号只用于另一场测评会")


def check_teller(meeting: Meeting, actor: str, bound: str) -> None:
    """Errors: NotTeller unless the subject may count at this meeting. `bound`: as for `check_bound`."""
    check_bound(meeting, bound)
    if meeting.tellers and actor not in meeting.tellers:
        raise errors.NotTeller("本场测评已指定计票人，您不在其中")
    if meeting.method is not Method.PAPER and actor in (meeting.presiding, meeting.opened_by):
        raise errors.NotTeller("主持计票人开始、结束和公布测评，不能同时计票、收票")
