"""Stations and constituencies."""

from typing import Annotated

from pydantic import Field

from services.roster.domain.places import StationKind
from services.roster.schemas.values import Count, In, Name, Text
from shared.days import Day

DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class StationIn(In):
    name: Name
    kind: StationKind = "activity_room"
    address: Text | None = None
    serves: list[Name] = []
    rules: list[Name] = []
    opened_on: Day | None = None
    closed_on: Day | None = None
    reception_day: DayOfMonth | Text | None = None


class ConstituencyIn(In):
    name: Name
    seats: Annotated[int, Field(ge=0, le=100)] | None = None
    voters: Count | None = None
    villages: list[Name] = []
