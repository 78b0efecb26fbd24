"""Reads that wait at the same time are shared; none begins before those who share it asked."""

import asyncio

import pytest

from shared.storage.reads import SharedReads


class Shelf:
    """Something that is read slowly: a read is answered when the test lets it, with what was there when it began."""

    def __init__(self) -> None:
        self.value, self.begun = 0, 0
        self.answers: list[asyncio.Event] = []

    async def read(self) -> int:
        self.begun += 1
        value, answered = self.value, asyncio.Event()
        self.answers.append(answered)
        await answered.wait()
        return value


async def turns() -> None:
    """Let every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_those_who_ask_while_one_reads_share_the_next() -> None:
    shelf, reads = Shelf(), SharedReads[int]()
    first = asyncio.create_task(reads("town", shelf.read))
    await turns()
    shelf.value = 1  # committed while the first is on its way
    later = [asyncio.create_task(reads("town", shelf.read)) for _ in range(31)]
    await turns()
    assert shelf.begun == 1
    shelf.answers[0].set()
    await turns()
    shelf.answers[1].set()
    assert await first == 0
    assert await asyncio.gather(*later) == [1] * 31
    assert shelf.begun == 2
    assert reads == SharedReads[int]()


async def test_other_things_are_read_beside_it() -> None:
    shelf, reads = Shelf(), SharedReads[int]()
    both = [asyncio.create_task(reads(key, shelf.read)) for key in ("town", "term")]
    await turns()
    assert shelf.begun == 2
    for answered in shelf.answers:
        answered.set()
    assert await asyncio.gather(*both) == [0, 0]


async def test_a_failure_is_that_of_those_who_share_it_and_a_cancelled_one_harms_nobody() -> None:
    shelf, reads = Shelf(), SharedReads[int]()

    async def failing() -> int:
        raise OSError("away")

    outcomes = await asyncio.gather(*(reads("town", failing) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError] * 3
    leaving, staying = (asyncio.create_task(reads("town", shelf.read)) for _ in range(2))
    await turns()
    leaving.cancel()
    await turns()
    shelf.answers[0].set()
    assert await staying == 0
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert reads == SharedReads[int]()
