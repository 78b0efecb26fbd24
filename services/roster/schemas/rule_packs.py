"""Rule packs: the town's own as a list, a county's one by one, and the rules in force on a day."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.roster.domain.dated import check_period
from services.roster.domain.rule_packs import RuleChange, RulePack, Scope, in_force
from services.roster.domain.towns import Town
from services.roster.schemas.towns import Rules
from services.roster.schemas.values import In, Text
from shared.days import Day
from shared.errors import FieldError, Invalid

PACK_ID = r"^[A-Za-z0-9._-]{1,60}$"
PackId = Annotated[str, StringConstraints(pattern=PACK_ID)]


class Dated(In):
    effective_from: Day
    effective_to: Day | None = None
    rules: Rules
    basis: Text | None = None


class RulePackIn(Dated):
    """A pack entered by the office: its own, or one of a wider scope that nobody pushes."""

    id: PackId
    scope: Scope = "town"


class RulePacksIn(In):
    items: Annotated[list[RulePackIn], Field(max_length=100)]

    def packs(self) -> list[RulePack]:
        return [RulePack.model_validate(item.model_dump()) for item in self.items]


class PushedPackIn(Dated):
    scope: Literal["national", "province", "county"] = "county"

    def pack(self, id: str, pushed_by: str) -> RulePack:
        """Errors: Invalid, ImpossibleDate."""
        if not re.fullmatch(PACK_ID, id):
            raise Invalid("规则包编号不合规定", errors=[FieldError("path.id", "只能用字母、数字和 . _ -")])
        check_period(self.effective_from, self.effective_to, loc="body.effective_to")
        return RulePack(id=id, pushed_by=pushed_by, **self.model_dump())


class OnDay(In):
    on: Day | None = None


class RulePacksOut(BaseModel):
    """`in_force`: all rules with a value other than the default on the day `on`."""

    items: list[RulePack]
    on: date
    in_force: dict[str, Any]

    @classmethod
    def from_town(cls, town: Town, on: date) -> "RulePacksOut":
        return cls(items=town.rule_packs, on=on, in_force=in_force(town.rules, town.rule_packs, on))


class PushedTown(BaseModel):
    """What a push or a withdrawal did to one town. `rules`: those in force that change, on the first day from today on
    which the pack holds. `trouble`: why the town could not be changed; it is sent again with the whole."""

    town: str
    version: int
    changed: bool
    rules: list[RuleChange] = []
    trouble: str = ""


class PushedPack(BaseModel):
    """Towns that have the pack now. An interrupted push is sent again: towns that have the pack stay unchanged."""

    pack: RulePack
    items: list[PushedTown]


class PushQuery(In):
    dry_run: Annotated[bool, Field(description="只说会改到哪些镇，不下发")] = False


class PackOfArea(BaseModel):
    """A pack pushed to an area, and the towns that have it now as it was pushed. `withdrawn`: why it was taken back."""

    pack: RulePack
    towns: list[str]
    withdrawn: str = ""


class WithdrawIn(In):
    reason: Text


class PacksOfArea(BaseModel):
    """`towns`: all towns registered in the area, by code."""

    items: list[PackOfArea]
    towns: list[str]
