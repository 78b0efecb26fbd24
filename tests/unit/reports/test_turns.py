"""What failed rests; the database away five times in a row is a failure of this turn, five times in all is not."""

import pytest

from services.reports.turns import AWAY_TRIES, Turns
from shared.storage.units import DatabaseUnavailable


async def away() -> None:
    raise DatabaseUnavailable("数据库暂时不可用，请稍后再试")


async def well() -> None: ...


async def failing() -> None:
    raise KeyError("a bug")


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
