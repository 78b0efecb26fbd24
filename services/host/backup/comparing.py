"""What a backup has less than the one before it: the sign of a store that was lost, or of another installation."""

from collections.abc import Iterator

from services.host.backup.errors import Torn
from services.host.backup.folder import Folder, Manifest
from shared.envelope import service_of
from shared.storage import dumps


def less(folder: Folder, before: Manifest, now: Manifest) -> list[str]:
    """What is lacking, in Chinese; empty where everything of before is there.

    Logs only grow. One is shorter, or missing, after a restore, which begins a new epoch in each log of the service.
    """
    if len({id for made in (before, now) if (id := _installation(folder, made))}) > 1:
        return [f"这是另一个安装，编号与上一份（{before.id}）的不同"]
    restored = {service for service in now.databases if _epoch(now, service) > _epoch(before, service)}
    return list(_shorter(before, now, restored))


def _shorter(before: Manifest, now: Manifest, restored: set[str]) -> Iterator[str]:
    for source, cut in before.heads.items():
        if service_of(source) in restored:
            continue
        there = now.heads.get(source)
        if there is None:
            yield f"{source} 的日志没有了（上一份到第 {cut.sequence} 号）"
        elif there.sequence < cut.sequence:
            yield f"{source} 的日志只到第 {there.sequence} 号（上一份到第 {cut.sequence} 号）"
        elif there.sequence == cut.sequence and there.hash != cut.hash:
            yield f"{source} 的日志到第 {cut.sequence} 号，散列与上一份不同"


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
