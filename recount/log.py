"""The logs of the three sources as they were handed out: linked by hashes, and the records they leave."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import rfc8785

Data = dict[str, Any]
SOURCES: Final = ("roster", "activities", "ratings")
NO_RECORDS: Final = ("year", "replay")  # nouns of events that are about the log itself
_NOTHING_BEFORE: Final = "0" * 64


class Broken(Exception):
    """A log that cannot be relied on; the message says in Chinese which and how."""


@dataclass(frozen=True)
class Record:
    """The latest state of one record; `order`: when its stream said so, for rows that are alike in all else."""

    service: str
    noun: str
    subject: str
    order: int
    data: Data


@dataclass
class Log:
    """Events of one town by source, each stream whole from its first event on."""

    town: str
    streams: dict[str, list[Data]] = field(default_factory=dict)

    @classmethod
    def of(cls, town: str, events: Iterable[Any]) -> "Log":
        """Errors: Broken where an event is none, a number is missing, or a hash does not come out."""
        log = cls(town, {source: [] for source in SOURCES})
        for event in events:
            if not isinstance(event, dict) or not isinstance(event.get("source"), str):
                raise Broken("给出的内容不是事件日志")
            _, _, service = event["source"].rpartition("/")
            if event.get("town") == town and service in log.streams:
                log.streams[service].append(event)
        for service, stream in log.streams.items():
            stream.sort(key=lambda event: int(event["sequence"]))
            _linked(service, stream)
        return log

    def head(self, service: str) -> int:
        return len(self.streams.get(service, ()))

    def hash_at(self, service: str, sequence: int) -> str:
        """Of the event of that number; empty where the stream does not reach it."""
        stream = self.streams.get(service, [])
        return str(stream[sequence - 1]["hash"]) if 0 < sequence <= len(stream) else ""

    def records(self, upto: Mapping[str, int] | None = None) -> list[Record]:
        """What the events up to those numbers leave: of each record the highest version."""
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

    def said(self) -> Iterator[Data]:
        """What every event says, also those of records that are otherwise today."""
        return (event["data"] for stream in self.streams.values() for event in stream)

    def sealed_years(self, upto: Mapping[str, int] | None = None) -> set[int]:
        """Years that every source had sealed by those numbers."""
        found: dict[str, set[int]] = {service: set() for service in SOURCES}
        for service, stream in self.streams.items():
            for event in stream[: (upto or {}).get(service, len(stream))]:
                if ".year.sealed." in event["type"]:
                    found[service].add(int(event["data"].get("year", 0)))
        return set.intersection(*found.values())


def _version(event: Data) -> int:
    return int(event["data"].get("version") or 1)


def _linked(service: str, stream: Sequence[Data]) -> None:
    """Numbers without gaps, each event hashed over what it says and over the one before (docs/log.md)."""
    previous = _NOTHING_BEFORE
    for expected, event in enumerate(stream, 1):
        if event.get("sequence") != expected:
            raise Broken(f"{service} 的日志缺第 {expected} 号，或有重复")
        said = {name: value for name, value in event.items() if name != "hash"}
        if event.get("previoushash") != previous:
            raise Broken(f"{service} 的日志第 {expected} 号与前一号的散列不相连")
        if hashlib.sha256(rfc8785.dumps(said)).hexdigest() != event.get("hash"):
            raise Broken(f"{service} 的日志第 {expected} 号写入后被改动过")
        previous = event["hash"]


def day(value: Any) -> date | None:
    """A date as events write it; None for what is none."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def items(value: Any) -> list[Any]:
    """A list that may be absent."""
    return list(value) if isinstance(value, list | tuple) else []
