"""Verification of a document: what it shows against its manifest, and its numbers and proof against the logs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from recount import held, manifest, proof, signed, standing, tags, unsigned
from recount.binding import Binder
from recount.books import Books
from recount.faults import Fault, FaultKind, Recount
from recount.judging import Judge
from recount.log import Log, day
from recount.manifest import Manifest
from recount.model import Document

__all__ = ["Fault", "FaultKind", "Recount", "period", "same_edition", "verify"]
_NAMES: Final = {"": "总结", "check": "核对说明"}


def period(document: Document) -> tuple[str, date | None, date | None]:
    """(town, first day, last day) from the manifest, else from the properties, as far as they are present.

    Errors: NotReadable.
    """
    if document.proof is not None:
        stated = manifest.opened(document.proof)
        return stated.town, day(stated.first), day(stated.last)
    properties = document.properties
    return (
        properties.get("lvzhi-town", ""),
        day(properties.get("lvzhi-from")),
        day(properties.get("lvzhi-to")),
    )


def same_edition(documents: Iterable[Document]) -> bool:
    """Whether documents were compiled from the same records as the same edition. Errors: NotReadable."""
    editions = set()
    for document in documents:
        stated = manifest.opened(document.proof) if document.proof is not None else None
        heads = {name: (s.head, s.hash) for name, s in stated.sources.items()} if stated else {}
        editions.add(
            (stated.town, stated.period, stated.edition, str(sorted(heads.items()))) if stated else ()
        )
    return len(editions) <= 1


def verify(
    document: Document,
    log: Log,
    first: date,
    last: date,
    *,
    sealed: bool = False,
    keys: Mapping[str, Any] | None = None,
    reports: Log | None = None,
) -> Recount:
    """Recount a document by the whole logs, or with `sealed` as of the heads it was compiled from.

    `keys`: JWK set with the keys of the installation; without it nobody has checked who signed the manifest.
    `reports`: the log of the service `reports` about the town, which alone tells how the edition stands.

    Errors: NotReadable.
    """
    stated = manifest.opened(document.proof) if document.proof is not None else None
    heads = _heads(stated, document)
    before = not _has(document, stated, "changes.term_over")
    books, then = _expected(log, first, last, heads, of_before=before)
    now = then
    if not sealed and any(head < log.head(service) for service, head in heads.items()):
        _, now = _expected(log, first, last, {}, of_before=before)
    if stated is not None:
        proven = proof.from_manifest(stated, document, log, books)
    else:
        proven = proof.from_document(document, log, heads, books)
    judge = Judge(now, then, proven.accepted, log.quotable)
    result = judge.result
    result.scope += _scope(stated, log, first, last, heads)
    for told in proven.faults:
        result.add(FaultKind.PROOF, "完整性证明", told)
    result.notes += proven.notes(log)
    _unread(document, result)
    if stated is not None:
        _about(stated, first, last, result)
        _stands(stated, reports, result)
        signed.check(stated, document, judge, keys)
        held.hold(document, stated, judge)
    elif "lvzhi-proof" in document.properties or proof.manifested(log, heads):
        result.add(FaultKind.PROOF, signed.PLACE, "被删去：封存的记录或者文件的属性说明它本来有一份")
        unsigned.judge(document, judge)
    else:
        result.notes.append("文件没有随文的证明（编制于引入之前）：核对了每个数字，没有核对文字和位置")
        unsigned.judge(document, judge)
    return result


def _expected(
    log: Log, first: date, last: date, heads: Mapping[str, int], *, of_before: bool
) -> tuple[Books, dict[str, str]]:
    """Records as of some heads and the texts expected by them; computed once per log."""
    key = (first, last, tuple(sorted(heads.items())), of_before)
    if key not in log.known:
        books = Books(log.town, first, last, log.records(heads))
        log.known[key] = books, tags.expected(books, log.sealed_years(heads), of_before=of_before)
    known: tuple[Books, dict[str, str]] = log.known[key]
    return known


def _heads(stated: Manifest | None, document: Document) -> dict[str, int]:
    if stated is not None:
        return {service: source.head for service, source in stated.sources.items()}
    return proof.written_heads(document)


def _has(document: Document, stated: Manifest | None, tag: str) -> bool:
    if stated is not None:
        return tag in stated.figures
    binder = Binder((tag,))
    return any(bound.tag == tag for paragraph in document.paragraphs for bound in binder.bound(paragraph))


def _about(stated: Manifest, first: date, last: date, result: Recount) -> None:
    if (day(stated.first), day(stated.last)) != (first, last):
        told = f"证明的是{stated.first}至{stated.last}，不是{first}至{last}"
        result.add(FaultKind.PROOF, signed.PLACE, told)


def _stands(stated: Manifest, reports: Log | None, result: Recount) -> None:
    stands = standing.of(stated, reports)
    result.scope.append(f"  工作总结：{stands.told}")
    result.doubt = stands.doubt


def _unread(document: Document, result: Recount) -> None:
    for strange in document.strange:
        told = f"{strange.what}：Word 会显示而核验读不出，请改成普通文字"
        result.add(FaultKind.UNREADABLE, strange.place, told)


def _scope(stated: Manifest | None, log: Log, first: date, last: date, heads: Mapping[str, int]) -> list[str]:
    edition = f"，第{stated.edition}版" if stated is not None else ""
    name = _NAMES.get(stated.document, stated.document) if stated is not None else _NAMES[""]
    corrects = f"（更正第{stated.corrects}版）" if stated is not None and stated.corrects else ""
    lines = [f"核验{name} {log.town}，统计期 {first} 至 {last}{edition}{corrects}"]
    for service, name in proof.NAMES.items():
        head = f"封存到第{heads[service]}号" if service in heads else "没有封存的证明"
        lines.append(f"  {name}：{head}，日志到第{log.head(service)}号")
    return lines
