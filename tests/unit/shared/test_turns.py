"""What failed rests, is told and counted, and holds up no other; the database away five times in a row is a failure of
this turn, five times in all is not."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from structlog.testing import capture_logs

from shared.observability.metrics import REGISTRY
from shared.process.turns import AWAY_TRIES, Turns
from shared.storage.units import DatabaseUnavailable


class Found(NamedTuple):
    id: str


async def away() -> None:
    raise DatabaseUnavailable("数据库暂时不可用，请稍后再试")


async def well() -> None: ...


async def failing() -> None:
    raise KeyError("a bug")


def failing_turns(task: str) -> float | None:
    return REGISTRY.get_sample_value("background_turns_failing", {"service": "reports", "task": task})


async def test_a_database_that_is_away_often_in_a_row_is_a_failure() -> None:
    turns = Turns("reports", "test")
    for _ in range(AWAY_TRIES - 1):
        with pytest.raises(DatabaseUnavailable):
            await turns.take("one", away, clears=False)
    assert isinstance(await turns.take("one", away, clears=False), DatabaseUnavailable)
    assert turns.rests("one")


async def test_a_turn_that_is_over_without_an_error_begins_the_count_anew() -> None:
    turns = Turns("reports", "test")
    for _ in range(2 * AWAY_TRIES):
        with pytest.raises(DatabaseUnavailable):
            await turns.take("one", away, clears=False)
        await turns.take("one", well, clears=False)
        turns.settle("one")
    assert not turns.rests("one")


async def test_a_first_part_that_goes_well_settles_no_failure_of_the_rest() -> None:
    turns = Turns("reports", "test")
    await turns.take("one", failing)
    await turns.take("one", well, clears=False)
    assert turns.rests("one")
    await turns.take("one", well)
    assert not turns.rests("one")


@pytest.mark.parametrize("error", [KeyError("王某"), DatabaseUnavailable("数据库暂时不可用")])
async def test_a_part_that_fails_is_told_and_the_next_is_done(error: Exception) -> None:
    """Only a fault of the program has a traceback."""
    turns, done = Turns("reports", "parts"), list[str]()

    async def fails() -> None:
        raise error

    async def goes_well() -> None:
        done.append("well")

    with capture_logs() as logs:
        assert not await turns.by_itself("failing", fails)
        assert await turns.by_itself("well", goes_well)
    assert done == ["well"]
    [line] = logs
    assert (line["task"], line["reason"]) == ("parts", error)
    is_fault = isinstance(error, KeyError)
    assert line.get("exc_info") is (error if is_fault else None)
    assert failing_turns("parts") == is_fault


async def test_a_part_whose_database_stays_away_is_counted_until_it_is_back() -> None:
    turns = Turns("reports", "away")
    for _ in range(AWAY_TRIES):
        assert not await turns.by_itself("one", away)
    assert failing_turns("away") == 1
    assert await turns.by_itself("one", well)
    assert failing_turns("away") == 0


async def test_a_record_that_fails_is_counted_until_it_is_found_no_more() -> None:
    turns, taken, there = Turns("reports", "records"), list[str](), ["a", "bad", "c"]

    async def find() -> Sequence[Found]:
        return [Found(id) for id in there]

    async def act(found: Found) -> None:
        taken.append(found.id)
        if found.id == "bad":
            raise ValueError(found.id)

    for _ in range(2):  # the second time what failed rests
        await turns.each("part", find, act)
    assert taken == ["a", "bad", "c", "a", "c"]
    assert failing_turns("records") == 1
    await turns.each("other", find, act)  # another part forgets nothing of this one
    assert failing_turns("records") == 2
    there.remove("bad")
    await turns.each("part", find, act)
    assert failing_turns("records") == 1
