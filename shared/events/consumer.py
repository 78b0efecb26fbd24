"""The consumer: receives batches of events from the queue, applies them and acks them after the commit.

Ack policy: duplicates are acked. Poison (a closed list, `is_poison`): the batch is split until the event is alone, then
it is parked with its reason. While the database or broker is unavailable all events wait, unacked. Any other error
holds the stream of the event, in order, and is retried; other streams continue. Held deliveries are acked once their
highest sequence is recorded as seen: unacked they would exhaust the prefetch limit, and after a crash the sequences are
missing and requested again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from shared.clock import Backoff, Turn
from shared.envelope import Event, Undecodable, service_of
from shared.events import relay
from shared.events.dead_letter import DeadLetter
from shared.events.faults import StillConflicting, is_poison, is_unavailable, reason_of
from shared.events.handled import Entangled, consumed, entangled
from shared.events.held import FIRST_WAIT, LONGEST_WAIT, Held, Received
from shared.events.inbox import Inbox, Rebuilding
from shared.events.sorting import Sorted
from shared.events.subscription import Subscription
from shared.observability.metrics import APPLIED, CONFLICTING, PARKED
from shared.observability.tracing import current_traceparent, within
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.storage.units import Also, Superseded, Unit
from shared.storage.work import Work
from shared.transport import Delivery, Queue

BATCH: Final = 100
GATHER_SECONDS: Final = 0.02
SUPERSEDED_MOST: Final = 8

log = structlog.get_logger(__name__)


@dataclass
class Consumer:
    """Applies the events of one service's queue."""

    store: Store
    queue: Queue
    inbox: Inbox
    subscription: Subscription
    follow_restore: Callable[[str, Mapping[str, str]], Awaitable[None]]
    """Called with a source that was restored from a backup, where this service has received events that the restore
    removed, and the epochs of all such sources of the batch."""
    copy_anew: Callable[[str], Awaitable[None]]
    """Called with a source of which the copies may have what its log does not say."""
    applied: int = 0
    parked: int = 0
    conflicting: int = 0
    held: dict[str, Held] = field(default_factory=dict)
    """Held streams, by source."""
    turn: Turn = field(default_factory=Turn)
    _troubled: asyncio.Event = field(default_factory=asyncio.Event)
    _unsure: set[str] = field(default_factory=set)
    """Ids of events that may have been copied although they were not taken into the stream."""
    _in_hand: list[Delivery] = field(default_factory=list)

    async def run(self) -> None:
        """Apply batches until cancelled; restarted after an error, continue with the batch that was received."""
        while True:
            self._in_hand = self._in_hand or await self.queue.batch(BATCH, GATHER_SECONDS)
            self.turn.moved()
            taken: list[Received] = []
            for delivery in self._in_hand:
                try:
                    taken.append((delivery, Event.decode(delivery.body)))
                except Undecodable as error:
                    await self._park(delivery, None, str(error), "decode")
            await self._apply_free(taken)
            self._in_hand = []
            self.turn.over()

    async def retry_held(self) -> None:
        """Retry held streams until cancelled, each with its own backoff."""
        while True:
            await self._troubled.wait()
            await asyncio.sleep(FIRST_WAIT)
            for source, held in list(self.held.items()):
                if held.backoff.is_due:
                    await self._retry(source, held)
            if not self.held:
                self._troubled.clear()

    async def _retry(self, source: str, held: Held) -> None:
        batch = list(held.taken)[:BATCH]
        while True:
            try:
                await self._settle(batch, await self._commit([event for _, event in batch], whole=True))
            except Exception as error:
                if len(batch) > 1 and (is_poison(error) or isinstance(error, Superseded | Entangled)):
                    # Superseded may be of two events of this batch over the same record, so of every try.
                    self.inbox.forget([event for _, event in batch])
                    batch = batch[:1]
                    continue
                if await self._parked(batch[0], error) is not None:
                    self.inbox.forget([event for _, event in batch])
                    held.backoff.postpone()
                    await self._ack_held(source, held)
                    return
            break
        for _ in batch:
            held.taken.popleft()
        held.backoff.reset()
        if not held.taken:
            log.info("stream released", source=source)
            del self.held[source]

    async def reapply(self, event: Event) -> None:
        """Apply an event from elsewhere than the queue. Errors: StillConflicting; Superseded, also where a restore of
        its source is not followed yet; what its handler raises."""
        batch = await self.inbox.sort([event])
        if batch.restored:
            raise Superseded("sources")
        if event.id in batch.conflicting:
            raise StillConflicting(batch.conflicting[event.id])
        await self._write(batch)

    async def _apply_free(self, batch: Sequence[Received]) -> None:
        """Apply the events of streams that are not held; hold the others."""
        free: list[Received] = []
        held_here: dict[str, Held] = {}
        for taken in batch:
            source = taken[1].source
            if (held := self.held.get(source)) is None:
                free.append(taken)
            else:
                held.add(taken)
                held_here[source] = held
        for source, held in held_here.items():
            await self._ack_held(source, held)
        if free:
            await self._apply(free)

    async def _apply(self, batch: Sequence[Received]) -> None:
        backoff, superseded = Backoff(FIRST_WAIT, LONGEST_WAIT), 0
        while True:
            try:
                await self._settle(batch, await self._commit([event for _, event in batch]))
            except Exception as error:
                if is_unavailable(error):
                    log.warning("consumer waits", reason=error)
                    await backoff.sleep()
                elif isinstance(error, Superseded) and superseded < SUPERSEDED_MOST:
                    superseded += 1
                    self.inbox.forget([event for _, event in batch])
                else:
                    await self._split(batch, error)
                    return
            else:
                return

    async def _split(self, batch: Sequence[Received], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            for half in (batch[:middle], batch[middle:]):
                await self._apply_free(half)
            return
        event = batch[0][1]
        if (trouble := await self._parked(batch[0], error)) is None:
            return
        if isinstance(trouble, Rebuilding):
            log.info("stream waits for its rebuild", source=event.source, sequence=event.sequence)
        else:
            log.error("stream held", source=event.source, sequence=event.sequence, exc_info=trouble)
        held = self.held[event.source] = Held(deque(batch), list(batch))
        held.backoff.postpone()
        self._troubled.set()
        await self._ack_held(event.source, held)

    async def _parked(self, taken: Received, error: Exception) -> Exception | None:
        """Park a poison event. Returns what prevents it: its own error if that is not poison, or that of parking."""
        if not is_poison(error):
            return error
        try:
            await self._park(*taken, reason_of(error), taken[1].type)
        except Exception as trouble:
            return trouble
        return None

    async def _ack_held(self, source: str, held: Held) -> None:
        """Ack held deliveries after recording their highest sequence as seen: what is below it and not applied is
        requested again if this process ends or holds too many. Only where whole streams are received."""
        unacked = list(held.unacked)
        if not unacked or service_of(source) not in self.inbox.streams:
            return
        try:
            await self.inbox.saw(source, max(event.sequence for _, event in unacked))
        except Exception as error:
            log.warning("held deliveries stay unacked", source=source, reason=error)
            return
        held.acked(len(unacked))
        try:
            await self.queue.ack([delivery for delivery, _ in unacked])
        except BaseException:
            held.unacked[:0] = unacked
            raise

    async def _settle(self, batch: Sequence[Received], conflicting: Mapping[str, str]) -> None:
        """Park the conflicting events of a batch, undo their copies and ack the others."""
        for delivery, event in batch:
            if (reason := conflicting.get(event.id)) is not None:
                log.error("conflicting event", source=event.source, sequence=event.sequence, hash=event.hash)
                await self._park(delivery, event, reason, "chain", conflicting=True)
                self.conflicting += 1
                CONFLICTING.labels(self.store.service).inc()
        for source in {e.source for _, e in batch if e.id in conflicting and e.id in self._unsure}:
            await self.copy_anew(source)
        self._unsure -= {event.id for _, event in batch}
        applied = [delivery for delivery, event in batch if event.id not in conflicting]
        self.applied += len(applied)
        APPLIED.labels(self.store.service).inc(len(applied))
        await self.queue.ack(applied)

    async def _commit(self, events: Sequence[Event], *, whole: bool = False) -> Mapping[str, str]:
        """Apply the new events of a batch; return the reasons of conflicting ones by event id."""
        epochs: dict[str, str] = {}
        # Again until none is left: a batch may have events of two restores, and all of the first ones are followed anew
        # with the second, as copies of several sources are made anew together.
        while (batch := await self.inbox.sort(events)).restored:
            epochs |= batch.restored
            for source in batch.restored:
                await self.follow_restore(source, epochs)
            self.inbox.forget(events)
        await self._write(batch, whole=whole)
        return batch.conflicting

    async def _write(self, batch: Sorted, *, whole: bool = False) -> None:
        """`whole`: in one transaction, where the deliveries are acked already and will not be redelivered. Errors:
        Entangled."""
        if not batch.fresh and not batch.marks:
            return
        replays = [event for event in batch.fresh if relay.is_asked(event, self.store.service)]

        async def take(session: mongo.Session | None) -> None:
            for event in replays:
                await relay.ask_again(self.store, event, session)
            await self.inbox.take(batch, session)

        with ExitStack() as spans:
            works = []
            for event in batch.fresh:
                own = spans.enter_context(consumed(event, self.store.service))
                with within(own):
                    works.append(await self._handle(event, again=event.id in batch.again))
            if entangled(batch.fresh, works):
                raise Entangled
            if whole or batch.parked:
                await self.store.commit(Unit(works, also=take))
            else:
                await self._project(works, take, batch)
        if replays:
            self.store.request_replay()

    async def _project(self, works: Sequence[Work], take: Also, batch: Sorted) -> None:
        """Copies are written before it is certain that the stream goes on with these events: another process, or a
        restore, may have been faster."""
        ids = {event.id for event in batch.fresh}
        self._unsure |= ids
        await self.store.project(works, take)
        self._unsure -= ids

    async def _handle(self, event: Event, *, again: bool) -> Work:
        traceparent = current_traceparent() or None
        work = Work(event.town, event.actor, self.store.clock, self.store, traceparent)
        for model, handler in self.subscription.entries(event.type, again=again):
            await handler(work, model.model_validate(event.data), event)
        return work

    async def _park(
        self,
        delivery: Delivery,
        event: Event | None,
        reason: str,
        handler: str,
        *,
        conflicting: bool = False,
    ) -> None:
        """Park an event. Its sequence counts as received, so that it is not requested again."""
        log.error(
            "event parked", type=delivery.type, reason=outbox.without_values(reason)[:500], handler=handler
        )
        now, reason = self.store.clock.now(), reason[:1000]
        dead_letter = (
            DeadLetter.from_undecodable(delivery, reason=reason, handler=handler, now=now)
            if event is None
            else DeadLetter.from_event(
                event, reason=reason, handler=handler, now=now, message=delivery.id, conflicting=conflicting
            )
        )
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        while True:
            try:
                await self._set_aside(delivery, dead_letter)
            except Exception as error:
                if not (is_unavailable(error) or isinstance(error, Superseded)):
                    raise
                log.warning("consumer waits", reason=error)
                await backoff.sleep()
            else:
                self.parked += 1
                PARKED.labels(self.store.service).inc()
                return

    async def _set_aside(self, delivery: Delivery, dead_letter: DeadLetter | None) -> None:
        """Write the dead letter to the database, which outlives the broker, then once to the dead letter queue."""
        known = dead_letter is not None and await self.inbox.is_settled(dead_letter)
        if dead_letter is not None:
            await self.store.commit(Unit([], also=partial(self.inbox.park, dead_letter)))
        if known:
            await self.queue.ack([delivery])
        elif dead_letter is not None:
            await self.queue.park(delivery, reason=dead_letter.reason, handler=dead_letter.handler)
        else:
            await self.queue.park(delivery, reason="no event of any stream", handler="decode")
