"""A TCP proxy that distributes connections over its targets and cuts some after a given number of bytes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from services.host.embedded import free_port

_CHUNK = 4_096


class Proxy:
    """`cuts`: a connection is aborted in both directions after so many bytes.

    Each cut is for one connection; if that ends earlier, another one gets it.
    The proxy can be stopped and started again at the same port.
    """

    def __init__(self, targets: Sequence[int], cuts: Sequence[int] = ()) -> None:
        self.port = 0
        self.cut = 0
        self._targets, self._cuts = list(targets), list(cuts)
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self.port = self.port or free_port()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=_CHUNK)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        left = [self._cuts.pop(0)] if self._cuts else None
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await self._reach()
            pumps = [
                asyncio.create_task(self._pump(reader, there, left)),
                asyncio.create_task(self._pump(back, writer, left)),
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # nobody behind it, or the end of the run: the caller sees a closed connection
        finally:
            self._running.discard(task)
            if left is not None and left[0] > 0:
                self._cuts.append(left[0])
            for end in filter(None, (writer, there)):
                end.transport.abort() if left is not None and left[0] <= 0 else end.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for _ in self._targets:
            target = self._targets[self._turn % len(self._targets)]
            self._turn += 1
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", target, limit=_CHUNK)
        raise ConnectionRefusedError("no target answers")

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: list[int] | None
    ) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                if left is not None:
                    data, left[0] = data[: max(left[0], 0)], left[0] - len(data)
                sink.write(data)
                await sink.drain()
                if left is not None and left[0] <= 0:
                    self.cut += 1
                    return
