"""Index of the records of one stream: which event holds the latest version of each, and which periods need to read it.

A checkpoint of the log: a closing walks only what came after it, and reads only the records its period needs.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, Final

from services.reports.events_in import Activity, Opinion, Plan, Suggestion
from services.reports.figures.accounting import voided_because
from services.reports.figures.feedback import awaited_since
from services.reports.figures.handling import settled_on
from services.reports.figures.ledger import Entry, Ledger, LedgerFact, fold
from services.reports.notation import suggestion_name
from shared.envelope import GENESIS, Event, service_of, verify_chain

RULES: Final = 5
"""Raised with every change of what `entered` says of a record, or of how a checkpoint holds it: checkpoints of before
are not read then."""
DATED: Final = frozenset({"activities.activity", "activities.opinion", "activities.suggestion"})
"""Kinds of which a period reads its own records only. Those of other kinds are few, or needed in any period."""


@dataclass(frozen=True)
class Index:
    """Records of a stream up to the event `upto` with the hash `hash`, by subject; `sealed` are the years sealed."""

    source: str
    upto: int = 0
    hash: str = GENESIS
    entries: Mapping[str, Entry] = field(default_factory=dict)
    sealed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Walked:
    """An index brought up to date, and the facts of the events walked for it, by subject."""

    index: Index
    facts: Mapping[str, LedgerFact[Any]]


def walk(town: str, before: Index, log: Sequence[Event]) -> Walked:
    """Verify the events after an index and enter them. Errors: BrokenChain; Garbled where a fact cannot be decoded."""
    upto, hash = verify_chain(log, after=before.upto, previoushash=before.hash)
    entries, facts = dict(before.entries), {}
    for kind, by_id in fold(town, log).facts.items():
        for fact in by_id.values():
            entry = entered(kind, fact)
            known = entries.get(fact.ref.subject)
            if known is None or _age(known) < _age(entry):
                entries[fact.ref.subject] = entry
                facts[fact.ref.subject] = fact
    sealed = {int(e.data.get("year", 0)) for e in log if e.town == town and ".year.sealed." in e.type}
    return Walked(Index(before.source, upto, hash, entries, before.sealed | sealed), facts)


def entered(kind: str, fact: LedgerFact[Any]) -> Entry:
    ref, data = fact.ref, fact.data
    void = voided_because(data) if kind in DATED and data.voided else ""
    entry = Entry(ref.source, kind, ref.subject, ref.version, ref.sequence, excluded=void)
    if isinstance(data, Opinion):
        return entry._replace(day=data.received_on)
    if isinstance(data, Suggestion):
        name = suggestion_name(data)
        return entry._replace(day=data.raised_on, settled_on=settled_on(data), title=name)
    if isinstance(data, Activity):
        return entry._replace(day=data.held_on, awaits_since=awaited_since(data))
    return entry


def needed(entry: Entry, first: date, last: date, due: Callable[[date], date]) -> bool:
    """Whether a period with these days, that of the comparison included, needs to read a record of a dated kind.

    `due`: until when feedback is due that runs from a day.
    """
    if entry.day is not None and first <= entry.day <= last:
        return True
    return entry.awaits_since is not None and first <= due(entry.awaits_since) <= last


def planned(years: Iterable[int], plans: Iterable[Plan]) -> frozenset[str]:
    """Subjects of the activities that plans of these years name: they may lie outside the period."""
    chosen = set(years)
    items = (item for plan in plans if plan.year in chosen for item in plan.items)
    return frozenset(f"activity/{item.activity_id}" for item in items if item.activity_id)


def assembled(town: str, indexes: Sequence[Index], facts: Iterable[LedgerFact[Any]]) -> Ledger:
    """The ledger of the records read; of the others it knows their day."""
    read = {(fact.ref.source, fact.ref.subject): fact for fact in facts}
    by_kind: dict[str, dict[str, LedgerFact[Any]]] = {}
    unread: dict[str, dict[str, Entry]] = {}
    for index in sorted(indexes, key=attrgetter("source")):
        for entry in sorted(index.entries.values(), key=attrgetter("sequence")):
            fact = read.get((entry.source, entry.subject))
            if fact is not None:
                by_kind.setdefault(entry.kind, {})[fact.data.id] = fact
            else:
                unread.setdefault(entry.kind, {})[entry.subject] = entry
    sealed = frozenset.intersection(*(index.sealed for index in indexes)) if indexes else frozenset()
    return Ledger(town, by_kind, sealed, unread)


def counts(index: Index) -> dict[str, int]:
    """Records per noun, as in the seal of the stream."""
    own = service_of(index.source) + "."
    kinds = Counter(entry.kind for entry in index.entries.values())
    return {kind.removeprefix(own): n for kind, n in kinds.items() if kind.startswith(own)}


def _age(entry: Entry) -> tuple[int, int]:
    return entry.version, entry.sequence
