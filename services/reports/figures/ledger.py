"""Ledger of records: a pure fold of the kept log into the latest version of each record.

Invariants: the latest version of each record wins in any order of events; no time of recording is read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from pydantic import ValidationError

from services.reports.domain import RecordRef
from services.reports.events_in import FACTS, SOURCES, Foreign
from shared.envelope import Event, service_of

F = TypeVar("F", bound=Foreign)
Key = Callable[[Any], Any]


class Referred(Protocol):
    """What stands for a record: the fact itself, or the entry of one not read."""

    @property
    def ref(self) -> RecordRef: ...


@dataclass(frozen=True)
class LedgerFact(Generic[F]):
    """The latest state of a record with its reference."""

    data: F
    ref: RecordRef


class Entry(NamedTuple):
    """The latest version of a record, and what a period that does not read it has to know.

    `day`: its business day. `settled_on`: of a suggestion, the day from which on it is closed or rejected.
    `awaits_since`: of an activity, the day from which the time for feedback on its opinions runs. `excluded`: why no
    period counts it. `title`: of a suggestion, for the periods it is carried into.
    """

    source: str
    kind: str
    subject: str
    version: int
    sequence: int
    day: date | None = None
    settled_on: date | None = None
    awaits_since: date | None = None
    excluded: str = ""
    title: str = ""

    @property
    def ref(self) -> RecordRef:
        return RecordRef(
            source=self.source, subject=self.subject, version=self.version, sequence=self.sequence
        )

    def open_at(self, start: date) -> bool:
        """Whether it was of an earlier day and not settled when a period started; no voided one."""
        earlier = self.day is not None and self.day < start and not self.excluded
        return earlier and (self.settled_on is None or self.settled_on >= start)


@dataclass(frozen=True)
class Ledger:
    """Every record of one town, by kind (`service.noun`) and id. `unread`: by subject, those not needed."""

    town: str
    facts: Mapping[str, Mapping[str, LedgerFact[Any]]] = field(default_factory=dict)
    sealed_years: frozenset[int] = frozenset()
    """Years that every source sealed before."""
    unread: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    @cached_property
    def _by_model(self) -> dict[type[Foreign], Mapping[str, LedgerFact[Any]]]:
        return {model: self.facts.get(kind, {}) for kind, model in FACTS.items()}

    def by_id(self, model: type[F]) -> Mapping[str, LedgerFact[F]]:
        return cast("Mapping[str, LedgerFact[F]]", self._by_model[model])

    def get(self, model: type[F], id: str | None) -> F | None:
        fact = self.by_id(model).get(id or "")
        return fact.data if fact else None

    def find(self, source: str, subject: str) -> LedgerFact[Any] | Entry | None:
        """A record, or the entry of one not read."""
        noun, _, id = subject.partition("/")
        kind = f"{service_of(source)}.{noun}"
        found = self.facts.get(kind, {}).get(id) or self.unread.get(kind, {}).get(subject)
        return found if found and found.ref.source == source else None

    def ref(self, source: str, subject: str) -> RecordRef | None:
        """Reference to the latest version of a record by source and subject."""
        found = self.find(source, subject)
        return found.ref if found else None

    def sorted(self, model: type[F], key: Key) -> list[LedgerFact[F]]:
        """The records of a noun that are not voided, sorted by business data; equal ones in the order of entry."""
        in_force = (fact for fact in self.by_id(model).values() if not fact.data.voided)
        return sorted(in_force, key=lambda fact: (key(fact.data), fact.ref.sequence))

    def counts(self, service: str) -> dict[str, int]:
        """Records of one service per noun, as in its seal."""
        return {
            kind.partition(".")[2]: len(facts)
            for kind, facts in self.facts.items()
            if kind.partition(".")[0] == service
        }


class Garbled(ValueError):
    """A fact that cannot be decoded; the message names it and its fields, without values."""

    def __init__(self, event: Event, error: ValidationError) -> None:
        places = "、".join(".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False))
        super().__init__(f"第{event.sequence}号事件{event.type}（{event.subject}）无法读取：{places}有误")
        self.service = service_of(event.source)


def fold(town: str, events: Iterable[Event]) -> Ledger:
    """Fold events into a ledger. Errors: Garbled where a fact cannot be decoded."""
    latest: dict[tuple[str, str], Event] = {}
    sealed: dict[int, set[str]] = {}
    for event in events:
        if event.town != town:
            continue
        if ".year.sealed." in event.type:
            sealed.setdefault(int(event.data.get("year", 0)), set()).add(service_of(event.source))
        if kind(event) not in FACTS:
            continue
        before = latest.get((event.source, event.subject))
        if before is None or _age(before) < _age(event):
            latest[event.source, event.subject] = event
    facts: dict[str, dict[str, LedgerFact[Any]]] = {}
    for event in sorted(latest.values(), key=lambda event: (event.source, event.sequence)):
        noun = kind(event)
        try:
            data = FACTS[noun].model_validate(event.data)
        except ValidationError as error:
            raise Garbled(event, error) from error
        ref = RecordRef(
            source=event.source, subject=event.subject, version=data.version, sequence=event.sequence
        )
        facts.setdefault(noun, {})[data.id] = LedgerFact(data, ref)
    whole = frozenset(year for year, services in sealed.items() if services.issuperset(SOURCES))
    return Ledger(town, facts, whole)


def _age(event: Event) -> tuple[int, int]:
    return int(event.data.get("version", 1)), event.sequence


def kind(event: Event) -> str:
    """`service.noun` of an event."""
    return ".".join(event.type.split(".")[:2])


def by_date(day: date | None) -> tuple[bool, date]:
    """Sort key of a date that may be missing; missing ones come last."""
    return day is None, day or date.max
