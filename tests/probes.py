"""Waiting for a condition instead of for a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, overload

T = TypeVar("T")

PATIENCE: Final = 300.0
"""Seconds to wait for what must happen. It is long because it costs nothing: what works is waited for no longer than it
takes, on the slowest machine too."""

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.2


@overload
async def eventually(
    probe: Callable[[], Awaitable[T]], *, within: float = ..., every: float | None = ...
) -> T: ...
@overload
async def eventually(probe: Callable[[], T], *, within: float = ..., every: float | None = ...) -> T: ...
async def eventually(
    probe: Callable[[], Any], *, within: float = PATIENCE, every: float | None = None
) -> Any:
    """The first true result of `probe`, called repeatedly for `within` seconds, `every` so many or less and less often:
    a probe takes time from what it waits for.

    An AssertionError of the probe means "not yet". The failure shows the last result, and is most readable when
    the probe asserts, since pytest explains assertions.
    """
    deadline, pause = time.monotonic() + within, every or FIRST_PAUSE
    while True:
        last: object
        try:
            answer = probe()
            result = await answer if inspect.isawaitable(answer) else answer
        except AssertionError as error:
            last = str(error) or "an assertion without a message"
        else:
            if result:
                return result
            last = f"answered {result!r}"
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {_describe(probe)}; last: {last}")
        await asyncio.sleep(pause)
        pause = every or min(pause * 1.4, LONGEST_PAUSE)


def _describe(probe: Callable[[], object]) -> str:
    if probe.__doc__:
        return probe.__doc__.strip().splitlines()[0]
    try:
        return " ".join(inspect.getsource(probe).split())
    except (OSError, TypeError):
        return repr(probe)
