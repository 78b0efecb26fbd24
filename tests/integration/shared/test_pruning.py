"""Keys of events long applied are deleted; nothing else notices."""

from typing import Any

import pytest

from shared.endpoints.integrity import Checks, IntegrityFault, audit
from shared.events import inbox as inboxes
from shared.storage import bulk
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import light, reached
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import eventually

NAMES = ("north", "south", "east", "west", "up", "down")


async def test_a_check_while_keys_are_deleted_misses_no_event(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in NAMES:
        await light(lamps, name)

    async def all_marked() -> bool:
        return await reached(watch) == (len(NAMES), len(NAMES))

    await eventually(all_marked)
    delete, found = bulk.delete, list[list[IntegrityFault]]()

    async def deleting(*args: Any) -> int:
        deleted = await delete(*args)
        found.append((await audit(watch.store, TOWN, Checks((COPIES,)))).faults)
        return deleted

    monkeypatch.setattr(inboxes, "KEYS_KEPT", 2)
    monkeypatch.setattr(bulk, "IDS_AT_ONCE", 1)
    monkeypatch.setattr(bulk, "delete", deleting)
    assert await watch.inbox.prune() == len(NAMES) - 2
    assert found == [[]]
    assert await watch.inbox.prune() == 0
