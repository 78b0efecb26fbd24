"""The ratings service's own tolerant copies of what others state."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.work import Record


class Town(Record):
    name: str | None = None


class Person(Record):
    name: str | None = None


class Deputyship(Record):
    person_id: str | None = None
    level: str | None = None
    started_on: date | None = None
    ended_on: date | None = None


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
