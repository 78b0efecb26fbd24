"""What requests at once cost: they share the transaction that writes and the command that reads their town."""

import asyncio
from functools import partial

from services.roster.app import build
from services.roster.handlers.people import register_person
from services.roster.handlers.towns import put_town
from services.roster.schemas.people import PersonIn
from services.roster.schemas.towns import TownIn
from services.roster.settings import Settings
from shared.storage.work import Work
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.commands import counted

AT_ONCE, EACH = 32, 5


async def test_32_at_once_cost_less_than_two_commands_each(drive: Drive) -> None:
    store = (await drive(build(Settings()))).alive.store

    async def town(work: Work) -> None:
        await put_town(work, TownIn(name="示例镇"))

    await store.execute(town=TOWN, actor="clerk", run=town)
    register = partial(register_person, body=PersonIn(name="姓示例1"))

    async def client() -> None:
        for _ in range(EACH):
            await store.execute(town=TOWN, actor="clerk", run=register)

    with counted() as spent:
        await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    asked = AT_ONCE * EACH
    assert spent.of("people") < asked / 4
    assert spent.of("towns") < asked / 4  # one for those that wait together, not one each
    assert spent.of("towns", "people", "streams", "outbox", "roster_heads") < asked
