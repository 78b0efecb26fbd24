"""When a queue counts as unused: not after one look, to which RabbitMQ may have had no answer."""

from collections.abc import Iterator

import pytest

from shared.transport.rabbit import queue


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LOOK_SECONDS", 0)


@pytest.mark.parametrize(
    ("looks", "unused"),
    [([False, False, False], True), ([False, True], False), ([False, False, True], False), ([True], False)],
)
async def test_a_queue_is_unused_if_every_look_says_so(looks: list[bool], unused: bool) -> None:
    answers: Iterator[bool] = iter(looks)

    async def used() -> bool:
        return next(answers)

    assert await queue.stays_unused(used) is unused
    assert next(answers, None) is None
