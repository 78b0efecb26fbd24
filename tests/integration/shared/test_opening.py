"""Databases on which no service starts: half restored, or migrated by a later version."""

from dataclasses import replace

import pytest

from shared.errors import CannotStart
from shared.storage import dumps, mongo
from tests.fixtures.commands import counted
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start


async def test_a_half_restored_database_is_not_opened(start: Start) -> None:
    lamps = await start(toys.lamps())
    await dumps.begin_restore(lamps.store.database, "20210101T000000000000Z")
    with pytest.raises(CannotStart, match="还没有恢复完"):
        await start(toys.lamps())
    await dumps.end_restore([lamps.store.database])
    await start(toys.lamps())


async def test_data_of_a_later_version_is_not_opened(start: Start) -> None:
    lamps = await start(toys.lamps())
    await lamps.store.database["migrations"].insert_one({"_id": "of_tomorrow", "done": True})
    with pytest.raises(CannotStart, match="更新的版本改过（of_tomorrow）"):
        await start(toys.lamps())


async def test_indexes_and_migrations_may_take_longer_than_other_operations(start: Start) -> None:
    """They go through a whole collection, which may be large where an installation is upgraded."""

    async def rewrite(database: mongo.Database) -> None:
        await database["lamps"].update_many({}, {"$set": {"lit": False}})

    with counted() as spent:
        await start(replace(toys.lamps(), migrations=(rewrite,)))
    long = {command for command, seconds in spent.limits.items() if seconds > mongo.DEADLINE_SECONDS}
    assert ("update", "lamps") in long
    assert {name for name, _ in long} == {"update", "createIndexes"}
