"""The town: code, size and rule packs."""

from typing import Any

from services.roster.domain.rule_packs import RulePack
from shared.storage.work import Record


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is the town's own pack without dates; others have defaults."""

    name: str
    county_name: str | None = None
    city_name: str | None = None
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: dict[str, Any] = {}
    rule_packs: list[RulePack] = []
