"""Waiting says what it waited for and what it saw last."""

from collections.abc import Iterator

import pytest

from tests.probes import eventually


async def test_the_first_true_answer_is_returned() -> None:
    answers: Iterator[str] = iter(["", "", "there"])
    assert await eventually(lambda: next(answers), every=0.001) == "there"


async def test_an_assertion_means_not_yet() -> None:
    tries: list[int] = []

    async def probe() -> int:
        tries.append(1)
        assert len(tries) >= 3
        return len(tries)

    assert await eventually(probe, every=0.001) == 3


async def test_a_failure_names_the_wish_and_the_last_answer() -> None:
    def probe() -> bool:
        """The queue is empty."""
        left = 3
        assert left == 0, f"{left} left"
        return True

    with pytest.raises(AssertionError, match=r"The queue is empty\.; last: 3 left"):
        await eventually(probe, within=0.01, every=0.001)


async def test_any_other_error_is_not_waited_out() -> None:
    async def probe() -> bool:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        await eventually(probe)
