"""What a release leaves behind, in files small enough to be kept: folders packed and unpacked, queues looked into."""

import lzma
import tarfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aio_pika
from aio_pika.abc import AbstractChannel

from tests.fixtures.systems import LEDGERS

QUEUES: Final = tuple(f"{service}.inbox{dead}" for service in LEDGERS for dead in ("", ".dead"))


def pack(folder: Path, names: Iterable[str], target: Path) -> None:
    """What lies under `names`, without logs: the same files always give the same bytes."""
    found = (path for name in names for path in (folder / name, *(folder / name).rglob("*")))
    with (
        lzma.open(target, "wb", preset=9 | lzma.PRESET_EXTREME) as file,
        tarfile.open(None, "w", file) as tar,
    ):
        for path in sorted(path for path in found if path.suffix != ".log"):
            tar.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=_impersonal)


def _impersonal(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


def unpack(packed: Path, folder: Path) -> None:
    with tarfile.open(packed) as tar:
        tar.extractall(folder, filter="data")


async def waiting(url: str) -> dict[str, int]:
    """How many messages lie in each queue of the services that is not empty; nothing is made or taken."""
    async with _channel(url) as channel:
        queues = [await channel.declare_queue(name, passive=True) for name in QUEUES]
        return {queue.name: n for queue in queues if (n := queue.declaration_result.message_count)}


async def cut_short(url: str, queue: str) -> None:
    """The next message of a queue loses its second half, as on a bad disk: who takes it cannot read it."""
    async with _channel(url) as channel:
        whole = await (await channel.get_queue(queue)).get()
        assert whole is not None
        half = aio_pika.Message(
            whole.body[: len(whole.body) // 2],
            content_type=whole.content_type,
            delivery_mode=whole.delivery_mode,
            message_id=whole.message_id,
            type=whole.type,
        )
        await channel.default_exchange.publish(half, queue)
        await whole.ack()


@asynccontextmanager
async def _channel(url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(url) as connection:
        yield await connection.channel()
