"""The integrity check: whether records, event log and copies of other services agree. It reports and never repairs.

Messages name records by kind and id and say which fields differ, never their values, which may be personal data.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from shared.chain import Link, Verdict, verdict
from shared.endpoints.feed import READERS
from shared.endpoints.rebuild import Mark, marks
from shared.envelope import Event, Undecodable, source_of
from shared.events.marks import BROKEN
from shared.http import Call, Route, route
from shared.http.call import Store
from shared.ids import is_id
from shared.storage import outbox
from shared.storage.work import Collection

RELAY_SECONDS: Final = 10.0
"""How long the relay may take to publish events that were just committed."""
ATTEMPTS: Final = 5
_PAGE: Final = 1000
Document = Mapping[str, Any]


class IntegrityFault(BaseModel):
    """A disagreement. `rule`: log head cursor record state reference identity heard chain conflict parked."""

    rule: str
    subject: str
    message: str


class Integrity(BaseModel):
    """The result of a check. `copies`: versions of copied records by collection and id, to be compared with the log of
    their service."""

    source: str
    sequence: int
    hash: str
    records: dict[str, int]
    copies: dict[str, dict[str, int]]
    heard: list[Mark]
    faults: list[IntegrityFault]


@dataclass(frozen=True)
class Reference:
    """A foreign key: the value at `path` of a record of `holder` is the `key` of a record of `target`.

    A dotted path also leads through lists. `beside_words`: the field may have words too, and only ids are looked up.
    """

    holder: Collection[Any]
    path: str
    target: Collection[Any]
    key: str = "_id"
    beside_words: bool = False


@dataclass(frozen=True)
class Checks:
    """What is checked of a service. `identities`: by collection, a function that returns a sentence for each rule that
    a record violates."""

    collections: tuple[Collection[Any], ...]
    copies: tuple[Collection[Any], ...] = ()
    references: tuple[Reference, ...] = ()
    identities: Mapping[str, Callable[[Any], Iterable[str]]] = field(default_factory=dict)


def integrity_route(checks: Checks) -> Route:
    @route("GET", "/towns/{town}/integrity", roles=READERS, name="check_integrity", versioned=False)
    async def integrity(call: Call) -> Integrity:
        """检查本镇的记录、日志和副本是否互相吻合；只报告，不修改。"""
        return await audit(call.store, call.town, checks)

    return integrity


async def audit(store: Store, town: str, checks: Checks) -> Integrity:
    """Check a town. Repeated where the log grew meanwhile, because data read at different times cannot be compared."""
    source = source_of(town, store.service)
    for _ in range(ATTEMPTS):
        before = await outbox.head(store, source)
        integrity = await _check(store, town, checks)
        if before == await outbox.head(store, source):
            break
    return integrity


async def _check(store: Store, town: str, checks: Checks) -> Integrity:
    source = source_of(town, store.service)
    documents = {c.name: await store.find(c.name, {"town": town}) for c in checks.collections}
    events, malformed = await _log(store, "outbox", source)
    sequence, hash = await outbox.head(store, source)
    received = await marks(store, town)
    # Hashing and validating thousands of records takes about a second: in a thread, not on the event loop.
    faults = [
        *malformed,
        *await asyncio.to_thread(_chain, source, events, (sequence, hash)),
        *await _cursor(store, source, sequence),
        *await asyncio.to_thread(_among_records, checks, documents, events),
        *[fault for mark in received for fault in await _received(store, mark)],
    ]
    return Integrity(
        source=source,
        sequence=sequence,
        hash=hash,
        records={name: len(records) for name, records in documents.items()},
        copies={c.name: {d["_id"]: d["version"] for d in documents[c.name]} for c in checks.copies},
        heard=received,
        faults=faults,
    )


async def _log(store: Store, collection: str, source: str) -> tuple[list[Event], list[IntegrityFault]]:
    """The events of a stream as stored in a collection, and faults of those that are malformed."""
    events: list[Event] = []
    faults: list[IntegrityFault] = []
    after = 0
    while True:
        query = outbox.between(source, after + 1)
        page = await store.find(collection, query, sort=(("_id", 1),), limit=_PAGE)
        decoded = await asyncio.to_thread(_decoded, source, page)
        events += [item for item in decoded if isinstance(item, Event)]
        faults += [item for item in decoded if isinstance(item, IntegrityFault)]
        if len(page) < _PAGE:
            return events, faults
        after = outbox.sequence_at(page[-1]["_id"])


def _decoded(source: str, page: Sequence[dict[str, Any]]) -> list[Event | IntegrityFault]:
    decoded: list[Event | IntegrityFault] = []
    for document in page:
        sequence = outbox.sequence_at(document["_id"])
        if "body" not in document:
            continue
        try:
            event = Event.decode(document["body"])
        except Undecodable:
            decoded.append(IntegrityFault(rule="log", subject=source, message=f"第 {sequence} 号无法识别"))
            continue
        if (event.source, event.sequence) != (source, sequence):
            decoded.append(
                IntegrityFault(
                    rule="log",
                    subject=source,
                    message=f"第 {sequence} 号的位置上是 {event.source} 第 {event.sequence} 号",
                )
            )
        if document.get("hash", event.hash) != event.hash:
            decoded.append(
                IntegrityFault(rule="log", subject=source, message=f"第 {sequence} 号的散列与登记的不同")
            )
        decoded.append(event)
    return decoded


def _verdict(source: str, events: Sequence[Event]) -> Verdict:
    return verdict(source, [Link.from_event(event) for event in events])


def _chain(source: str, events: Sequence[Event], head: tuple[int, str]) -> list[IntegrityFault]:
    result = _verdict(source, events)
    faults = [IntegrityFault(rule="log", subject=source, message=fault) for fault in result.faults]
    if (result.sequence, result.hash) != head:
        message = f"登记的末号是第 {head[0]} 号，日志的末号是第 {result.sequence} 号，或者散列不同"
        faults.append(IntegrityFault(rule="head", subject=source, message=message))
    return faults


async def _cursor(store: Store, source: str, head: int) -> list[IntegrityFault]:
    published = 0

    async def is_published() -> bool:
        nonlocal published
        cursor = await store.find("cursors", {"_id": source}, limit=1)
        published = cursor[0]["published"] if cursor else 0
        return published >= head

    await store.arrival(is_published, within=RELAY_SECONDS)
    if published < head:
        message = f"第 {published + 1}–{head} 号还没有交给消息通道"
    elif published > (await outbox.head(store, source))[0]:
        message = f"已交给消息通道到第 {published} 号，而日志只到第 {head} 号"
    else:
        return []
    return [IntegrityFault(rule="cursor", subject=source, message=message)]


def _among_records(
    checks: Checks, documents: Mapping[str, list[dict[str, Any]]], events: Sequence[Event]
) -> list[IntegrityFault]:
    return [
        *_unreadable(checks, documents),
        *_states(checks, documents, events),
        *_orphans(checks, documents),
    ]


def _unreadable(checks: Checks, documents: Mapping[str, list[dict[str, Any]]]) -> Iterator[IntegrityFault]:
    for collection in checks.collections:
        check = checks.identities.get(collection.name, lambda _: ())
        for document in documents[collection.name]:
            subject = f"{collection.noun or collection.name}/{document['_id']}"
            try:
                record = collection.load(document)
            except ValidationError as error:
                places = "、".join(
                    ".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)
                )
                yield IntegrityFault(rule="record", subject=subject, message=f"记录不合规定：{places}")
                continue
            for message in check(record):
                yield IntegrityFault(rule="identity", subject=subject, message=message)


def _states(
    checks: Checks, documents: Mapping[str, list[dict[str, Any]]], events: Sequence[Event]
) -> Iterator[IntegrityFault]:
    """Compare every record with the latest event about it, in both directions."""
    latest = {event.subject: event for event in events}
    for collection in checks.collections:
        if collection.fact is None or not collection.noun:
            continue
        unmatched = {s: e for s, e in latest.items() if s.startswith(f"{collection.noun}/")}
        for document in documents[collection.name]:
            event = unmatched.pop(f"{collection.noun}/{document['_id']}", None)
            yield from _state(collection, document, event)
        for subject, event in unmatched.items():
            yield IntegrityFault(
                rule="state", subject=subject, message=f"第 {event.sequence} 号事件说到的记录已经不在了"
            )


def _state(collection: Collection[Any], document: Document, event: Event | None) -> Iterator[IntegrityFault]:
    subject = f"{collection.noun}/{document['_id']}"
    if event is None:
        yield IntegrityFault(rule="state", subject=subject, message="有这条记录，日志中却没有它的事件")
        return
    assert collection.fact is not None
    try:
        public = collection.fact.model_validate(collection.load(document).model_dump()).model_dump(
            mode="json"
        )
    except ValidationError:
        return  # reported by `_unreadable`
    differing = sorted(name for name, value in event.data.items() if public.get(name) != value)
    if differing:
        message = f"记录与最近的事件（第 {event.sequence} 号）不一致：{'、'.join(differing)}"
        yield IntegrityFault(rule="state", subject=subject, message=message)


def _orphans(checks: Checks, documents: Mapping[str, list[dict[str, Any]]]) -> Iterator[IntegrityFault]:
    for reference in checks.references:
        known = {v for d in documents[reference.target.name] for v in _values(d, reference.key.split("."))}
        for document in documents[reference.holder.name]:
            for value in sorted(set(_values(document, reference.path.split("."))) - known):
                if reference.beside_words and not is_id(value):
                    continue
                yield IntegrityFault(
                    rule="reference",
                    subject=f"{reference.holder.noun or reference.holder.name}/{document['_id']}",
                    message=f"{reference.path} 指向不存在的 {reference.target.name}：{value}",
                )


def _values(value: Any, path: Sequence[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif path and isinstance(value, Mapping):
        yield from _values(value.get(path[0]), path[1:])
    elif not path and isinstance(value, str):
        yield value


async def _received(store: Store, mark: Mark) -> list[IntegrityFault]:
    """Check the inbox of a stream against its mark, for gaps, and along the hash chain."""
    events, faults = await _log(store, "inbox", mark.source)
    keys = await store.find("inbox", outbox.between(mark.source, 1), sort=(("_id", 1),))
    stored = await store.find("sources", {"_id": mark.source}, limit=1)
    pruned = stored[0].get("pruned", 0) if stored else 0
    here = {outbox.sequence_at(document["_id"]) for document in keys}
    missing = [n for n in range(pruned + 1, max(mark.seen, mark.upto) + 1) if n not in here]
    if missing:
        shown = "、".join(map(str, missing[:10]))
        message = f"没有收到第 {shown} 号（共缺 {len(missing)} 件）"
        faults.append(IntegrityFault(rule="heard", subject=mark.source, message=message))
    elif mark.upto < mark.seen:
        message = f"已全部收到第 {mark.seen} 号，标记却停在第 {mark.upto} 号"
        faults.append(IntegrityFault(rule="heard", subject=mark.source, message=message))
    if stored and stored[0].get("hash") == BROKEN:
        message = "有一件事件与前一件不相连，此后的都没有采用；查明后须重建本镇的副本"
        faults.append(IntegrityFault(rule="chain", subject=mark.source, message=message))
    faults += await _dead_letters(store, mark.source, keys)
    # Only an inbox that keeps the body of every event can be verified along its hash chain.
    if len(events) == len(keys) and events and not missing:
        result = await asyncio.to_thread(_verdict, mark.source, events)
        faults += [
            IntegrityFault(rule="heard", subject=mark.source, message=fault) for fault in result.faults
        ]
    return faults


async def _dead_letters(store: Store, source: str, keys: Sequence[Document]) -> list[IntegrityFault]:
    """Dead letters of a stream: events that could not be applied, or that conflict with an applied one."""
    hashes = {document["_id"]: document["hash"] for document in keys}
    faults = []
    for dead_letter in await store.find("letters", {"source": source}, sort=(("_id", 1),)):
        position = outbox.position(source, dead_letter["sequence"])
        known = hashes.get(position)
        if dead_letter.get("conflicting") and known not in (None, dead_letter["hash"]):
            message = (
                f"第 {dead_letter['sequence']} 号有两件：采用的散列 {str(known)[:16]}…，"
                f"另一件 {dead_letter['hash'][:16]}… 未能处理（{dead_letter['reason']}）"
            )
            faults.append(IntegrityFault(rule="conflict", subject=source, message=message))
        else:
            message = f"第 {dead_letter['sequence']} 号事件未能处理，须先重新处理或者放弃"
            faults.append(IntegrityFault(rule="parked", subject=source, message=message))
    return faults
