"""Quorum and majority of the congress and its presidium."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from services.activities.domain.attendance import Attendance
from services.activities.domain.business import Cast
from services.activities.domain.law import RULES
from services.activities.domain.roster import TOWN_LEVEL, Deputyship
from services.activities.errors import MajorityMissed, QuorumMissed, VotesExceedPresent
from shared.errors import FieldError


def quorum(deputies: int) -> int:
    """At least two thirds must be present (组织法 2022 Art. 14): 63 → 42, 49 → 33, 80 → 54."""
    return (2 * deputies + 2) // 3


def majority(deputies: int) -> int:
    """More than half of all deputies, not of those present (组织法 2022 Art. 25): 63 → 32, 80 → 41."""
    return deputies // 2 + 1


def base(deputyships: Iterable[Deputyship], day: date, *, suspended_in_base: bool) -> int:
    """Number of "all deputies" (全体代表) of the town's congress on the day."""
    return sum(
        d.level == TOWN_LEVEL and (d.in_office(day) if suspended_in_base else d.serves(day))
        for d in deputyships
    )


def check_quorum(present: int, deputies: int, day: date) -> None:
    """Errors: QuorumMissed, with the arithmetic."""
    needed, law = quorum(deputies), RULES.on("congress.quorum", day)
    if law is not None and present < needed:
        message = (
            f"全体代表 {deputies} 名，法定人数为三分之二以上：⌈{deputies}×2÷3⌉ = {needed} 名；"
            f"实到 {present} 名，差 {needed - present} 名，会议不能举行"
        )
        raise QuorumMissed(law.cited(message), errors=[FieldError("body.attendance.present", message)])


def check_majority(votes: Sequence[tuple[str, str, int | None]], deputies: int, day: date) -> None:
    """`votes`: (place in the request, matter, votes in favour or None when not recorded).

    Errors: MajorityMissed naming each matter that did not pass, with the arithmetic.
    """
    needed, law = majority(deputies), RULES.on("congress.majority", day)
    faults = [
        FieldError(
            place, f"“{matter}”得赞成票 {cast} 票，须超过全体代表 {deputies} 名的半数即至少 {needed} 票"
        )
        for place, matter, cast in votes
        if cast is not None and cast < needed
    ]
    if law is not None and faults:
        raise MajorityMissed(law.cited(faults[0].message), errors=faults)


def check_cast(cast: Sequence[Cast], attendance: Attendance, expected: Collection[str], day: date) -> None:
    """Only those present vote. Who is expected and not recorded may have come; without a roster nothing is known.

    Errors: VotesExceedPresent naming each number that exceeds the number of voters.
    """
    away = {leave.deputyship_id for leave in attendance.on_leave} | set(attendance.absent)
    voters, law = len(set(expected) - away), RULES.on("congress.votes", day)
    faults = [
        FieldError(place, f"“{matter}”登记{what} {number}，到会可以投票的代表最多 {voters} 名")
        for place, matter, what, number in cast
        if number > voters
    ]
    if law is not None and expected and faults:
        message = (
            f"{faults[0].message}（应到 {len(set(expected))} 名，请假和缺席 {len(set(expected) & away)} 名）"
        )
        raise VotesExceedPresent(law.cited(message), errors=faults)


def check_presidium_quorum(present: int, members: int, day: date) -> None:
    """More than half of the members (a provincial rule; the town's pack switches it on)."""
    law = RULES.on("presidium.quorum", day)
    if law is not None and present < majority(members):
        message = f"主席团成员 {members} 名，须过半数即至少 {majority(members)} 名出席，实到 {present} 名"
        raise QuorumMissed(law.cited(message), errors=[FieldError("body.attendance.present", message)])
