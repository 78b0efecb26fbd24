"""Endpoints of the dead letters: what a service could not apply, listed by town, replayed or dropped."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Unavailable
from shared.events.dead_letters import DeadLetters, StillRefused
from shared.events.letter import DeadLetter
from shared.http import Call, route
from shared.http.paging import Paging, cursor_after, id_from_cursor

OPERATORS: Final = frozenset({"office", "service"})
DEAD_LETTERS: Final = web.AppKey("dead_letters", dict[str, DeadLetters])
"""Of each service that is mounted on the application, by its name."""


class DropIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=1, max_length=500, description="为什么可以不要它")]


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LetterOut(BaseModel):
    """What is known of a letter without its content."""

    id: str
    type: str
    subject: str
    source: str
    sequence: int
    reason: str
    handler: str
    parked: datetime


class LetterWithEvent(LetterOut):
    """`event` is the event as it came, or None where it could not be read."""

    event: dict[str, Any] | None


class LetterPage(BaseModel):
    items: list[LetterOut]
    next_cursor: str | None


class Outcome(BaseModel):
    """`state`: applied or dropped."""

    id: str
    state: str


@route("GET", "/towns/{town}/dead", roles=OPERATORS)
async def list_dead_letters(call: Call[Paging]) -> LetterPage:
    """本镇未能处理的事件：类型、来源、原因，不含内容。"""
    query = call.query
    found = await _letters(call).inbox.letters(
        call.town, after=id_from_cursor(query.cursor) or "", limit=query.limit + 1
    )
    shown = found[: query.limit]
    following = cursor_after(shown[-1].id) if len(found) > len(shown) else None
    return LetterPage(items=[_out(letter) for letter in shown], next_cursor=following)


@route("GET", "/towns/{town}/dead/{id}", roles=OPERATORS)
async def get_dead_letter(call: Call) -> LetterWithEvent:
    """一件未能处理的事件，连同其内容。"""
    letter = await _letters(call).find(call.town, call.path["id"])
    event = json.loads(letter.body) if letter.readable else None
    return LetterWithEvent(**_out(letter).model_dump(), event=event)


@route("POST", "/towns/{town}/dead/{id}:replay", roles=OPERATORS, commits=False, problems=(StillRefused,))
async def replay_dead_letter(call: Call[None, Nothing]) -> Outcome:
    """重新处理一件事件；仍然无法处理时说明原因，事件保留。"""
    letters = _letters(call)
    letter = await letters.find(call.town, call.path["id"])
    await letters.replay(letter)
    return Outcome(id=call.path["id"], state="applied")


@route("POST", "/towns/{town}/dead/{id}:drop", roles=OPERATORS, commits=False)
async def drop_dead_letter(call: Call[None, DropIn]) -> Outcome:
    """放弃一件无法处理的事件，须写明原因。"""
    letters = _letters(call)
    letter = await letters.find(call.town, call.path["id"])
    await letters.drop(letter, reason=call.body.reason, by=call.actor.sub)
    return Outcome(id=call.path["id"], state="dropped")


def _letters(call: Call) -> DeadLetters:
    letters = call.request.app.get(DEAD_LETTERS, {}).get(call.store.service)
    if letters is None:
        raise Unavailable
    return letters


def _out(letter: DeadLetter) -> LetterOut:
    return LetterOut(
        id=letter.public_id,
        type=letter.type,
        subject=letter.subject,
        source=letter.source,
        sequence=letter.sequence,
        reason=letter.reason,
        handler=letter.handler,
        parked=letter.parked,
    )
