"""Models of the foreign events the ratings service uses; unknown fields are ignored (ADR 0002)."""

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
