"""Imports leave the event loop to others, and more than a few at once are refused for now."""

import asyncio
import time

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import write
from tests.component.roster.test_imports import XLSX, tables
from tests.fixtures.apps import Drive, Driver


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    return await drive(build(Settings()))


def workbook(people: int, born_year: object = None) -> bytes:
    rows = tables(
        人员=[
            {"name": f"丁示例{number:05}", "gender": "f", "born_year": born_year} for number in range(people)
        ],
        代表资格=[],
    )
    return write([sheet for sheet in SHEETS if sheet.name in rows], rows)


async def test_others_are_answered_while_a_large_workbook_is_read(roster: Driver) -> None:
    data = workbook(20_000, born_year="x")  # too many: read and refused
    importing = asyncio.create_task(
        roster.call("POST", "/imports", data=data, headers={"Content-Type": XLSX})
    )
    started, longest = time.monotonic(), 0.0
    while not importing.done():
        before = time.monotonic()
        assert (await roster.call("GET", "//health/live")).status == 200
        longest = max(longest, time.monotonic() - before)
    answer = await importing
    assert (answer.status, answer.code) == (422, "workbook-wrong")
    assert longest < (time.monotonic() - started) / 3


async def test_too_many_imports_at_once_are_told_when_to_come_back(roster: Driver) -> None:
    data = workbook(200)
    answers = await asyncio.gather(
        *(
            roster.call("POST", "/imports?dry_run=true", data=data, headers={"Content-Type": XLSX})
            for _ in range(14)
        )
    )
    busy = [answer for answer in answers if answer.status == 503]
    assert {answer.status for answer in answers} == {200, 503}
    assert len(busy) == 4
    assert {(answer.code, answer.headers["Retry-After"]) for answer in busy} == {("busy", "10")}
    again = await roster.call("POST", "/imports?dry_run=true", data=data, headers={"Content-Type": XLSX})
    assert again.status == 200
