"""The ratings service's own tolerant copies of what others state."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.work import Record


class Town(Record):
    name: str = ""


class Person(Record):
    name: str = ""


class Deputyship(Record):
    person_id: str = ""
    level: str = ""
    constituency: str = ""


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
