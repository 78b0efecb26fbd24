"""The id of an installation, when several replicas start on an empty database at once."""

import asyncio
from contextlib import AsyncExitStack

from services.ratings import repository
from shared.ids import new_id
from shared.storage.mongo import connected


async def test_replicas_that_start_at_once_agree_on_one_installation(
    mongo_url: str, database_prefix: str
) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(mongo_url, app_name=f"{n}")) for n in range(8)]
        for turn in range(10):
            name = f"{database_prefix}installation{turn}"
            ids = await asyncio.gather(
                *(repository.installation(client[name], new_id()) for client in clients)
            )
            assert len(set(ids)) == 1
