"""Databases on which no service starts: half restored, or migrated by a later version."""

import pytest

from shared.errors import CannotStart
from shared.storage import dumps
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
