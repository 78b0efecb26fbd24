"""Use cases of suggestions: raise, correct, and the steps of their handling."""

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.steps import Action, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import SuggestionExists
from services.activities.handlers.references import check_own, revised
from services.activities.repository import DEPUTYSHIPS, OPINIONS, SESSIONS, SUGGESTIONS
from services.activities.schemas import (
    AnswerIn,
    AssignIn,
    ExtendIn,
    ForwardIn,
    Nothing,
    OnIn,
    RateIn,
    ReasonIn,
    RejectIn,
    ReplyIn,
    ReturnIn,
    SuggestionIn,
)
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Work


async def raise_suggestion(
    work: Work, body: SuggestionIn, *, opinion_ids: tuple[str, ...] = ()
) -> Suggestion:
    fields = dict(body) | {"opinion_ids": opinion_ids}
    suggestion = Suggestion(id=new_id(), town=work.town, year=body.raised_on.year, **fields)
    return work.create(SUGGESTIONS, await _checked(work, suggestion), "raised")


async def change_suggestion(work: Work, before: Suggestion, patch: BaseModel) -> Suggestion:
    after = revised(before, patch)
    if after == before:
        return before
    before.check_in_force()
    after = await _checked(work, after.model_copy(update={"year": after.raised_on.year}))
    return before if after == before else work.change(SUGGESTIONS, after, "changed")


async def assign_suggestion(work: Work, suggestion: Suggestion, body: AssignIn) -> Suggestion:
    rules = await repository.rules(work, body.on)
    end = await repository.end_of_session(work, suggestion.session_id)
    step = suggestion.assignment(body.unit, body.on, rules, co_units=body.co_units, session_end=end)
    return _advanced(work, suggestion, step, "assigned")


async def extend_suggestion(work: Work, suggestion: Suggestion, body: ExtendIn) -> Suggestion:
    rules = await repository.rules(work, suggestion.assigned_on or body.on)
    step = suggestion.extension(body.on, body.reason, rules, consent_by=body.consent_by)
    return _advanced(work, suggestion, step, "changed")


async def return_suggestion(work: Work, suggestion: Suggestion, body: ReturnIn) -> Suggestion:
    step = SuggestionStep(action=Action.RETURNED, on=body.on, reason=body.reason)
    return _advanced(work, suggestion, step, "returned")


async def reply_to_suggestion(work: Work, suggestion: Suggestion, body: ReplyIn) -> Suggestion:
    rules = await repository.rules(work, body.on)
    step = SuggestionStep(action=Action.REPLIED, rate_by=rules.rate_by(body.on), **dict(body))
    return _advanced(work, suggestion, step, "replied")


async def rate_suggestion(work: Work, suggestion: Suggestion, body: RateIn) -> Suggestion:
    step = SuggestionStep(action=Action.RATED, **dict(body))
    return _advanced(work, suggestion, step, "rated")


async def redo_suggestion(work: Work, suggestion: Suggestion, body: OnIn) -> Suggestion:
    step = suggestion.redo(body.on, await repository.rules(work, body.on or work.clock.today()))
    return _advanced(work, suggestion, step, "redone")


async def forward_suggestion(work: Work, suggestion: Suggestion, body: ForwardIn) -> Suggestion:
    step = SuggestionStep(action=Action.FORWARDED, **dict(body))
    return _advanced(work, suggestion, step, "forwarded")


async def answer_suggestion(work: Work, suggestion: Suggestion, body: AnswerIn) -> Suggestion:
    """Record the county's answer, sent by the county or entered by the office."""
    rules = await repository.rules(work, body.on)
    step = SuggestionStep(action=Action.ANSWERED, rate_by=rules.rate_by(body.on), **dict(body))
    return _advanced(work, suggestion, step, "answered")


async def reject_suggestion(work: Work, suggestion: Suggestion, body: RejectIn) -> Suggestion:
    step = SuggestionStep(action=Action.REJECTED, **dict(body))
    return _advanced(work, suggestion, step, "rejected")


async def close_suggestion(work: Work, suggestion: Suggestion, body: OnIn) -> Suggestion:
    return _advanced(work, suggestion, SuggestionStep(action=Action.CLOSED, on=body.on), "closed")


async def undo_suggestion(work: Work, suggestion: Suggestion, _: Nothing) -> Suggestion:
    """Remove the last step, which was recorded by mistake."""
    return work.change(SUGGESTIONS, suggestion.undone(), "changed")


async def void_suggestion(work: Work, suggestion: Suggestion, body: ReasonIn) -> Suggestion:
    """Void a suggestion; the opinions that became it are to be handled again."""
    after = suggestion.voided(body.reason, work.clock.today())
    for opinion in await work.find(OPINIONS, {"suggestion_id": suggestion.id, **IN_FORCE}):
        work.change(OPINIONS, opinion.unconverted(), "changed")
    return work.change(SUGGESTIONS, after, "voided")


def _advanced(work: Work, suggestion: Suggestion, step: SuggestionStep, verb: str) -> Suggestion:
    check_day(work, step.on, "body.on")
    return work.change(SUGGESTIONS, suggestion.with_step(step), verb)


async def _checked(work: Work, suggestion: Suggestion) -> Suggestion:
    """Check number, references and dates; `raised_at` becomes `session` where a session is named."""
    suggestion.check_dates()
    check_day(work, suggestion.raised_on, "body.raised_on")
    suggestion.check_names()
    suggestion.check_supervision()
    suggestion.check_withheld()
    other = await repository.suggestion_numbered(work, suggestion.year, suggestion.number)
    if other is not None and other.id != suggestion.id:
        message = f"{suggestion.year} 年第 {suggestion.number} 号建议已登记：{other.title}"
        raise SuggestionExists(message, errors=[FieldError("body.number", message)])
    await check_own(work, SESSIONS, suggestion.session_id, "body.session_id", "会议")
    if suggestion.lead_deputyship_id is not None:
        await work.require_all(DEPUTYSHIPS, [suggestion.lead_deputyship_id], "body.lead_deputyship_id")
    await work.require_all(DEPUTYSHIPS, suggestion.co_deputyship_ids, "body.co_deputyship_ids")
    if suggestion.raised_at is None and suggestion.session_id is not None:
        return suggestion.model_copy(update={"raised_at": "session"})
    return suggestion
