"""`lvzhi serve` says how the first account is made, also where it could not find that out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from services.cli import serving
from services.host import standalone
from shared.observability import logs
from shared.settings import Settings


async def test_an_address_that_cannot_be_given_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = asyncio.Event()

    async def failing(_: object) -> str:
        asked.set()
        raise KeyError("李示例")

    async def stopped(_: object) -> None:
        await asked.wait()

    @asynccontextmanager
    async def running(_: object) -> AsyncIterator[object]:
        yield SimpleNamespace(url="http://127.0.0.1", watch=None)

    monkeypatch.setattr(standalone, "first_set_up", failing)
    monkeypatch.setattr(standalone, "running_system", running)
    monkeypatch.setattr(serving, "until_stopped", stopped)
    monkeypatch.setattr(logs, "configure", lambda _: None)
    await serving._serve(Settings())
    assert "lvzhi account recover --first" in capsys.readouterr().out
