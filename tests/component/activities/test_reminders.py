"""What the service says by itself of replies that are awaited."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from services.activities.driver import remind_now
from services.activities.repository import ALL
from shared.days import add_months
from shared.process.turns import Turns
from shared.storage.mongo import connected
from shared.storage.store import Store
from tests.component.activities.conftest import Office
from tests.component.activities.test_suggestions import raised


async def assigned_to_be_due(office: Office, number: int, due_in_days: int) -> str:
    """A suggestion whose reply is due so many days from today, within what months of different length allow."""
    today = office.driver.alive.store.clock.today()
    on = add_months(today + timedelta(days=due_in_days), -3)
    path = await raised(office, number=number, raised_on=f"{on.year}-01-01")
    assigned = await office.post(f"{path}:assign", {"unit": "镇办", "on": on.isoformat()})
    assert abs((date.fromisoformat(assigned["due_on"]) - today).days - due_in_days) <= 3
    return path


async def test_an_awaited_reply_is_said_to_be_due_soon_and_overdue_once_each_by_two_replicas(
    office: Office, mongo_url: str
) -> None:
    for number, days in enumerate((5, 20, -5, -60), start=1):
        await assigned_to_be_due(office, number, days)
    answered = await assigned_to_be_due(office, 5, 6)
    await office.post(f"{answered}:reply", {"on": office.driver.alive.store.clock.today().isoformat()})
    before = len(await office.told())
    alive = office.driver.alive
    async with connected(mongo_url, app_name="replica") as mongo:
        name, clock = alive.store.database.name, alive.store.clock
        other = Store(
            mongo[name], service="activities", collections=ALL, clock=clock, vault=alive.store.vault
        )
        replicas = [alive, replace(alive, store=other)]
        await asyncio.gather(*(remind_now(one, Turns("activities", "test")) for one in replicas * 2))
        await remind_now(alive, Turns("activities", "test"))
        await other.close()
    said = (await office.driver.events())[before:]
    assert sorted((event["type"], event["data"]["number"]) for event in said) == [
        ("activities.suggestion.due_soon.v1", 1),
        ("activities.suggestion.overdue.v1", 3),
    ]
    assert all(event["actor"] == "service:activities" for event in said)
    integrity = await office.get("/integrity")
    assert integrity["faults"] == []
