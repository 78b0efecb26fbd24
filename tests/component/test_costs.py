"""What operations cost: commands of the database and messages, with their bytes, must not be more than in costs.json.

Unlike seconds they are the same on every machine. Whoever lowers one writes the lower figures into the file; whoever
raises one says why.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from functools import partial, reduce
from operator import and_
from pathlib import Path
from typing import Any, Final

import pytest

from services.activities import app as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.reports import app as reports
from services.reports.settings import Settings as ReportsSettings
from services.roster import app as roster
from services.roster.settings import Settings as RosterSettings
from shared.transport import Message
from tests.fixtures.apps import TOWN, Drive, Driver
from tests.fixtures.commands import Spent, counted
from tests.fixtures.streams import people
from tests.probes import eventually

BASELINE: Final = Path(__file__).with_name("costs.json")
PERIODIC: Final = {"processes", "cursors", "progress", "webhooks"}
"""Collections read or written by the clock, not by an operation."""
TIMES: Final = 4
"""Runs of an operation, of which the least counts: now and then something periodic is among them."""
LARGER: Final = 1.02
"""How much larger bytes may be: numbers in the records grow by a digit."""

Costs = dict[str, int]
Operation = Callable[[], Awaitable[Any]]


class Meter:
    """Counts what a driver's service spends and publishes."""

    def __init__(self, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.driver, self.published = driver, list[Message]()
        publish = driver.transport.publish

        async def noted(messages: Sequence[Message]) -> None:
            self.published += messages
            await publish(messages)

        monkeypatch.setattr(driver.alive.relay.transport, "publish", noted)

    async def least(self, operation: Operation, *, events: int) -> Costs:
        """The costs of an operation that is published as so many events."""
        every = []
        for _ in range(TIMES):
            self.published.clear()
            with counted() as spent:
                await operation()
                await eventually(lambda: len(self.published) >= events)
            every.append(spent)
        bodies = sum(len(message.body) for message in self.published)
        return least(every) | {"messages": len(self.published), "message_bytes": bodies}


def least(every: Sequence[Spent]) -> Costs:
    """What each of several runs of an operation spent: periodic work is not in all of them."""
    commands = reduce(and_, (spent.commands for spent in every))
    sent = reduce(and_, (spent.sent for spent in every))
    caused = {collection for _, collection in commands} - PERIODIC
    return {
        "commands": sum(count for (_, collection), count in commands.items() if collection in caused),
        "command_bytes": sum(sent[collection] for collection in caused),
    }


def compared(measured: dict[str, Costs], baseline: dict[str, Costs]) -> dict[str, str]:
    """What grew, or is not in the baseline."""
    grown: dict[str, str] = {}
    for operation, costs in measured.items():
        before = baseline.get(operation, {})
        for name, count in costs.items():
            most = before.get(name, -1) * (LARGER if name.endswith("bytes") else 1)
            if count > most:
                grown[f"{operation}: {name}"] = f"{count}, was {before.get(name)}"
    return grown


def _hold(measured: dict[str, Costs]) -> None:
    grown = compared(measured, json.loads(BASELINE.read_text("utf-8")))
    assert not grown, f"{grown}\nmeasured:\n{json.dumps(measured, indent=2)}"


async def test_requests_cost_no_more_than_before(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = await drive(roster.build(RosterSettings()))
    await driver.call("PUT", f"//roster/v1/towns/{TOWN}", {"name": "示例镇"})
    await eventually(lambda: driver.alive.relay.published == 1)
    meter, person = Meter(driver, monkeypatch), {"name": "姓示例", "gender": "f", "born_year": 1975}
    id = (await driver.post("/people", person))["id"]
    hundred = {"items": [person] * 100}

    _hold(
        {
            "register a person": await meter.least(partial(driver.post, "/people", person), events=1),
            "register a hundred": await meter.least(
                partial(driver.post, "/people:batch", hundred), events=100
            ),
            "read a person": await meter.least(partial(driver.get, f"/people/{id}"), events=0),
            "read a page of fifty": await meter.least(partial(driver.get, "/people?limit=50"), events=0),
            "read a hundred events": await meter.least(partial(driver.get, "/events?limit=100"), events=0),
        }
    )


@pytest.mark.parametrize("service", ["activities", "reports"])
async def test_consuming_costs_no_more_than_before(drive: Drive, service: str) -> None:
    """A hundred events in one batch, and one alone, into a copy and into a log that is kept."""
    built = {
        "activities": lambda: activities.build(ActivitiesSettings()),
        "reports": lambda: reports.build(ReportsSettings()),
    }
    driver = await drive(built[service]())
    stream, measured = people(TOWN, about={"name": "姓示例", "gender": "f"}), {}
    for number in (1, 100):
        every: list[Spent] = []
        for _ in range(TIMES):
            events = [next(stream) for _ in range(number)]
            before = driver.alive.consumer.applied
            with counted() as spent:
                await driver.transport.publish([Message(e.type, e.encode(), e.id, TOWN) for e in events])
                assert driver.alive.consumer.applied == before + number  # publishing waits for the acks
            every.append(spent)
        measured[f"{service} takes {number}"] = least(every)
    _hold(measured)


def test_growth_is_told() -> None:
    before = {"read": {"commands": 2, "command_bytes": 1_000}}
    assert compared({"read": {"commands": 2, "command_bytes": 1_020}}, before) == {}
    assert compared({"read": {"commands": 1, "command_bytes": 900}}, before) == {}
    assert compared({"read": {"commands": 3, "command_bytes": 1_021}}, before).keys() == {
        "read: commands",
        "read: command_bytes",
    }
    assert compared({"new": {"commands": 1}}, before).keys() == {"new: commands"}
