"""Routes of the count: entries by two tellers, ballots on paper, the result."""

from typing import Any

from services.ratings import schemas
from services.ratings.ballots import differences
from services.ratings.domain import Meeting, check_bound
from services.ratings.errors import NotPublished
from services.ratings.handlers import counting, voting
from services.ratings.repository import MEETINGS
from services.ratings.routes.roles import COUNTING, OFFICE
from shared.http import EVERYONE, Call, route


async def meeting_counted(call: Call[Any, Any]) -> Meeting:
    """The meeting, for whoever looks at its count. Errors: NotFound; NotTeller where the account is of another."""
    meeting = await call.subject(MEETINGS)
    check_bound(meeting, call.actor.meeting)
    return meeting


@route("POST", "/towns/{town}/meetings/{id}/counts", roles=COUNTING, status=201)
async def enter_counts(call: Call[None, schemas.CountsIn]) -> schemas.CountsOut:
    """录入计票。两遍由两名计票人各自独立录入；同一人再录即更正。只说两遍是否一致，不说何处；每次录入都有记录。"""
    meeting = await call.subject(MEETINGS)
    sheet, tally = await counting.enter_counts(call.work, meeting, call.body, call.actor)
    return schemas.CountsOut.from_sheet(meeting.id, sheet, quarantined=bool(differences(tally, sheet.place)))


@route("GET", "/towns/{town}/meetings/{id}/counts", roles=OFFICE | COUNTING)
async def show_counts(call: Call) -> schemas.CountsState:
    """计票进度：谁录了哪一遍、录了几次、是否一致，不含票数；何处不一致只有不计票的办公室人员看得到。"""
    meeting = await meeting_counted(call)
    places = await counting.may_know_places(call.work, meeting, call.actor)
    return await counting.counts_state(call.work, meeting, places=places)


@route("POST", "/towns/{town}/meetings/{id}/paper_slips", roles=COUNTING)
async def take_paper_slips(call: Call[None, schemas.PaperSlipsIn]) -> schemas.PaperSlipsOut:
    """收到填好当纸质票交来的扫码票：登记票号，此后不能再扫码投；计在计票表的发出和收回之中。"""
    meeting = await call.subject(MEETINGS)
    return await voting.take_on_paper(call.work, meeting, call.body.codes, call.actor)


@route("GET", "/towns/{town}/meetings/{id}/results", roles=EVERYONE, problems=[NotPublished])
async def show_results(call: Call) -> schemas.ResultsOut:
    """测评结果。公布前不显示票数；有效票过少不公布；按会议名单顺序，不排名次。"""
    return await counting.results(call.work, await call.subject(MEETINGS))
