"""Verification of the completeness proof in the document's annex against the logs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from recount.binding import Binder
from recount.log import SOURCES, Log
from recount.numerals import plain
from recount.word import Document

NAMES: Final = {"roster": "代表名册", "activities": "履职活动", "ratings": "述职评议"}
_NOUNS: Final = (
    *(
        "town",
        "person",
        "deputyship",
        "group",
        "station",
        "constituency",
        "term",
        "task",
        "by_election",
        "office",
    ),
    *("plan", "session", "absence", "presidium_meeting", "activity", "opinion", "suggestion"),
    *("scheme", "meeting", "duty_report"),
)
_STATED: Final = ("head", "hash", "counted", "excluded", "left_out", "subject")


def proof_tags() -> Iterator[str]:
    """Tags of the proof."""
    for service in SOURCES:
        yield from (f"proof.{service}.{name}" for name in _STATED)
        yield from (f"proof.{service}.count.{noun}" for noun in _NOUNS)


@dataclass(frozen=True)
class Proof:
    """`heads`: sequence at which each source sealed, as the document states; `accepted`: valid texts by tag."""

    heads: Mapping[str, int] = field(default_factory=dict)
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Document, log: Log) -> "Proof":
        written = _written(document)
        heads = {}
        for service in log.streams:
            text = written.get(f"proof.{service}.head", [""])[0]
            if text.isdigit():
                heads[service] = int(text)
        accepted: dict[str, frozenset[str]] = {}
        for service, head in heads.items():
            accepted |= _of_source(service, head, log, written)
        return cls(heads, accepted)

    def notes(self, log: Log) -> Iterator[str]:
        if not self.heads:
            yield "文件中没有完整性证明，不知道编制时各来源的末号"
        for service, head in self.heads.items():
            later = log.head(service) - head
            if later > 0:
                yield f"{NAMES[service]}在封存（第{head}号）之后又有{later}件事件"


def _of_source(
    service: str, head: int, log: Log, written: Mapping[str, list[str]]
) -> dict[str, frozenset[str]]:
    """Valid texts of one source: counted and excluded records together are all records."""
    records = [r for r in log.records({service: head}) if r.service == service]
    counts = Counter(record.noun for record in records)
    name = f"proof.{service}"
    left_out, subjects = written.get(f"{name}.left_out", []), written.get(f"{name}.subject", [])
    excluded = sum(int(n) for n in left_out if n.isdigit()) + len(subjects)
    single = {
        "head": str(min(head, log.head(service))),
        "hash": log.hash_at(service, head),
        "counted": str(len(records) - excluded),
        "excluded": str(excluded),
        **{f"count.{noun}": str(counts[noun]) for noun in _NOUNS},
    }
    return {
        **{f"{name}.{part}": frozenset({text}) for part, text in single.items()},
        f"{name}.left_out": frozenset(left_out),
        f"{name}.subject": frozenset(record.subject for record in records),
    }


def _written(document: Document) -> dict[str, list[str]]:
    """Texts in the document by tag of the proof, in order."""
    binder, texts = Binder(proof_tags()), dict[str, list[str]]()
    for paragraph in document.paragraphs:
        for bound in binder.bound(paragraph):
            if bound.tag.startswith("proof."):
                texts.setdefault(bound.tag, []).append(plain(paragraph.text[bound.start : bound.end]).strip())
    return texts
