"""The town: its data and its rule pack."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict

from services.roster.domain.rule_packs import RulePack
from services.roster.schemas.values import CongressNumber, Count, In, Name, Place, Quota

RULES_DEPTH = 10
"""Maximum nesting. MongoDB allows 100 levels; a rule pack needs three."""


def _shallow(rules: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [rules]
    for _ in range(RULES_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
    if level:
        raise ValueError(f"嵌套不能超过 {RULES_DEPTH} 层")
    return rules


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


Rules = Annotated[dict[str, Any], AfterValidator(_shallow)]


class TownIn(In):
    name: Name
    county_name: Place | None = None
    city_name: Place | None = None
    congress_number: CongressNumber | None = None
    quota: Quota | None = None
    population: Count | None = None
    rules: Rules = {}


class TownOut(TownIn):
    rule_packs: list[RulePack] = []
    id: str
    version: int
    model_config = ConfigDict(extra="ignore")
