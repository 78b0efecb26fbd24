"""Verification of the completeness proof against the logs: heads, hashes, counts, and the account of all records."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from recount.account import Account, accounts
from recount.binding import Binder
from recount.books import Books
from recount.log import SOURCES, Log, Record
from recount.manifest import Manifest, Source
from recount.model import Document
from recount.numerals import plain

NAMES: Final = {"roster": "代表名册", "activities": "履职活动", "ratings": "述职评议"}
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_NOUNS: Final = (
    *("town", "person", "deputyship", "group", "station", "constituency", "term", "task", "by_election"),
    *("office", "plan", "session", "absence", "presidium_meeting", "activity", "opinion", "suggestion"),
    *("scheme", "meeting", "duty_report"),
)
_STATED: Final = ("head", "hash", "counted", "excluded", "left_out", "subject")
_Written = Mapping[str, list[str]]


def proof_tags() -> Iterator[str]:
    for service in SOURCES:
        yield from (f"proof.{service}.{name}" for name in _STATED)
        yield from (f"proof.{service}.count.{noun}" for noun in _NOUNS)


@dataclass(frozen=True)
class Proof:
    """`heads`: sequence at which each source sealed, as the document states; `accepted`: valid texts by tag; `faults`:
    what the logs contradict."""

    heads: Mapping[str, int] = field(default_factory=dict)
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def notes(self, log: Log) -> Iterator[str]:
        for service, head in self.heads.items():
            seals = sum(seal.sequence > head for seal in log.seals(service))
            later = log.head(service) - head - seals
            if later > 0:
                yield f"{NAMES[service]}在封存（第{head}号）之后又有{later}件事件"


def from_manifest(manifest: Manifest, document: Document, log: Log, books: Books) -> Proof:
    """`books`: of the records as of the heads of the manifest."""
    heads = {service: manifest.sources[service].head for service in SOURCES if service in manifest.sources}
    proof = _proof(heads, _written(document), log, books)
    faults = [f"没有{NAMES[service]}的证明" for service in SOURCES if service not in heads]
    for service, (account, records) in _accounted(books, heads).items():
        stated = manifest.sources[service]
        faults += (
            f"{NAMES[service]}：{told}" for told in _contradicted(service, stated, account, records, log)
        )
    return Proof(proof.heads, proof.accepted, (*proof.faults, *faults))


def _contradicted(
    service: str, stated: Source, account: Account, records: list[Record], log: Log
) -> Iterator[str]:
    if stated.head > log.head(service):
        yield f"封存到第{stated.head}号，日志只到第{log.head(service)}号"
    if stated.hash != log.hash_at(service, stated.head):
        yield f"第{stated.head}号的散列与日志不符"
    counts = dict(Counter(record.noun for record in records))
    if {noun: n for noun, n in stated.counts.items() if n} != counts:
        yield f"各类记录数写作{dict(stated.counts)}，日志中是{counts}"
    if (stated.counted, stated.excluded) != (account.counted, len(account.excluded)):
        yield (
            f"写作计入{stated.counted}、排除{stated.excluded}，"
            f"按日志应为计入{account.counted}、排除{len(account.excluded)}"
        )
    left_out: Counter[str] = Counter()
    for reason, number in stated.reasons.items():
        left_out[reason.partition(" ")[0]] += number
    if left_out != account.by_noun:
        yield f"排除的记录写作{dict(left_out)}，按日志应为{dict(account.by_noun)}"


def from_document(document: Document, log: Log, heads: Mapping[str, int], books: Books) -> Proof:
    """The proof in the annex of a document without a manifest; `heads`: as `written_heads` gives them."""
    proof = _proof(heads, _written(document), log, books)
    if not heads:
        return Proof(faults=("文件中没有完整性证明：既没有附件，也没有随文的证明",))
    missing = [f"附件中没有{NAMES[service]}的证明" for service in SOURCES if service not in heads]
    unsealed = _unsealed(log, heads, books.last) if not missing else []
    return Proof(proof.heads, proof.accepted, (*missing, *unsealed))


def _unsealed(log: Log, heads: Mapping[str, int], last: date) -> list[str]:
    """Whoever writes a document writes its heads: they count only as those of one closing in the logs."""
    closings = [
        {seal.closing for seal in log.seals(service) if (seal.upto, seal.as_of) == (heads[service], last)}
        for service in SOURCES
    ]
    if set.intersection(*closings):
        return []
    return [f"所写的封存号不是日志中截止{last}的同一次封账的封存号"]


def manifested(log: Log, heads: Mapping[str, int]) -> bool:
    """Whether a seal up to these heads says that summaries carry a manifest: then every later one does."""
    return any(
        seal.manifest and seal.upto <= heads.get(service, 0)
        for service in SOURCES
        for seal in log.seals(service)
    )


def written_heads(document: Document) -> dict[str, int]:
    written = _written(document)
    texts = {service: written.get(f"proof.{service}.head", [""])[0] for service in SOURCES}
    return {service: int(text) for service, text in texts.items() if _WHOLE.fullmatch(text)}


def _proof(heads: Mapping[str, int], written: _Written, log: Log, books: Books) -> Proof:
    accepted: dict[str, frozenset[str]] = {}
    for service, (account, records) in _accounted(books, heads).items():
        accepted |= _texts(service, heads[service], account, records, log, written)
    return Proof(heads, accepted)


def _accounted(books: Books, heads: Mapping[str, int]) -> dict[str, tuple[Account, list[Record]]]:
    every = accounts(books, books.records)
    return {s: (every[s], [record for record in books.records if record.service == s]) for s in heads}


def _texts(
    service: str, head: int, account: Account, records: list[Record], log: Log, written: _Written
) -> dict[str, frozenset[str]]:
    """Valid texts of one source."""
    counts, name = Counter(record.noun for record in records), f"proof.{service}"
    single = {
        "head": str(min(head, log.head(service))),
        "hash": log.hash_at(service, head),
        "counted": str(account.counted),
        "excluded": str(len(account.excluded)),
        **{f"count.{noun}": str(counts[noun]) for noun in _NOUNS},
    }
    return {
        **{f"{name}.{part}": frozenset({text}) for part, text in single.items()},
        f"{name}.left_out": _left_out(name, account, written),
        f"{name}.subject": account.excluded,
    }


def _left_out(name: str, account: Account, written: _Written) -> frozenset[str]:
    """Numbers of excluded records by reason: right where they and the single ones are all that is excluded."""
    numbers = written.get(f"{name}.left_out", [])
    counted = sum(int(text) for text in numbers if _WHOLE.fullmatch(text))
    number = counted + len(written.get(f"{name}.subject", []))
    return frozenset(numbers) if number == len(account.excluded) else frozenset({"另一个数"})


def _written(document: Document) -> dict[str, list[str]]:
    """Texts in the document by tag of the proof, in order."""
    binder, texts = Binder(proof_tags()), dict[str, list[str]]()
    for paragraph in document.paragraphs:
        for bound in binder.bound(paragraph):
            if bound.tag.startswith("proof."):
                texts.setdefault(bound.tag, []).append(plain(paragraph.text[bound.start : bound.end]).strip())
    return texts
