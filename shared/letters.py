"""Dead letters: what a service could not apply, shown by town, applied again or given up.

The letters are the service's own (`shared.inbox`), so that they outlive every broker; the copy in the broker's dead
letter queue is taken away with them. A letter's id is `{service that sent it}-{sequence}`.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, cast

import structlog
from pydantic import BaseModel, ConfigDict, Field

from shared import mongo, outbox
from shared.consumer import Consumer, reason_of, will_pass
from shared.envelope import Event, Undecodable, service_of, source_of
from shared.errors import Conflict, NotFound, Unavailable
from shared.http import Api, Call
from shared.http.paging import Paging, cursor_after, id_in
from shared.inbox import Inbox, Letter
from shared.store import Store, Superseded, Unit
from shared.transport import Transport

OPERATORS: Final = frozenset({"office", "service"})
ATTEMPTS: Final = 8

log = structlog.get_logger(__name__)


class StillRefused(Conflict):
    """The event was tried again and refused again; the detail says why."""

    slug, title = "letter-refused", "这份信件仍然无法处理"


class LetterUnknown(NotFound):
    """Never parked here, applied meanwhile, or given up."""

    slug, title = "letter-unknown", "没有这份信件"


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


@dataclass(frozen=True)
class Letters:
    """The letters of one running service."""

    store: Store
    inbox: Inbox
    consumer: Consumer
    transport: Transport

    async def find(self, town: str, id: str) -> Letter:
        service, _, sequence = id.rpartition("-")
        if sequence.isascii() and sequence.isdigit() and len(sequence) <= 12:
            position = outbox.position(source_of(town, service), int(sequence))
            letter = await self.inbox.letter(town, position)
            if letter is not None:
                return letter
        raise LetterUnknown(f"没有编号为 {id} 的信件，可能已经处理")

    async def replay(self, letter: Letter) -> None:
        """Apply it, now. Errors: StillRefused, Unavailable."""
        try:
            await self._apply(_read(letter))
        except Unavailable:
            raise
        except Exception as error:
            if will_pass(error):
                raise Unavailable("暂时无法处理，请稍后再试") from error
            reason = reason_of(error)[:1000]
            again = replace(letter, reason=reason)
            await self.store.commit(Unit([], also=partial(self.inbox.park, again)))
            raise StillRefused(reason) from error
        log.info("letter applied", letter=letter.id, type=letter.type)
        await self._forget(letter)

    async def drop(self, letter: Letter, *, reason: str, by: str) -> None:
        """Give it up for good; who did and why stays in the inbox. Errors: LetterUnknown."""
        note = {"reason": reason, "by": by, "at": self.store.clock.now(), "type": letter.type}
        dropped = False

        async def also(session: mongo.Session) -> None:
            nonlocal dropped
            dropped = await self.inbox.drop(letter, note, session)

        await self.store.commit(Unit([], also=also))
        if not dropped:
            raise LetterUnknown("这份信件已经处理")
        log.warning("letter dropped", letter=letter.id, type=letter.type, by=by, reason=reason)
        await self._forget(letter)

    async def _apply(self, event: Event) -> None:
        for _ in range(ATTEMPTS):
            try:
                await self.consumer.again(event)
            except Superseded:
                continue
            else:
                return
        raise Unavailable("同一记录被频繁修改，请稍后再试")

    async def _forget(self, letter: Letter) -> None:
        """The broker's copy is of no more use; where it stays it does no harm."""
        if not self.transport.healthy:
            return
        try:
            await self.transport.drop_dead(self.store.service, {letter.message})
        except Exception as error:
            log.warning("copy left in the dead letter queue", letter=letter.id, reason=repr(error)[:200])


def _read(letter: Letter) -> Event:
    """What was unreadable once may be readable now. Errors: Undecodable."""
    event = Event.decode(letter.body)
    if outbox.position(event.source, event.sequence) != letter.id:
        raise Undecodable("the event says that it stands elsewhere")
    return event


def add_dead_letters(api: Api) -> None:
    _seen(api)
    _settled(api)


def _seen(api: Api) -> None:
    @api.route("GET", "/towns/{town}/dead", roles=OPERATORS, query=Paging, name="list_dead_letters")
    async def listed(call: Call) -> LetterPage:
        """本镇未能处理的事件：类型、来源、原因，不含内容。"""
        query = cast(Paging, call.query)
        found = await _letters(call).inbox.letters(
            call.town, after=id_in(query.cursor) or "", limit=query.limit + 1
        )
        shown = found[: query.limit]
        following = cursor_after(shown[-1].id) if len(found) > len(shown) else None
        return LetterPage(items=[_out(letter) for letter in shown], next_cursor=following)

    @api.route("GET", "/towns/{town}/dead/{id}", roles=OPERATORS, name="get_dead_letter")
    async def one(call: Call) -> LetterWithEvent:
        """一件未能处理的事件，连同其内容。"""
        letter = await _letters(call).find(call.town, call.path["id"])
        event = json.loads(letter.body) if letter.readable else None
        return LetterWithEvent(**_out(letter).model_dump(), event=event)


def _settled(api: Api) -> None:
    @api.route(
        "POST",
        "/towns/{town}/dead/{id}:replay",
        roles=OPERATORS,
        body=Nothing,
        commits=False,
        name="replay_dead_letter",
        problems=(StillRefused,),
    )
    async def replay(call: Call) -> Outcome:
        """重新处理一件事件；仍然无法处理时说明原因，事件保留。"""
        letters = _letters(call)
        letter = await letters.find(call.town, call.path["id"])
        await letters.replay(letter)
        return Outcome(id=call.path["id"], state="applied")

    @api.route(
        "POST",
        "/towns/{town}/dead/{id}:drop",
        roles=OPERATORS,
        body=DropIn,
        commits=False,
        name="drop_dead_letter",
    )
    async def drop(call: Call) -> Outcome:
        """放弃一件无法处理的事件，须写明原因。"""
        letters = _letters(call)
        letter = await letters.find(call.town, call.path["id"])
        await letters.drop(letter, reason=call.body.reason, by=call.actor.sub)
        return Outcome(id=call.path["id"], state="dropped")


def _letters(call: Call) -> Letters:
    letters = cast(Store, call.store).letters
    if letters is None:
        raise Unavailable
    return letters


def _out(letter: Letter) -> LetterOut:
    return LetterOut(
        id=f"{service_of(letter.source)}-{letter.sequence}",
        type=letter.type,
        subject=letter.subject,
        source=letter.source,
        sequence=letter.sequence,
        reason=letter.reason,
        handler=letter.handler,
        parked=letter.parked,
    )
