"""The HTTP door of the activities service: parse, call one use case, answer."""

from typing import cast
from urllib.parse import quote

import structlog
from aiohttp import web

from services.activities import imports, repository, schemas
from services.activities.domain.deadlines import Deadline
from services.activities.domain.evidence import SIGNATURES, Evidence
from services.activities.domain.opinions import Opinion
from services.activities.domain.plans import Plan
from services.activities.handlers import activities, evidence, meetings, opinions, plans, suggestions
from services.activities.integrity import CHECKS, READ_MODEL
from services.activities.repository import (
    ACTIVITIES,
    EVIDENCE,
    OPINIONS,
    PLANS,
    PRESIDIUM_MEETINGS,
    SESSIONS,
    SUGGESTIONS,
)
from shared.auth import Actor
from shared.days import Day
from shared.feed import add_feeds
from shared.heads import add_heads
from shared.http import Api, Call, Question, Reply, Upload
from shared.imports import add_imports
from shared.integrity import add_integrity
from shared.letters import add_dead_letters
from shared.rebuilding import add_rebuild
from shared.store import Store
from shared.workbook import ImportReport

OFFICE = frozenset({"office"})
EVIDENCE_BYTES = 10 * 1024 * 1024
READERS = frozenset({"office", "leader", "deputy", "county", "auditor", "service"})

log = structlog.get_logger(__name__)
api = Api("activities", title="履职")


def opinion_out(opinion: Opinion, actor: Actor) -> schemas.OpinionOut:
    """What a voter said, for the office alone; that it was read is written down."""
    in_full = actor.has("office")
    if in_full and opinion.text:
        log.info("private text read", actor=actor.sub, subject=f"opinion/{opinion.id}", town=opinion.town)
    return schemas.OpinionOut.of(opinion, in_full=in_full)


api.resource(
    "plans",
    PLANS,
    body=schemas.PlanIn,
    create=plans.adopt_plan,
    change=plans.change_plan,
    filters=("year", "group_id"),
    read=READERS,
    write=OFFICE,
    label="年度计划",
)


@api.route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:done",
    roles=OFFICE,
    body=schemas.ItemDoneIn,
    guarded=True,
)
async def complete_plan_item(call: Call) -> Reply[Plan]:
    """计划项目由一次活动或会议完成。"""
    plan = await plans.complete_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


@api.route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:cancelled",
    roles=OFFICE,
    body=schemas.ReasonIn,
    guarded=True,
)
async def cancel_plan_item(call: Call) -> Reply[Plan]:
    """计划项目取消，须说明原因。"""
    plan = await plans.cancel_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


api.resource(
    "sessions",
    SESSIONS,
    body=schemas.SessionIn,
    create=meetings.hold_session,
    change=meetings.change_session,
    filters=("year", "congress_number", "session_number"),
    read=READERS,
    write=OFFICE,
    label="人民代表大会会议",
)
api.resource(
    "presidium_meetings",
    PRESIDIUM_MEETINGS,
    body=schemas.PresidiumMeetingIn,
    create=meetings.hold_presidium_meeting,
    change=meetings.change_presidium_meeting,
    filters=("year", "number"),
    read=READERS,
    write=OFFICE,
    label="主席团会议",
)
api.resource(
    "activities",
    ACTIVITIES,
    body=schemas.ActivityIn,
    create=activities.hold_activity,
    change=activities.change_activity,
    filters=("year", "kind", "state", "group_id", "station_id", "plan_item_id"),
    read=READERS,
    write=OFFICE,
    label="履职活动",
)
api.command(
    "activities", ACTIVITIES, "void", schemas.ReasonIn, activities.void_activity, write=OFFICE, label="作废"
)
api.resource(
    "opinions",
    OPINIONS,
    body=schemas.OpinionIn,
    create=opinions.receive_opinion,
    change=opinions.change_opinion,
    view=opinion_out,
    filters=("year", "state", "channel", "station_id", "deputyship_id"),
    read=READERS,
    write=OFFICE,
    label="群众意见",
)
api.resource(
    "suggestions",
    SUGGESTIONS,
    body=schemas.SuggestionIn,
    create=suggestions.raise_suggestion,
    change=suggestions.change_suggestion,
    filters=("year", "state", "raised_at", "session_id", "lead_deputyship_id", "unit"),
    questions={"open_on": Question(Day, repository.open_on)},
    read=READERS,
    write=OFFICE,
    label="代表建议",
)
for _verb, _body, _handler, _label in (
    ("assign", schemas.AssignIn, suggestions.assign_suggestion, "交办，自动计算答复期限"),
    ("extend", schemas.ExtendIn, suggestions.extend_suggestion, "延长答复期限，只能一次"),
    ("return", schemas.ReturnIn, suggestions.return_suggestion, "承办单位退回"),
    ("reply", schemas.ReplyIn, suggestions.reply_to_suggestion, "承办单位答复"),
    ("rate", schemas.RateIn, suggestions.rate_suggestion, "代表测评"),
    ("redo", schemas.OnIn, suggestions.redo_suggestion, "退回重办"),
    ("forward", schemas.ForwardIn, suggestions.forward_suggestion, "转县级有关单位研究处理"),
    ("reject", schemas.RejectIn, suggestions.reject_suggestion, "不予受理，说明事由"),
    ("close", schemas.OnIn, suggestions.close_suggestion, "办结"),
    ("undo", schemas.Nothing, suggestions.undo_suggestion, "撤销误登记的上一步"),
):
    api.command("suggestions", SUGGESTIONS, _verb, _body, _handler, write=OFFICE, label=_label)
api.command(
    "suggestions",
    SUGGESTIONS,
    "answer",
    schemas.AnswerIn,
    suggestions.answer_suggestion,
    write=OFFICE | {"county"},
    label="县级对转县建议的答复，由县级或者镇人大办公室登记",
)


@api.route("GET", "/towns/{town}/suggestions/{id}/deadline", roles=READERS)
async def explain_deadline(call: Call) -> Deadline:
    """答复期限是怎样算出来的，逐步用文字说明。"""
    return (await call.subject(SUGGESTIONS)).deadline(await repository.rules(call.work))


@api.route(
    "POST",
    "/towns/{town}/evidence",
    roles=OFFICE,
    body=Upload,
    accepts=tuple(SIGNATURES),
    limit=EVIDENCE_BYTES,
    status=201,
)
async def keep_evidence(call: Call) -> Reply[Evidence]:
    """上传活动的照片或扫描件（JPEG、PNG、PDF），所得编号填入活动的 evidence。"""
    database = cast(Store, call.store).database
    kept = await evidence.keep_evidence(
        call.work, database, call.body.filename or "未命名", call.body.content_type, call.body.data
    )
    return Reply(kept, version=kept.version)


@api.route("GET", "/towns/{town}/evidence/{id}", roles=READERS, produces=tuple(SIGNATURES))
async def get_evidence(call: Call) -> web.Response:
    """下载照片或扫描件原件。"""
    kept = await call.subject(EVIDENCE)
    data = await repository.file_of(cast(Store, call.store).database, kept)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.filename)}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=data, content_type=kept.content_type, headers=headers)


async def _import(call: Call) -> ImportReport:
    return await imports.import_workbook(call.work, call.body.data, dry_run=call.query.dry_run)


add_imports(
    api,
    _import,
    roles=OFFICE,
    summary="导入履职工作簿（.xlsx）：逐行报告新增、修改、不变或有误；有一处错误就一行也不写入。",
)
add_feeds(api)
add_dead_letters(api)
add_heads(api)
add_rebuild(api, READ_MODEL)
add_integrity(api, CHECKS)
