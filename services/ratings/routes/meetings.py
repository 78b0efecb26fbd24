"""Routes of rating meetings: plan, open, close, publish, void."""

from dataclasses import dataclass

from services.ratings import schemas
from services.ratings.ballots import BoxKeys
from services.ratings.domain import Meeting
from services.ratings.errors import CountsDiffer
from services.ratings.handlers import boxes, counting, meetings
from services.ratings.repository import MEETINGS
from services.ratings.routes.roles import LEADING, OFFICE
from shared.endpoints.voiding import OF_VOIDED
from shared.errors import Conflict
from shared.http import EVERYONE, Call, Reply, Route, resource, route
from shared.security.tokens import Actor
from shared.storage.work import Work


def show_meeting(meeting: Meeting, _: Actor) -> schemas.MeetingOut:
    return schemas.MeetingOut.from_meeting(meeting)


async def check_leader(call: Call, meeting: Meeting) -> None:
    await meetings.check_leader(call.work, meeting, call.actor)


records = resource(
    "meetings",
    MEETINGS,
    body=schemas.MeetingIn,
    create=meetings.plan_meeting,
    change=meetings.change_meeting,
    view=show_meeting,
    equals=("year", "state"),
    filters={"voided": OF_VOIDED},
    day="held_on",
    words=lambda meeting: (meeting.reference, meeting.constituency),
    read=EVERYONE,
    write=OFFICE,
    label="述职测评会",
)
publish = records.command(
    "publish",
    schemas.Nothing,
    meetings.publish_meeting,
    write=LEADING,
    check=check_leader,
    label="公布结果：纸质票由办公室，扫码票由主持计票人",
)
revoke = records.command(
    "revoke",
    schemas.ReasonIn,
    meetings.revoke_meeting,
    write=LEADING,
    check=check_leader,
    label="撤回公布的结果，须写明原因：纸质票由办公室，扫码票由主持计票人",
)
void = records.command(
    "void",
    schemas.ReasonIn,
    meetings.void_meeting,
    write=OFFICE,
    label="作废误登记的测评会，须写明原因；印过扫码票、录入过计票的不能作废",
)


@dataclass(frozen=True)
class Boxes:
    """Routes that need the private keys of ballot boxes."""

    keys: BoxKeys

    @property
    def open(self) -> Route:
        async def open_meeting(work: Work, meeting: Meeting, _: schemas.Nothing) -> Meeting:
            return await meetings.open_meeting(work, meeting, self.keys)

        return records.command(
            "open",
            schemas.Nothing,
            open_meeting,
            write=LEADING,
            check=check_leader,
            label="开始测评：纸质票由办公室，扫码票由主持计票人",
        )

    @route(
        "POST",
        "/towns/{town}/meetings/{id}:close",
        roles=LEADING,
        guarded=True,
        name="close_meetings",
        problems=[Conflict],
    )
    async def close(self, call: Call[None, schemas.CloseIn]) -> Reply[schemas.MeetingOut]:
        """结束测评：封箱、计票、销毁选票和票箱钥匙；纸质票由办公室，扫码票由主持计票人。"""
        meeting = await call.subject(MEETINGS)
        await check_leader(call, meeting)
        try:
            # In units of work of their own: only what was shut before can be counted to the last ballot, and what is
            # counted stays so where the meeting may not close.
            await call.store.execute(
                town=call.town, actor=call.actor.sub, run=lambda work: boxes.shut_box(work, meeting)
            )
            await boxes.void_unused(call.store, meeting)
            await call.store.execute(
                town=call.town,
                actor=call.actor.sub,
                run=lambda work: boxes.count_box(work, meeting, self.keys),
            )
            meeting = await meetings.close_meeting(call.work, meeting, call.body)
        except CountsDiffer:
            if await counting.may_know_places(call.work, meeting, call.actor):
                raise
            # Without the places and their number, which would help those who count to agree without counting.
            raise CountsDiffer("两遍计票不一致，请计票人核对原始选票后更正") from None
        return Reply(show_meeting(meeting, call.actor), version=meeting.version)
