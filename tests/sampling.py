"""Of many cases of one kind, those that run by day; `make nightly` runs all of them."""

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], *, every: int) -> list[Any]:
    """The cases, tuples of arguments or single ones, of which only the first of so many is for the day."""
    arguments = [case if isinstance(case, tuple) else (case,) for case in cases]
    return [
        pytest.param(*values, marks=[pytest.mark.nightly] if number % every else [])
        for number, values in enumerate(arguments)
    ]
