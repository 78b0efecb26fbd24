"""Groups of deputies."""

from typing import Annotated

from pydantic import Field

from services.roster.domain.groups import GroupLevel
from services.roster.schemas.values import Id, In, Name
from shared.days import Day
from shared.http import omitted

GroupNumber = Annotated[int, Field(ge=1, le=1000)]


class GroupIn(In):
    number: GroupNumber
    name: Name | None = None
    level: GroupLevel = "town"
    leader_deputyship_id: Id | None = None
    station_id: Id | None = None
    rules: list[Name] = []
    formed_on: Day | None = None
    dissolved_on: Day | None = None


class GroupPatch(In):
    number: GroupNumber = omitted()
    name: Name | None = None
    level: GroupLevel = omitted()
    leader_deputyship_id: Id | None = None
    station_id: Id | None = None
    rules: list[Name] = omitted()
    formed_on: Day | None = None
    dissolved_on: Day | None = None
    on: Day | None = None
