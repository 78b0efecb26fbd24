"""Classification of a batch of events as fresh, duplicate or conflicting, by the stored keys and marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shared.envelope import Event
from shared.events.marks import UNKNOWN, Mark, first_of
from shared.storage import outbox

KEYS_KEPT: Final = 5_000
"""Keys stored per stream where events are not kept: only so far back a conflicting event is told from a duplicate."""
TWIN: Final = "同一编号已有另一件内容不同的事件：来源可能恢复了旧备份，或者有两套系统连在同一个消息通道上"
CHANGED: Final = "内容与其散列不符，写成以后被改动过"
ABANDONED: Final = "来源已从备份恢复，此事件不在恢复后的日志中"
UNLINKED: Final = "与前一件事件的散列不相连"
TOO_FAR: Final = "编号比已收到的最后一件大得多，不会是这一来源的事件"


@dataclass(frozen=True)
class Sorted:
    """A classified batch; events in none of the fields are duplicates.

    `fresh`: events to apply, each once, in the order given; `parked`: the positions of those that failed before;
    `unmarked`: of those whose key was written without its mark, by a process that was killed or overtaken in between.
    `again`: ids of fresh events that were handled before: before a rebuild, or before the mark dropped their range.
    `conflicting`: event id → reason. `restored`: source → new epoch, where events that the restore removed were
    received. `marks`: the marks after the fresh events and the duplicates.
    """

    fresh: Sequence[Event] = ()
    parked: frozenset[str] = frozenset()
    unmarked: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    conflicting: Mapping[str, str] = field(default_factory=dict)
    restored: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass
class Sorting:
    """Classifies the events of one batch. `forgets`: keys beyond KEYS_KEPT are deleted."""

    keys: Mapping[str, Mapping[str, Any]]
    marks: dict[str, Mark]
    forgets: bool
    hashes: dict[str, str] = field(default_factory=dict)
    fresh: list[Event] = field(default_factory=list)
    parked: set[str] = field(default_factory=set)
    unmarked: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    conflicting: dict[str, str] = field(default_factory=dict)
    restored: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    """By source the first sequence refused in this batch, which later ones in it cannot follow."""

    def add(self, event: Event) -> None:
        id, mark = outbox.position(event.source, event.sequence), self.marks.get(event.source)
        key = self.keys.get(id, {})
        dropped = "dropped" in key and key["hash"] == event.hash
        if key and "parked" not in key and mark is not None and not mark.has(event.sequence):
            if not dropped:
                self.unmarked.add(id)
            if key["hash"] == event.hash:
                # Keys that are written without the mark's transaction are of projections alone; the others were marked.
                self.again.add(event.id)
            key = {}
        hash = self.hashes.get(id, key.get("hash"))
        if event.source in self.restored or self._restarts(event, mark):
            self.restored.setdefault(event.source, event.epoch or "")
        elif hash is not None and hash not in (event.hash, UNKNOWN):
            self.conflicting[event.id] = ABANDONED if _is_abandoned(event, mark) else TWIN
        elif "parked" in key and "conflicting" not in key and id not in self.hashes:
            self.parked.add(id)
            self._accept(event, id)
        elif hash is None and (reason := self._refusal(event, mark)):
            self.conflicting[event.id] = reason
            if reason not in (TOO_FAR, ABANDONED):
                self.refused.setdefault(event.source, event.sequence)
        elif (
            dropped
            or hash is not None
            or (self.forgets and mark is not None and event.sequence <= mark.upto - KEYS_KEPT)
        ):
            self._arrive(event)
        else:
            self._accept(event, id)

    def _restarts(self, event: Event, mark: Mark | None) -> bool:
        """Whether the event is of an epoch that removes received events; its batch is classified again after that.

        Where the source went on for a while before the epoch began, they differ from some earlier sequence on.
        """
        epoch = event.epoch or ""
        if mark is None or epoch <= mark.epoch:
            return False
        linked = mark.follows(event.sequence, event.previoushash, event.hash)
        return mark.seen >= first_of(epoch) or mark.broken or not linked

    def _refusal(self, event: Event, mark: Mark | None) -> str:
        if self.refused.get(event.source, event.sequence) < event.sequence:
            return UNLINKED
        return _refusal(event, mark)

    def _accept(self, event: Event, id: str) -> None:
        self.fresh.append(event)
        self.hashes[id] = event.hash
        self._arrive(event)

    def _arrive(self, event: Event) -> None:
        mark = self.marks.get(event.source)
        if mark is not None:
            mark = replace(mark, epoch=max(mark.epoch, event.epoch or ""))
            self.marks[event.source] = mark.arrived(event.sequence, event.previoushash, event.hash)


def _refusal(event: Event, mark: Mark | None) -> str:
    """The reason why an event at a free position conflicts with its stream; empty where it does not."""
    if event.digest() != event.hash:
        return CHANGED
    if mark is None:
        return ""
    if not mark.reaches(event.sequence):
        return TOO_FAR
    if _is_abandoned(event, mark):
        return ABANDONED
    return "" if mark.follows(event.sequence, event.previoushash, event.hash) else UNLINKED


def _is_abandoned(event: Event, mark: Mark | None) -> bool:
    return mark is not None and mark.abandoned(event.sequence, event.epoch or "")
