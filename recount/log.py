"""Event logs of the three sources: verification of the hash chain, and the resulting records."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any, Final

import rfc8785

from recount.numerals import quotable

Data = dict[str, Any]
SOURCES: Final = ("roster", "activities", "ratings")
NO_RECORDS: Final = (
    "year",
    "replay",
    "personal_data",
    "stream",
)  # nouns of events that are about the log itself
_GENESIS: Final = "0" * 64


class Broken(Exception):
    """A log that does not verify; the message is in Chinese."""


@dataclass(frozen=True)
class Record:
    """The latest state of one record; `order`: the sequence of its event, to sort records that are otherwise equal."""

    service: str
    noun: str
    subject: str
    order: int
    data: Data


@dataclass(frozen=True)
class Seal:
    """What a source sealed for a closing; `manifest`: the summaries of that closing carry one."""

    closing: str
    as_of: date | None
    upto: int
    manifest: bool
    sequence: int


@dataclass
class Log:
    """Events of one town by source, each stream complete from its first event. `known`: what was computed of it."""

    town: str
    streams: dict[str, list[Data]] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_events(cls, town: str, events: Iterable[Any], sources: Sequence[str] = SOURCES) -> "Log":
        """Verify the events of these sources. Errors: Broken for an invalid event, a gap or a wrong hash."""
        log = cls(town, {source: [] for source in sources})
        for event in events:
            if not isinstance(event, dict) or not isinstance(event.get("source"), str):
                raise Broken("给出的内容不是事件日志")
            if not isinstance(event.get("sequence"), int):
                raise Broken(f"{event['source'][:40]} 的日志中有一件事件没有编号")
            _, _, service = event["source"].rpartition("/")
            if event.get("town") == town and service in log.streams:
                log.streams[service].append(event)
        for service, stream in log.streams.items():
            stream.sort(key=lambda event: int(event["sequence"]))
            _check_chain(service, stream)
        return log

    def head(self, service: str) -> int:
        return len(self.streams.get(service, ()))

    def hash_at(self, service: str, sequence: int) -> str:
        """Hash of the event with this sequence; empty where the stream is shorter. Before the first event it is 0…0."""
        stream = self.streams.get(service, [])
        if sequence == 0:
            return _GENESIS
        return str(stream[sequence - 1]["hash"]) if 0 < sequence <= len(stream) else ""

    def records(self, upto: Mapping[str, int] | None = None) -> list[Record]:
        """Records after the events up to these sequences: the highest version of each."""
        latest: dict[tuple[str, str], Data] = {}
        for service, stream in self.streams.items():
            for event in stream[: (upto or {}).get(service, len(stream))]:
                before = latest.get((service, event["subject"]))
                if before is None or _version(before) <= _version(event):
                    latest[service, event["subject"]] = event
        return [
            Record(service, str(event["type"]).split(".")[1], subject, event["sequence"], event["data"])
            for (service, subject), event in latest.items()
            if str(event["type"]).split(".")[1] not in NO_RECORDS
        ]

    @cached_property
    def quotable(self) -> frozenset[str]:
        """Texts with numbers in the data of all events, earlier versions of records included."""
        data = [event["data"] for stream in self.streams.values() for event in stream]
        return frozenset(quotable([*data, *map(_case, data)]))

    def seals(self, service: str) -> list[Seal]:
        """Seals of one source, in order."""
        return [
            Seal(
                str(event["data"].get("closing_id")),
                day(event["data"].get("as_of")),
                int(event["data"].get("upto_sequence", -1)),
                bool(event["data"].get("manifest")),
                int(event["sequence"]),
            )
            for event in self.streams.get(service, ())
            if ".year.sealed." in event["type"]
        ]

    def sealed_years(self, upto: Mapping[str, int] | None = None) -> set[int]:
        """Years sealed by every source up to these sequences."""
        years: dict[str, set[int]] = {service: set() for service in SOURCES}
        for service, stream in self.streams.items():
            for event in stream[: (upto or {}).get(service, len(stream))]:
                if ".year.sealed." in event["type"]:
                    years[service].add(int(event["data"].get("year", 0)))
        return set.intersection(*years.values())


def _case(data: Data) -> list[str]:
    """The paragraphs in which a summary tells a case: a number may stand there in words too few to be quoted alone."""
    if not isinstance(case := data.get("case"), dict):
        return []
    parts = [f"案例：{data.get('title')}", *(str(case.get(part)) for part in ("raised", "done", "effect"))]
    ended = (part if part.endswith(("。", "！", "？")) else f"{part}。" for part in parts)
    return "".join(ended).splitlines()


def _version(event: Data) -> int:
    return int(event["data"].get("version") or 1)


def _check_chain(service: str, stream: Sequence[Data]) -> None:
    """Check that the sequence has no gaps and the hash chain is intact (docs/log.md)."""
    previous = _GENESIS
    for expected, event in enumerate(stream, 1):
        if event.get("sequence") != expected:
            raise Broken(f"{service} 的日志缺第 {expected} 号，或有重复")
        hashed = {name: value for name, value in event.items() if name != "hash"}
        if event.get("previoushash") != previous:
            raise Broken(f"{service} 的日志第 {expected} 号与前一号的散列不相连")
        if hashlib.sha256(rfc8785.dumps(hashed)).hexdigest() != event.get("hash"):
            raise Broken(f"{service} 的日志第 {expected} 号写入后被改动过")
        previous = event["hash"]


def day(value: Any) -> date | None:
    """A date of an event; None for other values."""
    return _day(str(value)[:10]) if value else None


@cache
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def items(value: Any) -> list[Any]:
    """A list field; empty where it is absent."""
    return list(value) if isinstance(value, list | tuple) else []
