"""The reports service at work, and a year's events handed to it as the three sources would."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.reports.app import build
from services.reports.events_in import Deputyship
from services.reports.settings import Settings
from shared.envelope import Event
from shared.transport import Message
from tests.fixtures.apps import TOWN, Drive, Driver
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.example import example
from tests.probes import eventually

YEAR = "/years/2020"


@dataclass
class Office:
    """A clerk before the service. `told` counts what of the book's events has been published, by source."""

    driver: Driver
    book: Book
    told: dict[str, int]

    async def tell(self, *services: str, upto: int | None = None) -> None:
        """Publish what the book has written since the last time."""
        for name in services or SOURCES:
            log = self.book.events[name][:upto]
            await self.driver.transport.publish(
                [
                    Message(type=event.type, body=event.encode(), id=event.id)
                    for event in log[self.told[name] :]
                ]
            )
            self.told[name] = len(log)

    async def close(self, as_of: str = "2020-12-07") -> str:
        """Ask for a closing; nobody seals yet."""
        closing = await self.driver.post(f"{YEAR}/closings", {"as_of": as_of})
        return str(closing["id"])

    async def seal(self, closing: str, *services: str, as_of: str = "2020-12-07") -> None:
        for name in services or SOURCES:
            self.book.seal(name, closing_id=closing, as_of=as_of)
            await self.tell(name)

    async def seal_wrongly(self, closing: str) -> None:
        """All sources seal; what ratings says of its records is not so."""
        await self.seal(closing, "roster", "activities")
        sealed = self.book.seal("ratings", closing_id=closing, as_of="2020-12-07")
        self.book.events["ratings"][-1] = Event.model_validate(
            sealed.attributes() | {"data": sealed.data | {"counts": {"meeting": 3}}}
        ).hashed()
        await self.tell("ratings")

    def mandate(self, n: int) -> Any:
        """The n-th deputyship of the book."""
        return list(self.book.ledger.by_id(Deputyship).values())[n].data

    async def compiled(self, closing: str) -> dict[str, object]:
        async def done() -> bool:
            return bool((await self.driver.get(f"{YEAR}/closings/{closing}"))["state"] == "compiled")

        await eventually(done)
        return dict(await self.driver.get(f"{YEAR}/report"))

    async def closed(self) -> dict[str, object]:
        """The whole way: everything told, sealed and compiled."""
        await self.tell()
        closing = await self.close()
        await self.seal(closing)
        return await self.compiled(closing)


@pytest.fixture
async def office(drive: Drive) -> Office:
    return handed_to(
        await drive(build(Settings(seal_seconds=0.5, progress_seconds=0.2, schedule_seconds=0.2)))
    )


@pytest.fixture
async def told(office: Office) -> Office:
    """All that the book has written is published; no closing yet."""
    await office.tell()
    return office


def handed_to(driver: Driver) -> Office:
    return Office(driver, example(Book(TOWN)), dict.fromkeys(SOURCES, 0))
