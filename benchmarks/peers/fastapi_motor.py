"""FastAPI on uvicorn: the same body, the same Motor transaction."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from benchmarks.peers.writes import PersonIn, PersonOut, database, prepare, register


def main(mongo_url: str, name: str, numbers: str = "numbered") -> None:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    port = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    port.bind(("127.0.0.1", 0))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.db = database(mongo_url, name)
        await prepare(app.state.db)
        print(f"http://127.0.0.1:{port.getsockname()[1]}", flush=True)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/towns/{town}/people", status_code=201)
    async def post(town: str, body: PersonIn) -> PersonOut:
        return await register(app.state.db, town, body, numbered=numbers == "numbered")

    config = uvicorn.Config(app, access_log=False, log_level="warning", loop="asyncio", http="httptools")
    uvicorn.Server(config).run(sockets=[port])


if __name__ == "__main__":
    main(*sys.argv[1:])
