"""Suggestions and the steps of their handling."""

from services.activities import repository, schemas
from services.activities.domain.deadlines import Deadline
from services.activities.handlers import suggestions
from services.activities.repository import SUGGESTIONS
from services.activities.routes.door import OFFICE, READERS, api
from shared.days import Day
from shared.http import Call, Filter, add_command, add_resource

add_resource(
    api,
    "suggestions",
    SUGGESTIONS,
    body=schemas.SuggestionIn,
    create=suggestions.raise_suggestion,
    change=suggestions.change_suggestion,
    equals=("year", "state", "raised_at", "session_id", "lead_deputyship_id", "unit"),
    filters={"open_on": Filter(Day, repository.open_on)},
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
    add_command(api, "suggestions", SUGGESTIONS, _verb, _body, _handler, write=OFFICE, label=_label)
add_command(
    api,
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
    suggestion = await call.subject(SUGGESTIONS)
    day = suggestion.assigned_on or suggestion.raised_on
    return suggestion.deadline(await repository.rules(call.work, day))
