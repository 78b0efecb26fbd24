"""The town itself: its code, its size, its rule pack."""

from typing import Any

from services.roster.domain.rule_packs import RulePack
from shared.storage.work import Record


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is its own pack without dates; what no pack says has defaults."""

    name: str
    county_name: str | None = None
    city_name: str | None = None
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: dict[str, Any] = {}
    rule_packs: list[RulePack] = []
