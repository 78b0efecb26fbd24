"""Closings that wait for seals: what a look at them costs, and how often there is one."""

import time

from services.reports.app import build
from services.reports.settings import Settings
from tests.component.reports.conftest import handed_to
from tests.fixtures.apps import Drive
from tests.fixtures.book import SOURCES
from tests.fixtures.commands import counted
from tests.probes import eventually

SECONDS = 0.5
YEARS = range(2011, 2021)


async def test_closings_that_wait_are_looked_at_together_and_no_more_often_than_set(drive: Drive) -> None:
    office = handed_to(await drive(build(Settings(progress_seconds=SECONDS))))
    await office.tell()
    for year in YEARS:
        closing = await office.driver.post(f"/years/{year}/closings", {"as_of": f"{year}-12-31"})
        for service in SOURCES[:2]:
            office.book.seal(service, closing_id=closing["id"], as_of=f"{year}-12-31", year=year)
    await office.tell()
    with counted() as spent:
        begun = time.monotonic()
        # The first two may follow what was written before; the others follow the clock.
        await eventually(lambda: spent.of("progress") >= 5)
        looks, taken = spent.of("progress"), time.monotonic() - begun
    assert taken >= (looks - 3) * SECONDS
    assert spent.of("seals") <= looks
    assert spent.of("sources") < len(YEARS)
