"""A period proven from the kept log: walked from the last checkpoint, and read as far as the period needs it."""

import asyncio
import base64
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import repeat
from typing import Any, Final

from pydantic import ValidationError

from services.reports import kept_log
from services.reports.compiler import NotProven, spanned, verified, walked
from services.reports.domain import RecordRef
from services.reports.events_in import FACTS, SOURCES, Foreign, Plan, Term, Town
from services.reports.figures.feedback import feedback_due
from services.reports.figures.index import DATED, RULES, Index, Walked, assembled, needed, planned
from services.reports.figures.ledger import Entry, Garbled, Ledger, LedgerFact
from services.reports.figures.year import Year
from services.reports.repository import CHECKPOINTS, Checkpoint, Seal
from shared.envelope import Event, source_of
from shared.storage.work import Work

FORM: Final = f"{RULES}:{','.join(FACTS)}"
Facts = dict[tuple[str, str], LedgerFact[Any]]
"""Records read, by source and subject."""
Walk = Callable[[Mapping[str, Index], Mapping[str, Sequence[Event]]], list[Walked]]
"""Walk of the logs by service from their checkpoints."""


@dataclass(frozen=True)
class Proven:
    """`indexes`: of every source up to its seal."""

    year: Year
    indexes: Sequence[Index]


async def proven(work: Work, period: str, as_of: date, seals: Sequence[Seal]) -> Proven:
    """The period read from the kept logs up to the seals. Errors: NotProven."""
    heads = [seal.head for seal in seals]
    ends = {head.service: head.upto for head in heads}
    return await _read_upto(work, period, as_of, ends, partial(verified, work.town, heads))


async def standing(work: Work, period: str, as_of: date) -> Proven:
    """The period read from the kept logs as far as they are held without a gap, sealed or not. Errors: NotProven where
    a chain is broken."""
    held = await kept_log.whole_upto(work)
    ends = {service: held.get(service, 0) for service in SOURCES}
    return await _read_upto(work, period, as_of, ends, partial(walked, work.town))


async def _read_upto(work: Work, period: str, as_of: date, ends: Mapping[str, int], walk: Walk) -> Proven:
    checkpoints = {s: index for s, upto in ends.items() if (index := await _checkpoint(work, s, upto))}
    if checkpoints:
        try:
            return await _read_after(work, period, as_of, ends, walk, checkpoints)
        except NotProven:  # a checkpoint of what a rebuild has undone, perhaps: the whole log decides
            pass
    return await _read_after(work, period, as_of, ends, walk, {})


async def _read_after(
    work: Work,
    period: str,
    as_of: date,
    ends: Mapping[str, int],
    walk: Walk,
    checkpoints: Mapping[str, Index],
) -> Proven:
    logs = {}
    for service, upto in ends.items():
        after = checkpoints[service].upto if service in checkpoints else 0
        logs[service] = await kept_log.kept_events(work, service, after=after, upto=upto)
    # Hashing and folding some thousand events takes about a second: not on the event loop.
    streams = await asyncio.to_thread(walk, checkpoints, logs)
    indexes = [stream.index for stream in streams]
    facts: Facts = {(stream.index.source, s): fact for stream in streams for s, fact in stream.facts.items()}
    await _read_timeless(work, streams, facts)
    span = spanned(period, _of_kind(work.town, facts, Term))
    roster = _of_kind(work.town, facts, Town)
    await _read_dated(work, indexes, facts, Year(roster, span.first.year, as_of, span))
    ledger = await asyncio.to_thread(assembled, work.town, indexes, facts.values())
    return Proven(Year(ledger, span.first.year, as_of, span), indexes)


def _of_kind(town: str, facts: Facts, model: type[Foreign]) -> Ledger:
    """The ledger of the records of one kind alone."""
    kind = next(kind for kind, known in FACTS.items() if known is model)
    return Ledger(
        town, {kind: {fact.data.id: fact for fact in facts.values() if isinstance(fact.data, model)}}
    )


async def _read_timeless(work: Work, streams: Sequence[Walked], facts: Facts) -> None:
    """Records of the kinds that any period needs."""
    entries = (entry for stream in streams for entry in stream.index.entries.values())
    await _read(work, [entry for entry in entries if entry.kind not in DATED], facts)


async def _read_dated(work: Work, indexes: Sequence[Index], facts: Facts, year: Year) -> None:
    """Records of the period and of the one it is compared with, feedback due in them, and what plans name."""
    first = year.earlier.start if year.earlier else year.start
    plans = [fact.data for fact in facts.values() if isinstance(fact.data, Plan)]
    named = planned(range(first.year, year.as_of.year + 1), plans)
    entries = (entry for index in indexes for entry in index.entries.values())
    due = partial(feedback_due, year)
    await _read(work, [e for e in entries if e.subject in named or needed(e, first, year.as_of, due)], facts)


async def _read(work: Work, entries: Sequence[Entry], facts: Facts) -> None:
    """Read what is not there yet. Errors: NotProven where an event is gone or garbled."""
    missing = [entry for entry in entries if (entry.source, entry.subject) not in facts]
    by_source: dict[str, list[Entry]] = {}
    for entry in missing:
        by_source.setdefault(entry.source, []).append(entry)
    for source, own in by_source.items():
        own.sort(key=lambda entry: entry.sequence)
        bodies = await kept_log.bodies_at(work, source, [entry.sequence for entry in own])
        for fact in await asyncio.to_thread(_decoded, source, own, bodies):
            facts[source, fact.ref.subject] = fact


def _decoded(source: str, entries: Sequence[Entry], bodies: Sequence[str]) -> list[LedgerFact[Any]]:
    service = source.rpartition("/")[2]
    if len(bodies) != len(entries):
        raise NotProven({service: "事件链不完整：检查点以前的事件缺失"})
    facts = []
    for entry, body in zip(entries, bodies, strict=True):
        event = Event.decode(body)
        try:
            data = FACTS[entry.kind].model_validate(event.data)
        except ValidationError as error:
            raise NotProven({service: str(Garbled(event, error))}) from error
        facts.append(LedgerFact(data, entry.ref))
    return facts


async def with_records(work: Work, year: Year, refs: Iterable[RecordRef]) -> Year:
    """The period with these records read too, for their titles: figures are known without some of them."""
    named = {(ref.source, ref.subject) for ref in refs}
    unread = (entry for entries in year.ledger.unread.values() for entry in entries.values())
    missing = [entry for entry in unread if (entry.source, entry.subject) in named]
    facts: Facts = {}
    await _read(work, missing, facts)
    known = {kind: dict(by_id) for kind, by_id in year.ledger.facts.items()}
    for entry in missing:
        fact = facts[entry.source, entry.subject]
        known.setdefault(entry.kind, {})[fact.data.id] = fact
    return replace(year, ledger=replace(year.ledger, facts=known))


async def keep(work: Work, proven: Proven) -> None:
    """Keep checkpoints for the next closing, one for each source and kind of period."""
    for index in proven.indexes:
        if index.upto:
            work.project(
                CHECKPOINTS, await asyncio.to_thread(_kept, work.town, index, proven.year.period.kind)
            )


def _kept(town: str, index: Index, slot: str) -> Checkpoint:
    by_kind: dict[str, list[Entry]] = {}
    for entry in index.entries.values():
        by_kind.setdefault(entry.kind, []).append(entry)
    columns = {kind: _columns(entries) for kind, entries in by_kind.items()}
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return Checkpoint(
        id=f"{index.source}:{slot}",
        town=town,
        version=index.upto,
        source=index.source,
        upto=index.upto,
        hash=index.hash,
        form=FORM,
        sealed=tuple(sorted(index.sealed)),
        entries=base64.b64encode(zlib.compress(text.encode(), 1)).decode(),
    )


def _columns(entries: Iterable[Entry]) -> list[Sequence[Any]]:
    """The fields of entries of one kind, each for all of them, as most of the time goes into what is done for each
    entry by itself; a field that none of them has is empty."""
    _, _, subjects, versions, sequences, *known = zip(*entries, strict=True)
    return [subjects, versions, sequences, *(column if any(column) else () for column in known)]


async def _checkpoint(work: Work, service: str, upto: int) -> Index | None:
    """The latest that does not go beyond the end of what is read."""
    kept = await kept_log.checkpoint(work, source_of(work.town, service), upto)
    return await asyncio.to_thread(_index, kept) if kept is not None and kept.form == FORM else None


def _index(kept: Checkpoint) -> Index:
    day = cache(_day)
    entries: dict[str, Entry] = {}
    for kind, columns in json.loads(zlib.decompress(base64.b64decode(kept.entries))).items():
        subjects, versions, sequences, *days, excluded, titles = columns
        dates = (map(day, column) if column else repeat(None) for column in days)
        words = (column or repeat("") for column in (excluded, titles))
        made = map(Entry, repeat(kept.source), repeat(kind), subjects, versions, sequences, *dates, *words)
        entries.update(zip(subjects, made, strict=True))
    return Index(kept.source, kept.upto, kept.hash, entries, frozenset(kept.sealed))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
