"""What a backup has less than the one before it: the sign of a store that was lost, or of another installation."""

from collections.abc import Iterator, Mapping

from services.host.backup.errors import Torn
from services.host.backup.folder import Cut, Folder, Manifest
from services.host.backup.verifying import LOG
from shared.envelope import Event, service_of
from shared.storage import dumps, outbox


def less(folder: Folder, before: Manifest, now: Manifest) -> list[str]:
    """What is lacking, in Chinese; empty where everything of before is there.

    Logs only grow, so that what a longer one had before is still in it. One is shorter, or missing, after a restore,
    which begins a new epoch in each log of the service; an epoch of before is that of a store from before the restore.
    """
    if len({id for made in (before, now) if (id := _installation(folder, made))}) > 1:
        return [f"这是另一个安装，编号与上一份（{before.id}）的不同"]
    epochs = {service: (_epoch(before, service), _epoch(now, service)) for service in now.databases}
    changed = {service for service, (old, new) in epochs.items() if old != new}
    undone = [service for service in sorted(changed) if epochs[service][1] < epochs[service][0]]
    grown = {source: cut for source, cut in before.heads.items() if service_of(source) not in changed}
    return [
        *(f"{service} 的数据是恢复以前的，上一份里有过一次恢复" for service in undone),
        *_shorter(grown, now, _hashes(folder, now, grown)),
    ]


def _shorter(before: Mapping[str, Cut], now: Manifest, hashes: Mapping[str, str]) -> Iterator[str]:
    for source, cut in before.items():
        there = now.heads.get(source)
        if there is None:
            yield f"{source} 的日志没有了（上一份到第 {cut.sequence} 号）"
        elif there.sequence < cut.sequence:
            yield f"{source} 的日志只到第 {there.sequence} 号（上一份到第 {cut.sequence} 号）"
        elif cut.sequence and hashes.get(source) != cut.hash:
            yield f"{source} 的日志到第 {cut.sequence} 号，散列与上一份不同"


def _hashes(folder: Folder, now: Manifest, before: Mapping[str, Cut]) -> dict[str, str]:
    """What a backup, which was verified, has at the heads of the one before, by source."""
    places = {outbox.position(source, cut.sequence): source for source, cut in before.items()}
    pieces = [kept[LOG] for kept in now.databases.values() if LOG in kept]
    return {
        places[document["_id"]]: Event.decode(document["body"]).hash
        for piece in pieces
        for digest in piece.objects
        for document in dumps.parted(folder.get(digest))
        if document["_id"] in places
    }


def _epoch(manifest: Manifest, service: str) -> str:
    """The last one of its logs; epochs ascend as text."""
    return max((cut.epoch or "" for cut in manifest.heads_of(service).values()), default="")


def _installation(folder: Folder, manifest: Manifest) -> str:
    """The id of the installation, which is among the records of ratings; empty where it is not kept or not readable."""
    piece = manifest.databases.get("ratings", {}).get("installation")
    try:
        for digest in piece.objects if piece is not None else ():
            for document in dumps.parted(folder.get(digest)):
                return str(document["id"])
    except (Torn, ValueError, KeyError):
        pass  # the logs are compared all the same
    return ""
