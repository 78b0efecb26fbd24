"""The HTTP interface and store of the roster without relay, as a process: the write path alone."""

import asyncio
import sys
from pathlib import Path

from services.roster.app import build
from services.roster.settings import Settings
from shared.clock import SystemClock
from shared.http import edge, mount
from shared.observability import logs
from shared.process.runtime import running
from shared.process.serve import listening, until_stopped
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from shared.storage.mongo import connected
from shared.storage.store import Store
from shared.transport.memory import MemoryTransport


async def main(mongo_url: str, database: str, keys: str) -> None:
    logs.configure("ERROR", service="bench")
    roster = build(Settings())
    async with running(roster, mongo_url=mongo_url, transport=MemoryTransport(), database=database):
        pass  # makes the collections and indexes
    async with connected(mongo_url, app_name="bench") as client:
        store = Store(client[database], service="roster", collections=roster.collections, clock=SystemClock())
        verifier = Verifier(FileKeys(KeyStore(Path(keys)).jwks_path))
        app = edge()
        mount(app, roster.api, store=store, verifier=verifier, ready=_ready)
        async with listening(app, "127.0.0.1", 0) as url:
            print(url, flush=True)
            await until_stopped()


async def _ready() -> dict[str, bool]:
    return {}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
