"""Endpoints of the dead letters of a service: list by town, get, replay, drop."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Unavailable
from shared.events.dead_letter import DeadLetter
from shared.events.dead_letters import DeadLetters, StillRefused
from shared.http import Call, route
from shared.http.listing import contains
from shared.http.paging import Paging, cursor_after, id_from_cursor

OPERATORS: Final = frozenset({"office", "service"})
DEAD_LETTERS: Final = web.AppKey("dead_letters", dict[str, DeadLetters])
"""The dead letters of each service mounted on the application, by service name."""


class DeadLettersQuery(Paging):
    total: Annotated[bool, Field(description="是否要总数")] = False
    q: Annotated[
        str | None,
        Field(min_length=1, max_length=100, description="只要含有这些字词的；空格隔开的每一个都要有"),
    ] = None


class DropIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=1, max_length=500, description="为什么可以不要它")]


class ReplayIn(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DeadLetterOut(BaseModel):
    """A dead letter without its content."""

    id: str
    type: str
    subject: str
    source: str
    sequence: int
    reason: str
    handler: str
    parked: datetime


class DeadLetterWithEvent(DeadLetterOut):
    """A dead letter with its event as received, or None where it cannot be decoded."""

    event: dict[str, Any] | None


class DeadLetterPage(BaseModel):
    items: list[DeadLetterOut]
    next_cursor: str | None
    total: int | None = None


class DeadLetterOutcome(BaseModel):
    """The result of a command. `state`: applied or dropped."""

    id: str
    state: str


@route("GET", "/towns/{town}/dead", roles=OPERATORS)
async def list_dead_letters(call: Call[DeadLettersQuery]) -> DeadLetterPage:
    """本镇未能处理的事件：类型、来源、原因，不含内容。"""
    query, inbox = call.query, _service_dead_letters(call).inbox
    after, most = id_from_cursor(query.cursor) or "", query.limit + 1
    total = None
    if query.q is None and not query.total:
        found = await inbox.dead_letters(call.town, after=after, limit=most)
    else:
        matching = [
            one for one in await inbox.dead_letters(call.town) if contains(_words(one), query.q or "")
        ]
        total = len(matching) if query.total else None
        found = [one for one in matching if one.id > after][:most]
    page = found[: query.limit]
    following = cursor_after(page[-1].id) if len(found) > len(page) else None
    return DeadLetterPage(items=[_out(one) for one in page], next_cursor=following, total=total)


def _words(letter: DeadLetter) -> tuple[str, ...]:
    return letter.type, letter.source, letter.subject, letter.reason, letter.handler


@route("GET", "/towns/{town}/dead/{id}", roles=OPERATORS)
async def get_dead_letter(call: Call) -> DeadLetterWithEvent:
    """一件未能处理的事件，连同其内容。"""
    dead_letter = await _service_dead_letters(call).find(call.town, call.path["id"])
    event = json.loads(dead_letter.body) if dead_letter.readable else None
    return DeadLetterWithEvent(**_out(dead_letter).model_dump(), event=event)


@route("POST", "/towns/{town}/dead/{id}:replay", roles=OPERATORS, commits=False, problems=(StillRefused,))
async def replay_dead_letter(call: Call[None, ReplayIn]) -> DeadLetterOutcome:
    """重新处理一件事件；仍然无法处理时说明原因，事件保留。"""
    dead_letters = _service_dead_letters(call)
    dead_letter = await dead_letters.find(call.town, call.path["id"])
    await dead_letters.replay(dead_letter)
    return DeadLetterOutcome(id=call.path["id"], state="applied")


@route("POST", "/towns/{town}/dead/{id}:drop", roles=OPERATORS, commits=False)
async def drop_dead_letter(call: Call[None, DropIn]) -> DeadLetterOutcome:
    """放弃一件无法处理的事件，须写明原因。"""
    dead_letters = _service_dead_letters(call)
    dead_letter = await dead_letters.find(call.town, call.path["id"])
    await dead_letters.drop(dead_letter, reason=call.body.reason, by=call.actor.sub)
    return DeadLetterOutcome(id=call.path["id"], state="dropped")


def _service_dead_letters(call: Call) -> DeadLetters:
    dead_letters = call.request.app.get(DEAD_LETTERS, {}).get(call.store.service)
    if dead_letters is None:
        raise Unavailable
    return dead_letters


def _out(dead_letter: DeadLetter) -> DeadLetterOut:
    return DeadLetterOut(
        id=dead_letter.public_id,
        type=dead_letter.type,
        subject=dead_letter.subject,
        source=dead_letter.source,
        sequence=dead_letter.sequence,
        reason=dead_letter.reason,
        handler=dead_letter.handler,
        parked=dead_letter.parked,
    )
