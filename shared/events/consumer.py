"""The event door's mechanism: batches from the broker, applied in one transaction each, acknowledged after the commit.

Ack policy: duplicate → ack; passing trouble (database, network) → wait with back-off, unacked; poison (undecodable,
unknown major, rule broken) → a batch is split until it stands alone, then parked with its reason. A batch whose events
change one record past each other is split too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from shared.envelope import Event, Undecodable, service_of
from shared.errors import Problem, Unavailable
from shared.events import relay
from shared.events.inbox import DeadLetter, Inbox
from shared.observability.metrics import APPLIED, PARKED
from shared.observability.tracing import Attributes, current_traceparent, span, within
from shared.storage import mongo
from shared.storage.store import Store, Superseded, Unit
from shared.storage.work import Work
from shared.transport import Delivery, PublishFailed
from shared.transport import Inbox as Queue
from shared.validation import field_errors

BATCH: Final = 100
GATHER_SECONDS: Final = 0.02
GAP_SECONDS: Final = 2.0
"""A number missing for longer than this is asked for again."""
REPLAY: Final = "*.replay.requested.v1"

log = structlog.get_logger(__name__)

Handler = Callable[[Work, Any, Event], Awaitable[None]]


class UnknownMajor(ValueError):
    """A version of an event this service was not built for."""


@dataclass(frozen=True)
class Subscription:
    """What a service listens to. `streams` are services heard in whole; keys of `table` have `*` for the verb.

    With `keep` every event of the streams is kept and none needs a handler: the read model is the log.
    """

    streams: tuple[str, ...] = ()
    table: Mapping[str, tuple[type[BaseModel], Handler]] = field(default_factory=dict)
    keep: bool = False

    @property
    def bindings(self) -> tuple[str, ...]:
        return (*(f"{service}.#" for service in self.streams), REPLAY)

    def entry(self, event_type: str) -> tuple[type[BaseModel], Handler] | None:
        """The model and handler for a type; None when it is of no concern here. Raises UnknownMajor."""
        service, noun, verb, major = event_type.split(".")
        for key in (event_type, f"{service}.{noun}.*.{major}"):
            if key in self.table:
                return self.table[key]
        for key in self.table:
            if key.split(".")[:2] == [service, noun] and key.split(".")[2] in ("*", verb):
                raise UnknownMajor(f"{event_type}：没有这个版本的处理程序")
        return None


@dataclass
class Consumer:
    store: Store
    queue: Queue
    inbox: Inbox
    subscription: Subscription
    applied: int = 0
    parked: int = 0

    async def run(self) -> None:
        """Apply batches until cancelled; what is not acknowledged then comes again."""
        while True:
            deliveries = await self.queue.batch(BATCH, GATHER_SECONDS)
            decoded: list[tuple[Delivery, Event]] = []
            for delivery in deliveries:
                try:
                    decoded.append((delivery, Event.decode(delivery.body)))
                except Undecodable as error:
                    await self._park(delivery, None, str(error), "decode")
            if decoded:
                await self._apply(decoded)

    async def _apply(self, batch: Sequence[tuple[Delivery, Event]]) -> None:
        wait = 0.05
        while True:
            try:
                await self._commit([event for _, event in batch])
            except Exception as error:
                if will_pass(error) and not (isinstance(error, Superseded) and len(batch) > 1):
                    log.warning("consumer waits", reason=repr(error)[:200])
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, 5.0)
                    continue
                await self._split(batch, error)
            else:
                self.applied += len(batch)
                APPLIED.labels(self.store.service).inc(len(batch))
                await self.queue.ack([delivery for delivery, _ in batch])
            return

    async def again(self, event: Event) -> None:
        """Apply an event outside the queue, a letter for instance. Raises what its handler does."""
        await self._commit([event])

    async def _split(self, batch: Sequence[tuple[Delivery, Event]], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._apply(batch[:middle])
            await self._apply(batch[middle:])
            return
        delivery, event = batch[0]
        await self._park(delivery, event, reason_of(error), event.type)

    async def _commit(self, events: Sequence[Event]) -> None:
        fresh = await self.inbox.fresh(events)
        if not fresh.events:
            return

        async def take(session: mongo.Session) -> None:
            await self.inbox.take(fresh, session)
            for event in fresh.events:
                if event.type.endswith(".replay.requested.v1"):
                    await self._note_replay(event, session)

        with ExitStack() as spans:
            works = []
            for event in fresh.events:
                own = spans.enter_context(_span(event, self.store.service))
                with within(own):
                    works.append(await self._handle(event))
            await self.store.commit(Unit(works, also=take))

    async def _handle(self, event: Event) -> Work:
        traceparent = current_traceparent() or None
        work = Work(event.town, event.actor, self.store.clock, self.store, traceparent)
        entry = self.subscription.entry(event.type)
        if entry is not None:
            model, handler = entry
            await handler(work, model.model_validate(event.data), event)
        return work

    async def _note_replay(self, event: Event, session: mongo.Session) -> None:
        if service_of(str(event.data.get("source"))) == self.store.service:
            await relay.ask_again(self.store, event, session)

    async def _park(self, delivery: Delivery, event: Event | None, reason: str, handler: str) -> None:
        """Set a poison event aside. Its number counts as taken, or it would be asked for again for ever."""
        log.error("event parked", type=delivery.type, reason=reason[:500], handler=handler)
        reason, wait = reason[:1000], 0.05
        while True:
            try:
                await self._set_aside(delivery, event, reason, handler)
            except Exception as error:
                if not will_pass(error):
                    raise
                log.warning("consumer waits", reason=repr(error)[:200])
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
            else:
                self.parked += 1
                PARKED.labels(self.store.service).inc()
                return

    async def _set_aside(self, delivery: Delivery, event: Event | None, reason: str, handler: str) -> None:
        """First among our own letters, which outlive every transport, then in the dead letter queue, once."""
        now = self.store.clock.now()
        letter = DeadLetter.of(delivery, event, reason=reason, handler=handler, now=now)
        known = await self.inbox.standing(letter.id) if letter is not None else ""
        if letter is not None:
            await self.store.commit(Unit([], also=partial(self.inbox.park, letter)))
        if known:
            await self.queue.ack([delivery])
        else:
            await self.queue.park(delivery, reason=reason, handler=handler)

    async def watch_gaps(self) -> None:
        """Ask again for numbers that stay missing."""
        before: dict[str, int] = {}
        while True:
            await asyncio.sleep(GAP_SECONDS)
            try:
                marks = await self.inbox.marks()
                gaps = {source: upto for source, (upto, seen) in marks.items() if upto < seen}
                for source, upto in gaps.items():
                    if before.get(source) == upto:
                        for first, last in await self.inbox.missing(source, marks[source][1]):
                            await self.inbox.ask(source.split("/")[1], source, first, last)
                before = gaps
            except Exception as error:
                if not will_pass(error):
                    log.exception("gap watch failed")


def _span(event: Event, service: str) -> AbstractContextManager[str]:
    """A span in the trace of what caused the event; none where that was not to be traced."""
    if event.traceparent is None:
        return nullcontext("")
    attributes: Attributes = {
        "lvzhi.service": service,
        "lvzhi.source": event.source,
        "lvzhi.sequence": event.sequence,
    }
    return span(f"consume {event.type}", SpanKind.CONSUMER, event.traceparent, attributes)


def reason_of(error: Exception) -> str:
    """Why an event was refused. Values of the event stand in round brackets only (see `outbox.parked_event`)."""
    if isinstance(error, Problem):
        return f"{error.title}({error.detail})"
    if not isinstance(error, ValidationError):
        return repr(error)
    return "；".join(f"{one.loc.lstrip('.') or '事件'}：{one.message}" for one in field_errors("", error))


def will_pass(error: Exception) -> bool:
    if isinstance(error, ValidationError | UnknownMajor):
        return False
    return isinstance(error, Superseded | Unavailable | PublishFailed | OSError) or mongo.is_passing(error)
