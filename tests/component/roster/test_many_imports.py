"""Imports leave the event loop to others, and more than a few at once are refused for now."""

import asyncio
import threading
from typing import Any

import pytest

from services.roster import imports
from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import Workbook, read, write
from tests.component.roster.test_imports import send, tables
from tests.fixtures.apps import AS_XLSX, Drive, Driver
from tests.probes import PATIENCE


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    return await drive(build(Settings()))


async def test_others_are_answered_while_a_workbook_is_read(
    roster: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def read_slowly(*arguments: Any, **options: Any) -> Workbook:
        begun.set()
        assert go_on.wait(PATIENCE), "nobody else was answered meanwhile"
        return read(*arguments, **options)

    monkeypatch.setattr(imports, "read", read_slowly)
    importing = asyncio.create_task(send(roster, tables(), "?dry_run=true"))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    assert (await roster.call("GET", "//health/live")).status == 200
    go_on.set()
    assert (await importing).status == 200


async def test_too_many_imports_at_once_are_told_when_to_come_back(roster: Driver) -> None:
    data = write([sheet for sheet in SHEETS if sheet.name in tables()], tables())

    async def one() -> Any:
        return await roster.call("POST", "/imports?dry_run=true", data=data, headers=AS_XLSX)

    answers = await asyncio.gather(*(one() for _ in range(14)))
    busy = [answer for answer in answers if answer.status == 503]
    assert {answer.status for answer in answers} == {200, 503}
    assert {(answer.code, answer.headers["Retry-After"]) for answer in busy} == {("busy", "10")}
    assert (await one()).status == 200
