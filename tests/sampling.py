"""Of hundreds of cases of one kind, those that run by day; `make nightly` runs all of them."""

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], *, every: int) -> list[Any]:
    """The cases, of which each but every so many is for the night."""
    return [
        case if number % every == 0 else pytest.param(case, marks=pytest.mark.nightly)
        for number, case in enumerate(cases)
    ]
