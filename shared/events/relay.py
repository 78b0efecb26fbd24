"""The relay: hands the event log to the broker in order and moves one cursor per stream; nothing is written per event.

One replica relays at a time: the eldest alive. Should two think so for an instant it does no harm: a cursor only ever
moves forward, and what is published twice is dropped by the consumers.
"""

import asyncio
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind

from shared.envelope import Event
from shared.errors import Unavailable
from shared.observability.metrics import PUBLISHED
from shared.observability.tracing import recording, span
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.transport import Message, PublishFailed, Transport

BATCH: Final = 100
POLL_SECONDS: Final = 0.5
"""How often all streams are looked through for what another replica committed, however busy this one is."""

log = structlog.get_logger(__name__)


@dataclass
class Relay:
    store: Store
    transport: Transport
    chosen: Callable[[], bool] = lambda: True
    """Whether this process is the one that relays now."""
    published: int = 0

    @property
    def leading(self) -> bool:
        return self.chosen()

    async def run(self) -> None:
        """Relay until cancelled. Trouble with broker or database is waited out."""
        wait, looked = POLL_SECONDS, -math.inf
        while True:
            self.store.committed.clear()
            touched = self.store.take_touched()
            # By the clock and not only when idle: one that is never idle would never see what others committed.
            everything = time.monotonic() - looked >= POLL_SECONDS
            try:
                moved = await self.drain(None if everything else touched) if self.leading else 0
                wait, looked = POLL_SECONDS, time.monotonic() if everything and self.leading else looked
            except (PublishFailed, Unavailable, OSError) as error:
                log.warning("relay waits", reason=str(error))
                moved, wait, looked = 0, min(wait * 2, 5.0), -math.inf
            except Exception as error:
                if not mongo.is_passing(error):
                    log.exception("relay failed")
                moved, wait, looked = 0, min(wait * 2, 5.0), -math.inf
            if not moved:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self.store.committed.wait()

    async def drain(self, sources: frozenset[str] | None = None) -> int:
        """Publish what lies between the cursors and the heads of `sources` (None: all), then what was asked for again.

        Returns how many events.
        """
        query = {} if sources is None else {"_id": {"$in": list(sources)}}
        heads = {d["_id"]: d["sequence"] for d in await self.store.find("streams", query)}
        cursors = {d["_id"]: d["published"] for d in await self.store.find("cursors", query)}
        moved = 0
        for source, sequence in heads.items():
            published = cursors.get(source, 0)
            while published < sequence:
                upto = min(published + BATCH, sequence)
                await self._publish(source, published, upto)
                await self._move(source, upto)
                moved += upto - published
                published = upto
        return moved + await self._replay()

    async def _publish(self, source: str, after: int, upto: int) -> None:
        documents = await self.store.find(
            "outbox", outbox.between(source, after + 1, upto), sort=(("_id", 1),)
        )
        if len(documents) != upto - after:
            raise Unavailable(f"{source}: {len(documents)} of the events {after + 1} to {upto} can be read")
        with _spans(self.store.service, documents):
            await self.transport.publish(
                [Message(type=d["type"], body=d["body"].encode(), id=d["_id"]) for d in documents]
            )
        self.published += len(documents)
        PUBLISHED.labels(self.store.service).inc(len(documents))

    async def _move(self, source: str, published: int) -> None:
        """Only forward, so that a relay that was overtaken changes nothing."""
        await self.store.database["cursors"].update_one(
            {"_id": source}, {"$max": {"published": published}}, upsert=True
        )

    async def _replay(self) -> int:
        moved = 0
        for wish in await self.store.find("replays", {}, limit=BATCH):
            source, after = wish["source"], wish["from"] - 1
            sequence, _ = await outbox.head(self.store, source)
            last = min(wish["to"] or sequence, sequence)
            while after < last:
                upto = min(after + BATCH, last)
                await self._publish(source, after, upto)
                moved += upto - after
                after = upto
            await self.store.database["replays"].delete_one({"_id": wish["_id"]})
        return moved


@contextmanager
def _spans(service: str, documents: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """One span per event in the trace of what caused it. The events are read for this only where spans are recorded."""
    with ExitStack() as spans:
        for document in documents if recording() else ():
            traceparent = json.loads(document["body"]).get("traceparent")
            if traceparent:
                name = f"publish {document['type']}"
                spans.enter_context(span(name, SpanKind.PRODUCER, traceparent, {"lvzhi.service": service}))
        yield


async def ask_again(store: Store, event: Event, session: mongo.Session) -> None:
    """Note a consumer's wish for events of a stream of ours; the relay fulfils it. Safe to note twice."""
    wish = {key: event.data[key] for key in ("source", "from", "to")}
    await store.database["replays"].replace_one({"_id": event.id}, wish, upsert=True, session=session)
