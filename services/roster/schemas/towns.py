"""The town: its data and its rule pack."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

from services.roster.domain.rule_packs import RulePack
from services.roster.domain.rules import LocalRules
from services.roster.schemas.values import CongressNumber, Count, In, Name, Place, Quota
from shared.days import Day
from shared.http import patch_of

RULES_DEPTH = 10
"""Maximum nesting. MongoDB allows 100 levels; a rule pack needs three."""


def _shallow(rules: Any) -> Any:
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


def _as_sent(rules: LocalRules) -> dict[str, Any]:
    return rules.model_dump(mode="json", exclude_unset=True)


def _checked(_: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
    known = core_schema.no_info_after_validator_function(_as_sent, handler.generate_schema(LocalRules))
    return core_schema.no_info_before_validator_function(
        _shallow, known, serialization=core_schema.plain_serializer_function_ser_schema(dict)
    )


Rules = Annotated[dict[str, Any], GetPydanticSchema(_checked)]
"""Rules as they were sent, each of them known and of its type (`domain/rules.py`)."""


class FormerTownNameIn(In):
    until: Day
    name: Name
    county_name: Place | None = None
    city_name: Place | None = None


def _in_order(former: list[FormerTownNameIn]) -> list[FormerTownNameIn]:
    days = [name.until for name in former]
    if len(set(days)) < len(days):
        raise ValueError("同一天写了两次")
    return sorted(former, key=lambda name: name.until)


Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]


class TownIn(In):
    """`former_names`: names of before, each until a day. `abolished_on` with `successor_codes`: what the town became;
    `predecessor_codes`: what it goes back to. `public`: whether deputies' and stations' public cards are shown."""

    name: Name
    county_name: Place | None = None
    city_name: Place | None = None
    congress_number: CongressNumber | None = None
    quota: Quota | None = None
    population: Count | None = None
    former_names: Annotated[list[FormerTownNameIn], AfterValidator(_in_order)] = []
    abolished_on: Day | None = None
    successor_codes: Annotated[list[Code], Field(max_length=20)] = []
    predecessor_codes: Annotated[list[Code], Field(max_length=20)] = []
    rules: Rules = {}
    public: bool = False


class TownPatch(patch_of(TownIn)):  # type: ignore[misc]
    """`on`: the day from which new names of town, county and city hold; without it they are corrected."""

    on: Day | None = None


class TownOut(TownIn):
    """`rules` of before may hold what would be refused today."""

    rules: dict[str, Any] = {}
    rule_packs: list[RulePack] = []
    id: str
    version: int
    model_config = ConfigDict(extra="ignore")
