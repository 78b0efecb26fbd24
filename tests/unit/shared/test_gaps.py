"""What stays missing is requested again, the less often the longer nobody answers: each request is kept for good."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from shared import clock
from shared.events import gaps
from shared.events.inbox import Inbox
from shared.events.marks import Mark

SOURCE = "/340281199/lamps"


class Unanswered:
    """An inbox whose requests nobody answers; it counts how often it is looked at, and ends the watch."""

    def __init__(self, looks: int, upto: Callable[[int], int] = lambda _look: 3) -> None:
        self.looks, self.upto = looks, upto
        self.look = 0
        self.asked: list[tuple[int, int, int]] = []

    async def marks(self) -> dict[str, Mark]:
        self.look += 1
        if self.look > self.looks:
            raise asyncio.CancelledError
        return {SOURCE: Mark(upto=self.upto(self.look), seen=9), "/340281199/rooms": Mark(upto=9, seen=9)}

    async def ask(self, town: str, source: str, first: int, last: int) -> None:
        assert (town, source) == ("340281199", SOURCE)
        self.asked.append((self.look, first, last))


async def watched(inbox: Unanswered, monkeypatch: pytest.MonkeyPatch, *, held: bool = False) -> list[int]:
    """The looks at which it was asked; each look is one pause after the other."""
    now = SimpleNamespace(monotonic=lambda: inbox.look * gaps.GAP_SECONDS)
    monkeypatch.setattr(clock, "time", now)
    sleep = asyncio.sleep
    monkeypatch.setattr(gaps, "asyncio", SimpleNamespace(sleep=lambda _seconds: sleep(0)))
    with pytest.raises(asyncio.CancelledError):
        await gaps.watch_gaps(cast(Inbox, inbox), {SOURCE} if held else ())
    return [look for look, _, _ in inbox.asked]


async def test_requests_become_rarer_up_to_every_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Unanswered(looks=1_800)
    assert await watched(inbox, monkeypatch) == [2, 4, 8, 16, 32, 64, 128, 256, 512, 812, 1112, 1412, 1712]
    assert {(first, last) for _, first, last in inbox.asked} == {(4, 9)}


async def test_a_gap_that_moves_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Unanswered(looks=12, upto=lambda look: 3 if look < 9 else 5)
    assert await watched(inbox, monkeypatch) == [2, 4, 8, 10, 12]
    assert inbox.asked[-1] == (12, 6, 9)


async def test_nothing_is_requested_of_a_stream_that_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await watched(Unanswered(looks=20), monkeypatch, held=True) == []
