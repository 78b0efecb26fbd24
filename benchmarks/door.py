"""The roster's own door and store without its relay, as a process: what the write path alone costs."""

import asyncio
import sys
from pathlib import Path

from services.roster.app import service
from shared import logs
from shared.auth import FileKeys, KeyStore, Verifier
from shared.clock import SystemClock
from shared.http import build_app
from shared.mongo import connected
from shared.runtime import running
from shared.serve import listening, until_stopped
from shared.store import Store
from shared.transport.memory import MemoryTransport


async def main(mongo_url: str, database: str, keys: str) -> None:
    logs.configure("ERROR", service="bench")
    roster = service()
    async with running(roster, mongo_url=mongo_url, transport=MemoryTransport(), database=database):
        pass  # makes the collections and indexes
    async with connected(mongo_url, app_name="bench") as client:
        store = Store(client[database], service="roster", collections=roster.collections, clock=SystemClock())
        verifier = Verifier(FileKeys(KeyStore(Path(keys)).jwks_path))
        app = build_app(roster.api, store=store, verifier=verifier, ready=_ready)
        async with listening(app, "127.0.0.1", 0) as url:
            print(url, flush=True)
            await until_stopped()


async def _ready() -> dict[str, bool]:
    return {}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
