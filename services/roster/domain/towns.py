"""The town itself: its code, its size, its rule pack."""

from typing import Any

from shared.work import Record


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is its rule pack; what it leaves out has defaults."""

    name: str
    county_name: str | None = None
    city_name: str | None = None
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: dict[str, Any] = {}
