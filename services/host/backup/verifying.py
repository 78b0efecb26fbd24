"""Verification of a backup by itself: files by their digests, logs by their hash chains up to the heads of the cut."""

from collections.abc import Iterator, Sequence
from itertools import chain

from services.host.backup.errors import Torn
from services.host.backup.folder import Cut, Folder, Manifest, Piece
from shared.chain import Link, verdict
from shared.envelope import Event, Undecodable, service_of
from shared.storage import dumps

LOG = "outbox"


def faults(folder: Folder, manifest: Manifest, services: Sequence[str] | None = None) -> list[str]:
    """What is wrong with a backup, each with its file or its log; empty where it is whole.

    `services`: those that are looked at; None: all of them, and the keys.
    """
    found = _faults(folder, manifest, services or list(manifest.databases))
    return list(found if services else chain(_of_keys(folder, manifest), found))


def _of_keys(folder: Folder, manifest: Manifest) -> Iterator[str]:
    if manifest.keys is not None:
        try:
            folder.keys(manifest.keys)
        except Torn as torn:
            yield str(torn)


def _faults(folder: Folder, manifest: Manifest, services: Sequence[str]) -> Iterator[str]:
    for service in services:
        for name, piece in manifest.databases[service].items():
            if name == LOG:
                yield from _log(folder, service, piece, manifest.heads_of(service))
            else:
                yield from _piece(folder, f"{service}/{name}", piece)
    for source in manifest.heads:
        service = service_of(source)
        kept = manifest.databases.get(service, {})
        if LOG not in kept and (service in services or not kept):
            yield f"{source} 的日志不在备份里"


def _piece(folder: Folder, place: str, piece: Piece) -> Iterator[str]:
    documents = 0
    for digest in piece.objects:
        try:
            documents += sum(1 for _ in dumps.parted(folder.get(digest)))
        except Torn as torn:
            yield str(torn)
            return
        except ValueError:
            yield f"{place} 的一段读不出来（{digest[:16]}…）"
            return
    if documents != piece.documents:
        yield f"{place} 应有 {piece.documents} 条，备份里是 {documents} 条"


def _log(folder: Folder, service: str, piece: Piece, heads: dict[str, Cut]) -> Iterator[str]:
    logs: dict[str, list[Link]] = {source: [] for source in heads}
    for digest in piece.objects:
        try:
            for document in dumps.parted(folder.get(digest)):
                event = Event.decode(document["body"])
                logs.setdefault(event.source, []).append(Link.from_event(event))
        except Torn as torn:
            yield str(torn)
            return
        except (ValueError, KeyError, Undecodable):
            yield f"{service} 的日志有的读不出来（{digest[:16]}…）"
            return
    for source, links in logs.items():
        found = verdict(source, links)
        if found.faults:
            yield str(found)
        cut = heads.get(source, Cut(sequence=0))
        if (found.sequence, found.hash) != (cut.sequence, cut.hash):
            yield f"{source} 的日志到第 {found.sequence} 号，记下的末号是第 {cut.sequence} 号，或者散列不同"
