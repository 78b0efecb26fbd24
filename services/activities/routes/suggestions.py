"""Routes of suggestions and the steps of their handling."""

from services.activities import repository, schemas
from services.activities.domain.deadlines import Deadline
from services.activities.domain.handling import Handling
from services.activities.errors import WrongState
from services.activities.handlers import duplicates, handling, suggestions
from services.activities.repository import SUGGESTIONS
from services.activities.routes.roles import OFFICE, READERS
from shared.days import Day
from shared.endpoints.voiding import OF_VOIDED
from shared.http import Call, Filter, resource, route

records = resource(
    "suggestions",
    SUGGESTIONS,
    body=schemas.SuggestionIn,
    create=suggestions.raise_suggestion,
    change=suggestions.change_suggestion,
    equals=("year", "state", "raised_at", "session_id", "lead_deputyship_id", "unit", "key"),
    filters={
        "open_on": Filter(Day, repository.open_on),
        "voided": OF_VOIDED,
    },
    day="raised_on",
    words=lambda s: (str(s.number), s.title, s.category, s.unit, s.forwarded_to),
    read=READERS,
    write=OFFICE,
    label="代表建议",
)
assign = records.command(
    "assign", schemas.AssignIn, suggestions.assign_suggestion, write=OFFICE, label="交办，自动计算答复期限"
)
extend = records.command(
    "extend", schemas.ExtendIn, suggestions.extend_suggestion, write=OFFICE, label="延长答复期限，只能一次"
)
return_ = records.command(
    "return", schemas.ReturnIn, suggestions.return_suggestion, write=OFFICE, label="承办单位退回"
)
reply = records.command(
    "reply", schemas.ReplyIn, suggestions.reply_to_suggestion, write=OFFICE, label="承办单位答复"
)
rate = records.command("rate", schemas.RateIn, suggestions.rate_suggestion, write=OFFICE, label="代表测评")
redo = records.command("redo", schemas.OnIn, suggestions.redo_suggestion, write=OFFICE, label="退回重办")
forward = records.command(
    "forward", schemas.ForwardIn, suggestions.forward_suggestion, write=OFFICE, label="转县级有关单位研究处理"
)
reject = records.command(
    "reject", schemas.RejectIn, suggestions.reject_suggestion, write=OFFICE, label="不予受理，说明事由"
)
close = records.command("close", schemas.OnIn, suggestions.close_suggestion, write=OFFICE, label="办结")
undo = records.command(
    "undo", schemas.Nothing, suggestions.undo_suggestion, write=OFFICE, label="撤销误登记的上一步"
)
void = records.command(
    "void", schemas.ReasonIn, suggestions.void_suggestion, write=OFFICE, label="作废误登记的建议，须写明原因"
)
differ = records.command(
    "differ", schemas.DifferIn, duplicates.differ_suggestion, write=OFFICE, label="注明与另几件不是同一件"
)
answer = records.command(
    "answer",
    schemas.AnswerIn,
    suggestions.answer_suggestion,
    write=OFFICE | {"county"},
    label="县级对转县建议的答复，由县级或者镇人大办公室登记",
)


@route("GET", "/towns/{town}/suggestions/{id}/deadline", roles=READERS, problems=[WrongState])
async def explain_deadline(call: Call) -> Deadline:
    """答复期限是怎样算出来的，逐步用文字说明。"""
    suggestion = await call.subject(SUGGESTIONS)
    day = suggestion.assigned_on or suggestion.raised_on
    return suggestion.deadline(await repository.rules(call.work, day))


@route("GET", "/towns/{town}/suggestions:handling", roles=READERS)
async def list_handling(call: Call[schemas.HandlingQuery]) -> schemas.HandlingOut:
    """一年的建议各办到哪一步、几号到期、下一步可以做什么：逾期的在前，连同以前年度结转的。"""
    return await handling.handled(call.work, call.query)


@route("GET", "/towns/{town}/suggestions/{id}/handling", roles=READERS)
async def show_handling(call: Call[schemas.HandlingDay]) -> Handling:
    """一件建议办到哪一步、几号到期、下一步可以做什么。"""
    return handling.handled_one(call.work, await call.subject(SUGGESTIONS), call.query)
