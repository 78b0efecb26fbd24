"""aiohttp alone: parse with pydantic, one Motor transaction, respond."""

import asyncio
import sys

from aiohttp import web
from pydantic import ValidationError

from benchmarks.peers.writes import PersonIn, database, prepare, register
from shared.process.serve import listening, until_stopped


async def main(mongo_url: str, name: str) -> None:
    db = database(mongo_url, name)
    await prepare(db)

    async def post(request: web.Request) -> web.Response:
        try:
            body = PersonIn.model_validate_json(await request.read(), strict=True)
        except ValidationError as error:
            return web.json_response({"detail": str(error)}, status=422)
        person = await register(db, request.match_info["town"], body)
        return web.Response(text=person.model_dump_json(), status=201, content_type="application/json")

    app = web.Application()
    app.router.add_post("/towns/{town}/people", post)
    async with listening(app, "127.0.0.1", 0) as url:
        print(url, flush=True)
        await until_stopped()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
