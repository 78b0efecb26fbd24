"""aiohttp alone that accepts ballots: the slip by its hash, one guarded, journaled replacement, no encryption."""

import asyncio
import hashlib
import json
import secrets
import sys
from typing import Any

from aiohttp import web
from pymongo import InsertOne

from benchmarks.peers.writes import database
from shared.process.serve import listening, until_stopped


async def main(mongo_url: str, name: str, count: str) -> None:
    slips = database(mongo_url, name)["slips"]
    codes = [secrets.token_hex(8) for _ in range(int(count))]
    for start in range(0, len(codes), 1000):
        part = [{"_id": hashed(code), "used": False, "version": 1} for code in codes[start : start + 1000]]
        await slips.bulk_write([InsertOne[dict[str, Any]](slip) for slip in part])

    async def vote(request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        slip = await slips.find_one({"_id": hashed(request.match_info["code"])})
        if slip is None or slip["used"]:
            return web.Response(status=409)
        after = {**slip, "used": True, "version": 2, "choices": body["choices"]}
        done = await slips.replace_one({"_id": slip["_id"], "version": 1}, after)
        return web.json_response({"accepted": done.modified_count == 1})

    app = web.Application()
    app.router.add_post("/r/{code}", vote)
    async with listening(app, "127.0.0.1", 0) as url:
        print(json.dumps({"url": url, "deputy": "d1", "codes": codes}), flush=True)
        await until_stopped()


def hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
