"""Dead letters: events a service could not apply, applied again or given up.

They are kept in the service's own database (`shared.events.inbox`), so that they outlive the broker; the copy in the
broker's dead letter queue is removed with them. The id of a dead letter is `{service that sent it}-{sequence}`.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from shared.envelope import Event, Undecodable, source_of
from shared.errors import Conflict, NotFound, Unavailable
from shared.events.consumer import Consumer
from shared.events.inbox import Inbox
from shared.events.letter import DeadLetter
from shared.events.trouble import is_poison, reason_of
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.storage.units import Superseded, Unit
from shared.transport import Transport

ATTEMPTS: Final = 8

log = structlog.get_logger(__name__)


class StillRefused(Conflict):
    """The event was tried again and refused again; the detail says why."""

    slug, title = "letter-refused", "这份信件仍然无法处理"


class LetterUnknown(NotFound):
    """Never parked here, applied meanwhile, or given up."""

    slug, title = "letter-unknown", "没有这份信件"


@dataclass(frozen=True)
class DeadLetters:
    """The dead letters of one running service."""

    store: Store
    inbox: Inbox
    consumer: Consumer
    transport: Transport

    async def find(self, town: str, id: str) -> DeadLetter:
        """`id`: `{service}-{sequence}`, of a conflicting event with `~` and a part of its hash."""
        service, _, place = id.rpartition("-")
        sequence, twin, hash = place.partition("~")
        if sequence.isascii() and sequence.isdigit() and len(sequence) <= 12:
            position = outbox.position(source_of(town, service), int(sequence))
            letter = await self.inbox.letter(town, position + twin + hash)
            if letter is not None:
                return letter
        raise LetterUnknown(f"没有编号为 {id} 的信件，可能已经处理")

    async def replay(self, letter: DeadLetter) -> None:
        """Apply it, now. Errors: StillRefused, Unavailable."""
        if letter.conflicting:
            raise StillRefused(f"{letter.reason}。请先查明来源，再重建本镇的副本（lvzhi rebuild）")
        try:
            await self._apply(_read(letter))
        except Unavailable:
            raise
        except Exception as error:
            if not is_poison(error):
                raise Unavailable("暂时无法处理，请稍后再试") from error
            reason = reason_of(error)[:1000]
            again = replace(letter, reason=reason)
            await self.store.commit(Unit([], also=partial(self.inbox.park, again)))
            raise StillRefused(reason) from error
        log.info("letter applied", letter=letter.id, type=letter.type)
        await self._forget(letter)

    async def drop(self, letter: DeadLetter, *, reason: str, by: str) -> None:
        """Give it up for good; who did and why stays in the inbox. Errors: LetterUnknown."""
        note = {"reason": reason, "by": by, "at": self.store.clock.now(), "type": letter.type}
        dropped = False

        async def also(session: mongo.Session | None) -> None:
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

    async def _forget(self, letter: DeadLetter) -> None:
        """The broker's copy is of no more use; where it stays it does no harm."""
        if not self.transport.healthy:
            return
        try:
            await self.transport.drop_dead_letters(self.store.service, {letter.message})
        except Exception as error:
            log.warning("copy left in the dead letter queue", letter=letter.id, reason=repr(error)[:200])


def _read(letter: DeadLetter) -> Event:
    """What was unreadable once may be readable now. Errors: Undecodable."""
    event = Event.decode(letter.body)
    if outbox.position(event.source, event.sequence) != letter.id:
        raise Undecodable("the event says that it stands elsewhere")
    return event
