"""The ratings service's own tolerant copies of what others state."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.ratings.domain.roster import Deputyship
from shared.storage.work import Record

__all__ = ["ClosingRequested", "Deputyship", "Person", "Town"]


class Town(Record):
    name: str | None = None


class Person(Record):
    name: str | None = None


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
