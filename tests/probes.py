"""Waiting for a condition instead of for a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(probe: Callable[[], Awaitable[T]], *, within: float = ..., every: float = ...) -> T: ...
@overload
async def eventually(probe: Callable[[], T], *, within: float = ..., every: float = ...) -> T: ...
async def eventually(probe: Callable[[], Any], *, within: float = 10.0, every: float = 0.02) -> Any:
    """The first true result of `probe`, called repeatedly for `within` seconds.

    An AssertionError of the probe means "not yet". The failure shows the last result, and is most readable when
    the probe asserts, since pytest explains assertions.
    """
    deadline = time.monotonic() + within
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
        await asyncio.sleep(every)


def _describe(probe: Callable[[], object]) -> str:
    if probe.__doc__:
        return probe.__doc__.strip().splitlines()[0]
    try:
        return " ".join(inspect.getsource(probe).split())
    except (OSError, TypeError):
        return repr(probe)
