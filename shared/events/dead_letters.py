"""Commands on dead letters, the events that a service could not apply: find, replay, drop.

They are stored in the service's database (`shared.events.inbox`), which outlives the broker; the copy in the broker's
dead letter queue is removed with them. The public id of a dead letter is `{publishing service}-{sequence}`.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from shared.envelope import Event, Undecodable, source_of
from shared.errors import Conflict, NotFound, Unavailable
from shared.events.consumer import Consumer
from shared.events.dead_letter import DeadLetter
from shared.events.faults import is_poison, reason_of
from shared.events.inbox import Inbox
from shared.storage import mongo, outbox, transactions
from shared.storage.store import Store
from shared.storage.units import Superseded, Unit
from shared.transport import Transport

ATTEMPTS: Final = 8

log = structlog.get_logger(__name__)


class StillRefused(Conflict):
    """The event failed again; the detail gives the reason."""

    slug, title = "letter-refused", "这件事件仍然无法处理"


class DeadLetterUnknown(NotFound):
    """There is no such dead letter, or it was replayed or dropped meanwhile."""

    slug, title = "letter-unknown", "没有这件未能处理的事件"


@dataclass(frozen=True)
class DeadLetters:
    """The dead letters of one running service."""

    store: Store
    inbox: Inbox
    consumer: Consumer
    transport: Transport

    async def find(self, town: str, id: str) -> DeadLetter:
        """The dead letter with a public id: `{service}-{sequence}`, for a conflicting event with `~` and a part of its
        hash. Errors: DeadLetterUnknown."""
        service, _, place = id.rpartition("-")
        sequence, twin, hash = place.partition("~")
        if sequence.isascii() and sequence.isdigit() and len(sequence) <= 12:
            position = outbox.position(source_of(town, service), int(sequence))
            dead_letter = await self.inbox.dead_letter(town, position + twin + hash)
            if dead_letter is not None:
                return dead_letter
        raise DeadLetterUnknown(f"没有编号为 {id} 的未能处理的事件，可能已经处理")

    async def replay(self, dead_letter: DeadLetter) -> None:
        """Apply the event now. Errors: StillRefused, Unavailable."""
        if dead_letter.conflicting:
            raise StillRefused(f"{dead_letter.reason}。请先查明来源，再重建本镇的副本（lvzhi rebuild）")
        try:
            await self._apply(_read(dead_letter))
        except Unavailable:
            raise
        except Exception as error:
            if not is_poison(error):
                raise Unavailable("暂时无法处理，请稍后再试") from error
            reason = reason_of(error)[:1000]
            again = replace(dead_letter, reason=reason)
            await self.store.commit(Unit([], also=partial(self.inbox.park, again)))
            raise StillRefused(reason) from error
        log.info("dead letter applied", dead_letter=dead_letter.id, type=dead_letter.type)
        await self._forget(dead_letter)

    async def drop(self, dead_letter: DeadLetter, *, reason: str, by: str) -> None:
        """Drop the event for good; actor and reason are recorded in the inbox. Errors: DeadLetterUnknown."""
        note = {"reason": reason, "by": by, "at": self.store.clock.now(), "type": dead_letter.type}
        dropped = False

        async def also(session: mongo.Session | None) -> None:
            nonlocal dropped
            dropped = await self.inbox.drop(dead_letter, note, session)

        await self.store.commit(Unit([], also=also))
        if not dropped:
            raise DeadLetterUnknown("这件事件已经处理")
        log.warning("dead letter dropped", dead_letter=dead_letter.id, type=dead_letter.type, by=by)
        await self._forget(dead_letter)

    async def _apply(self, event: Event) -> None:
        for number in range(1, ATTEMPTS + 1):
            try:
                await self.consumer.reapply(event)
            except Superseded:
                await transactions.step_aside(number)
            else:
                return
        raise Unavailable("同一记录被频繁修改，请稍后再试")

    async def _forget(self, dead_letter: DeadLetter) -> None:
        """Remove the copy in the broker, if possible; a remaining copy has no effect."""
        if not self.transport.healthy:
            return
        try:
            await self.transport.drop_dead_letters(self.store.service, {dead_letter.message})
        except Exception as error:
            log.warning("copy left in the dead letter queue", dead_letter=dead_letter.id, reason=error)


def _read(dead_letter: DeadLetter) -> Event:
    """Decode the event; a later version may decode what failed before. Errors: Undecodable."""
    event = Event.decode(dead_letter.body)
    if outbox.position(event.source, event.sequence) != dead_letter.id:
        raise Undecodable("source and sequence of the event differ from its position")
    return event
