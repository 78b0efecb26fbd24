"""The relay: publishes the event log in order and advances one cursor per stream; nothing is written per event.

One replica relays a partition of the towns at a time. Two for a moment do no harm: a cursor only moves forward, and
consumers ignore duplicates. Events of this process are passed in memory; the log is read for those of other replicas
and after a start. A stream that cannot be read does not stop the others.
"""

import asyncio
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind

from shared.clock import Backoff, Turn
from shared.envelope import Event, service_of
from shared.events import backlog
from shared.events.backlog import Document, Span
from shared.events.partitions import partition_of
from shared.observability.metrics import PUBLISHED
from shared.observability.tracing import recording, span
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.transport import Message, PublishFailed, Transport

BATCH: Final = 100
PAGES_SENT: Final = 3
"""Pages of a backlog that are sent before the first of them must be confirmed."""
POLL_SECONDS: Final = 0.5
"""How often the heads of all streams are compared with the cursors, to find events of other replicas."""
ALONE_SECONDS: Final = 5.0
"""The same without other replicas."""
CURSOR_SECONDS: Final = 0.2
"""How long cursors may stay unwritten; after a crash the events since then are published twice."""
LONGEST_WAIT: Final = 5.0
ANNOUNCED_AGAIN_SECONDS: Final = 60.0
"""After a new connection to the broker, until every service has declared its queue there, also on an empty broker."""

log = structlog.get_logger(__name__)


@dataclass
class Stuck:
    """A stream that could not be read: the time of the next retry."""

    backoff: Backoff = field(default_factory=lambda: Backoff(POLL_SECONDS, LONGEST_WAIT))


@dataclass
class Relay:
    """Publishes the event log of one service."""

    store: Store
    transport: Transport
    partitions: int = 1
    share: Callable[[], frozenset[int]] = lambda: frozenset({0})
    """The partitions that this process relays now."""
    has_peers: Callable[[], bool] = lambda: False
    """Whether there are other replicas, whose commits are not passed to this process."""
    published: int = 0
    stuck: dict[str, Stuck] = field(default_factory=dict)
    """Streams that cannot be read, by source."""
    turn: Turn = field(default_factory=Turn)
    _cursors: dict[str, int] = field(default_factory=dict)
    _moved: dict[str, int] = field(default_factory=dict)
    """Cursors that are not written yet."""
    _led: frozenset[int] = frozenset()
    """The partitions of which the cursors are known."""
    _compared_at: float = 0.0
    _announced: int = 0
    """The connection to the broker on which the last event of each stream was published again."""
    _announced_of: frozenset[int] = frozenset()
    """Of which partitions."""
    _announced_again: float = math.inf
    """When that is due once more."""
    _due: float = 0.0

    @property
    def leading(self) -> bool:
        return bool(self.share())

    async def run(self) -> None:
        """Relay until cancelled; errors are retried with backoff."""
        backoff = Backoff(POLL_SECONDS, LONGEST_WAIT)
        while True:
            self.store.committed.clear()
            self.turn.moved()
            try:
                moved = await self.drain() if self.leading else self._follow()
                backoff.reset()
            except Exception as error:
                if not isinstance(error, PublishFailed) and not mongo.is_temporary(error):
                    log.exception("relay failed")
                log.warning("relay waits", reason=error)
                self._led = frozenset()  # unpublished events passed in memory are read from the log
                moved = 0
                backoff.postpone()
            self.turn.over()
            if not moved:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CURSOR_SECONDS if self._moved else backoff.wait):
                        await self.store.committed.wait()

    def _follow(self) -> int:
        self.store.take_appended()
        self._led = frozenset()
        return 0

    async def drain(self) -> int:
        """Publish what lies between the cursors and the heads, then what was asked for again.

        Returns how many events.
        """
        appended = self.store.take_appended()
        every = POLL_SECONDS if self.has_peers() else ALONE_SECONDS
        share = self.share()
        if share != self._led or time.monotonic() - self._compared_at >= every:
            moved = await self._compare_all(share)
        else:
            moved = await self._publish_appended(appended)
        moved += await self._retry_stuck()
        if self.store.replay_requested:
            moved += await self._replay()
        await self._write_cursors()
        return moved

    def _leads(self, source: str) -> bool:
        return partition_of(source.split("/")[1], self.partitions) in self._led

    async def finish(self) -> None:
        """Publish what is left after `run` was cancelled: what it was sending is read from the log."""
        self._led = frozenset()
        await self.drain()
        await self.flush()

    async def flush(self) -> None:
        """Write the cursors to the database now."""
        self._due = 0.0
        await self._write_cursors()

    async def _compare_all(self, share: frozenset[int]) -> int:
        """Compare the heads of all streams with their cursors and publish the difference."""
        heads = {d["_id"]: d["sequence"] for d in await self.store.find("streams", {})}
        if share != self._led:
            self._cursors = {d["_id"]: d["published"] for d in await self.store.find("cursors", {})}
            self._moved.clear()
            self._announced_of &= share
        self._led, self._compared_at, self.store.replay_requested = share, time.monotonic(), True
        self.stuck = {source: stuck for source, stuck in self.stuck.items() if self._leads(source)}
        behind = {s: n for s, n in heads.items() if self._cursors.get(s, 0) < n and self._leads(s)}
        behind = {source: head for source, head in behind.items() if source not in self.stuck}
        return await self._announce(heads) + await self._from_log(behind)

    async def _announce(self, heads: Mapping[str, int]) -> int:
        """Publish the last event of each stream once more on each new connection, and again a minute later: a consumer
        whose messages a broker lost learns by it what it lacks, and asks for that."""
        connection, now = self.transport.connections, time.monotonic()
        again = connection == self._announced and self._led == self._announced_of
        if again and now < self._announced_again:
            return 0
        last = [s for s, n in heads.items() if self._leads(s) and self._cursors.get(s, 0) == n]
        for sources in mongo.parts(last, BATCH):
            positions = [outbox.position(source, heads[source]) for source in sources]
            stored = await outbox.documents(self.store, "outbox", positions)
            await self._publish([d for d in stored if "type" in d and "body" in d])
        self._announced_again = math.inf if again else now + ANNOUNCED_AGAIN_SECONDS
        self._announced, self._announced_of = connection, self._led
        return len(last)

    async def _publish_appended(self, appended: Mapping[str, Sequence[Document]]) -> int:
        """Publish appended events: from memory where they continue the cursor, else from the log."""
        ready: list[Document] = []
        behind: list[str] = []
        for source, documents in appended.items():
            if source in self.stuck or not self._leads(source):
                continue
            cursor = self._cursors.get(source, 0)
            new = [d for d in documents if outbox.sequence_at(d["_id"]) > cursor]
            # Another replica's events may stand between ours.
            next_ones = [d for n, d in enumerate(new, cursor + 1) if outbox.sequence_at(d["_id"]) == n]
            ready += next_ones
            if len(next_ones) < len(new) or not documents:
                behind.append(source)
        await self._publish(ready)
        return len(ready) + await self._from_log(await self._heads(behind))

    async def _heads(self, sources: Sequence[str]) -> dict[str, int]:
        found = await self.store.find("streams", {"_id": {"$in": list(sources)}}) if sources else ()
        return {document["_id"]: document["sequence"] for document in found}

    async def _from_log(self, heads: Mapping[str, int]) -> int:
        """Publish streams up to their heads. While pages are being confirmed, the next one is read and sent."""
        spans = (Span(source, self._cursors.get(source, 0) + 1, head) for source, head in heads.items())
        moved = 0
        sent: deque[tuple[asyncio.Task[None], Sequence[Document]]] = deque()
        try:
            for page in backlog.pages(spans, BATCH):
                documents = await self._read(page)
                sent.append((asyncio.create_task(self._send(documents)), documents))
                if len(sent) == PAGES_SENT:
                    moved += await self._confirm(sent)
            while sent:
                moved += await self._confirm(sent)
        finally:
            unconfirmed = [sending for sending, _ in sent]
            for sending in unconfirmed:
                sending.cancel()
            await asyncio.gather(*unconfirmed, return_exceptions=True)
        return moved

    async def _confirm(self, sent: deque[tuple[asyncio.Task[None], Sequence[Document]]]) -> int:
        """Wait for the eldest page sent: cursors advance in the order of the pages, whatever is confirmed first."""
        sending, documents = sent[0]
        await sending
        sent.popleft()
        self._advance(documents)
        await self._write_cursors()
        return len(documents)

    async def _read(self, page: Sequence[Span]) -> Sequence[Document]:
        """The events of a page. A stream of which some are missing is put into `stuck`, and left out."""
        found = await backlog.read(self.store, [span for span in page if span.source not in self.stuck])
        for source, reason in found.faults.items():
            log.error("stream cannot be relayed", source=source, reason=reason)
            self.stuck[source] = Stuck()
            self.stuck[source].backoff.postpone()
        return found.documents

    async def _retry_stuck(self) -> int:
        moved = 0
        for source, stuck in list(self.stuck.items()):
            if not stuck.backoff.is_due:
                continue
            sequence, _ = await outbox.head(self.store, source)
            del self.stuck[source]
            moved += await self._from_log({source: sequence})
            if source in self.stuck:
                stuck.backoff.postpone()
                self.stuck[source] = stuck
            else:
                log.info("stream relayed again", source=source)
        return moved

    async def _publish(self, documents: Sequence[Document]) -> None:
        """Publish events of several streams; cursors advance after the broker has confirmed all."""
        await self._send(documents)
        self._advance(documents)

    async def _send(self, documents: Sequence[Document]) -> None:
        if not documents:
            return
        with _spans(self.store.service, documents):
            await self.transport.publish([_message(document) for document in documents])

    def _advance(self, documents: Sequence[Document]) -> None:
        self.turn.moved()
        self.published += len(documents)
        PUBLISHED.labels(self.store.service).inc(len(documents))
        for document in documents:
            source, _, sequence = document["_id"].rpartition("#")
            if int(sequence) > self._cursors.get(source, 0):
                if not self._moved:
                    self._due = time.monotonic() + CURSOR_SECONDS
                self._cursors[source] = self._moved[source] = int(sequence)

    async def _write_cursors(self) -> None:
        """Write all advanced cursors at once. They only move forward, so that a former leader changes nothing."""
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
        for request in await self.store.find("replays", {}):
            source = request["source"]
            if not self._leads(source):
                continue
            sequence, _ = await outbox.head(self.store, source)
            last = min(request["to"] or sequence, sequence)
            for page in backlog.pages([Span(source, request["from"], last)], BATCH):
                documents = await self._read(page)
                await self._publish(documents)
                moved += len(documents)
            if source not in self.stuck:
                # Not what another consumer has asked for meanwhile.
                same = {key: request.get(key) for key in ("_id", "asked")}
                await self.store.database["replays"].delete_one(same)
        return moved


def _message(document: Document) -> Message:
    id = document["_id"]
    return Message(document["type"], document["body"].encode(), id, town=id.split("/")[1])


@contextmanager
def _spans(service: str, documents: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """One span per event in the trace of the request that caused it; none unless spans are recorded."""
    with ExitStack() as spans:
        for document in documents if recording() else ():
            traceparent = json.loads(document["body"]).get("traceparent")
            if traceparent:
                name = f"publish {document['type']}"
                spans.enter_context(span(name, SpanKind.PRODUCER, traceparent, {"lvzhi.service": service}))
        yield


def is_asked(event: Event, service: str) -> bool:
    """Whether an event asks a service for a replay of one of its streams."""
    asked = event.type.endswith(".replay.requested.v1") and service_of(str(event.data.get("source")))
    return asked == service


async def ask_again(store: Store, event: Event, session: mongo.Session | None) -> None:
    """Store a consumer's request to publish events again, for the relay. Idempotent; the same range is one request,
    `asked` for last by this event."""
    request = {**{key: event.data[key] for key in ("source", "from", "to")}, "asked": event.id}
    id = "{source}#{from}-{to}".format_map(request)
    await store.database["replays"].replace_one({"_id": id}, request, upsert=True, session=session)
