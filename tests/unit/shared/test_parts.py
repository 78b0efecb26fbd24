"""Parts of a periodic task: one that fails holds up no other; only a fault of the program has a traceback."""

import pytest
from structlog.testing import capture_logs

from shared.process.supervision import by_itself
from shared.storage.units import DatabaseUnavailable


@pytest.mark.parametrize(
    ("error", "traceback"), [(KeyError("a bug"), True), (DatabaseUnavailable("数据库暂时不可用"), False)]
)
async def test_a_part_that_fails_is_told_and_the_next_is_done(error: Exception, traceback: bool) -> None:
    done: list[str] = []

    async def failing() -> None:
        raise error

    async def well() -> None:
        done.append("well")

    with capture_logs() as logs:
        await by_itself("failing", failing())
        await by_itself("well", well())
    assert done == ["well"]
    assert [(one["part"], one["exc_info"]) for one in logs] == [("failing", traceback)]
