"""The relay: hands the event log to the broker in order and moves one cursor per stream; nothing is written per event.

One replica relays at a time: the eldest alive. Should two think so for an instant it does no harm: a cursor only ever
moves forward, and what is published twice is dropped by the consumers. What this process committed is handed over in
memory; the log is read for what others committed and after a start. A stream that cannot be read waits alone.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind

from shared.envelope import Event
from shared.observability.metrics import PUBLISHED
from shared.observability.tracing import recording, span
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.transport import Message, PublishFailed, Transport

BATCH: Final = 100
POLL_SECONDS: Final = 0.5
"""How often all streams are looked through for what another replica committed, however busy this one is."""
ALONE_SECONDS: Final = 5.0
"""The same where no other replica is alive."""
CURSOR_SECONDS: Final = 0.2
"""How long moved cursors may wait to be written: what a crash loses of them is published twice."""
LONGEST_WAIT: Final = 5.0
Document = Mapping[str, Any]

log = structlog.get_logger(__name__)


class Unreadable(Exception):
    """Events of a stream that its head counts are not in the log."""


@dataclass
class Trouble:
    """A stream that could not be read, and when it is tried again."""

    reason: str
    wait: float = POLL_SECONDS
    due: float = 0.0

    def postpone(self) -> None:
        self.due = time.monotonic() + self.wait
        self.wait = min(self.wait * 2, LONGEST_WAIT)


@dataclass
class Relay:
    store: Store
    transport: Transport
    chosen: Callable[[], bool] = lambda: True
    """Whether this process is the one that relays now."""
    accompanied: Callable[[], bool] = lambda: False
    """Whether other replicas are alive, which commit without telling this one."""
    published: int = 0
    troubles: dict[str, Trouble] = field(default_factory=dict)
    """Streams that cannot be read, by source."""
    _cursors: dict[str, int] = field(default_factory=dict)
    _moved: dict[str, int] = field(default_factory=dict)
    """Cursors that are not written yet."""
    _led: bool = False
    _looked: float = 0.0
    _due: float = 0.0

    @property
    def leading(self) -> bool:
        return self.chosen()

    async def run(self) -> None:
        """Relay until cancelled. Trouble with broker or database is waited out."""
        wait = POLL_SECONDS
        while True:
            self.store.committed.clear()
            try:
                moved = await self.drain() if self.leading else self._follow()
                wait = POLL_SECONDS
            except Exception as error:
                if not isinstance(error, PublishFailed) and not mongo.is_passing(error):
                    log.exception("relay failed")
                log.warning("relay waits", reason=repr(error)[:200])
                self._led = False  # what was handed over and not published is read from the log
                moved, wait = 0, min(wait * 2, LONGEST_WAIT)
            if not moved:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CURSOR_SECONDS if self._moved else wait):
                        await self.store.committed.wait()

    def _follow(self) -> int:
        self.store.take_appended()
        self._led = False
        return 0

    async def drain(self) -> int:
        """Publish what lies between the cursors and the heads, then what was asked for again.

        Returns how many events.
        """
        appended = self.store.take_appended()
        every = POLL_SECONDS if self.accompanied() else ALONE_SECONDS
        if not self._led or time.monotonic() - self._looked >= every:
            moved = await self._look_through()
        else:
            moved = await self._publish_appended(appended)
        moved += await self._retry_troubles()
        if self.store.replay_requested:
            moved += await self._replay()
        await self._write_cursors()
        return moved

    async def flush(self) -> None:
        """Write the cursors now."""
        self._due = 0.0
        await self._write_cursors()

    async def _look_through(self) -> int:
        """Compare every stream's head with its cursor."""
        heads = {d["_id"]: d["sequence"] for d in await self.store.find("streams", {})}
        if not self._led:
            self._cursors = {d["_id"]: d["published"] for d in await self.store.find("cursors", {})}
            self._moved.clear()
        self._led, self._looked, self.store.replay_requested = True, time.monotonic(), True
        behind = {s: n for s, n in heads.items() if self._cursors.get(s, 0) < n and s not in self.troubles}
        return await self._from_log(behind)

    async def _publish_appended(self, appended: Mapping[str, Sequence[Document]]) -> int:
        """From memory where that continues the cursor, else from the log."""
        ready: list[Document] = []
        behind: dict[str, int] = {}
        for source, documents in appended.items():
            if source in self.troubles:
                continue
            cursor = self._cursors.get(source, 0)
            new = [d for d in documents if outbox.sequence_at(d["_id"]) > cursor]
            if new and outbox.sequence_at(new[0]["_id"]) == cursor + 1:
                ready += new
            elif new or not documents:
                behind[source], _ = await outbox.head(self.store, source)
        await self._publish(ready)
        return len(ready) + await self._from_log(behind)

    async def _from_log(self, heads: Mapping[str, int]) -> int:
        """Publish streams up to their heads. The next page is read while one is published."""
        pages = [
            (source, first, min(first + BATCH - 1, sequence))
            for source, sequence in heads.items()
            for first in range(self._cursors.get(source, 0) + 1, sequence + 1, BATCH)
        ]
        moved = 0
        reading = asyncio.ensure_future(self._read(*pages[0])) if pages else None
        try:
            for index in range(len(pages)):
                assert reading is not None
                documents = await reading
                reading = (
                    asyncio.ensure_future(self._read(*pages[index + 1])) if index + 1 < len(pages) else None
                )
                await self._publish(documents)
                moved += len(documents)
                await self._write_cursors()
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
        return moved

    async def _read(self, source: str, first: int, last: int) -> list[Document]:
        """Errors of the one stream are kept as its trouble; nothing of it is published until they are gone."""
        if source in self.troubles:
            return []
        documents = await outbox.documents(self.store, "outbox", outbox.positions(source, first, last))
        if len(documents) == last - first + 1:
            return list(documents)
        reason = f"{len(documents)} of the events {first} to {last} can be read"
        log.error("stream cannot be relayed", source=source, reason=reason)
        self.troubles[source] = Trouble(reason)
        self.troubles[source].postpone()
        return []

    async def _retry_troubles(self) -> int:
        moved = 0
        for source, trouble in list(self.troubles.items()):
            if trouble.due > time.monotonic():
                continue
            sequence, _ = await outbox.head(self.store, source)
            del self.troubles[source]
            moved += await self._from_log({source: sequence})
            if source in self.troubles:
                trouble.postpone()
                self.troubles[source] = trouble
            else:
                log.info("stream relayed again", source=source)
        return moved

    async def _publish(self, documents: Sequence[Document]) -> None:
        """Several streams at once; the cursors follow when the broker has confirmed all."""
        if not documents:
            return
        with _spans(self.store.service, documents):
            await self.transport.publish(
                [Message(type=d["type"], body=d["body"].encode(), id=d["_id"]) for d in documents]
            )
        self.published += len(documents)
        PUBLISHED.labels(self.store.service).inc(len(documents))
        for document in documents:
            source, _, sequence = document["_id"].rpartition("#")
            if int(sequence) > self._cursors.get(source, 0):
                if not self._moved:
                    self._due = time.monotonic() + CURSOR_SECONDS
                self._cursors[source] = self._moved[source] = int(sequence)

    async def _write_cursors(self) -> None:
        """All that moved in one write. Only forward, so that a relay that was overtaken changes nothing."""
        if not self._moved or time.monotonic() < self._due:
            return
        moved, self._moved = self._moved, {}
        writes = [
            mongo.UpdateOne({"_id": source}, {"$max": {"published": published}}, upsert=True)
            for source, published in moved.items()
        ]
        try:
            await mongo.bulk_write(self.store.database["cursors"], writes)
        except BaseException:
            self._moved = moved | self._moved
            raise

    async def _replay(self) -> int:
        moved = 0
        self.store.replay_requested = False
        for wish in await self.store.find("replays", {}, limit=BATCH):
            source = wish["source"]
            sequence, _ = await outbox.head(self.store, source)
            last = min(wish["to"] or sequence, sequence)
            for first in range(wish["from"], last + 1, BATCH):
                documents = await self._read(source, first, min(first + BATCH - 1, last))
                await self._publish(documents)
                moved += len(documents)
            if source not in self.troubles:
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


async def ask_again(store: Store, event: Event, session: mongo.Session | None) -> None:
    """Keep a consumer's request for events of a stream of ours; the relay fulfils it. Safe to keep twice."""
    request = {key: event.data[key] for key in ("source", "from", "to")}
    await store.database["replays"].replace_one({"_id": event.id}, request, upsert=True, session=session)
