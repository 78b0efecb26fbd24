"""Models of the foreign events the ratings service uses; unknown fields are ignored (ADR 0002)."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.ratings.domain.roster import Deputyship
from shared.storage.work import Record

__all__ = ["ClosingRequested", "Deputyship", "FormerName", "FormerTownName", "Person", "Town"]


class FormerTownName(BaseModel):
    model_config = ConfigDict(extra="ignore")

    until: date
    name: str = ""


class Town(Record):
    """`former_names`: each until a day, in order."""

    name: str | None = None
    former_names: tuple[FormerTownName, ...] = ()

    def name_on(self, day: date) -> str:
        return next((former.name for former in self.former_names if day < former.until), self.name or "")


class FormerName(BaseModel):
    """A name borne until before `until`; None where the day is not known."""

    model_config = ConfigDict(extra="ignore")

    name: str = ""
    until: date | None = None


class Person(Record):
    """`former_names`: in the order of their days."""

    name: str | None = None
    former_names: tuple[FormerName, ...] = ()

    def name_on(self, day: date) -> str:
        former = (f.name for f in self.former_names if f.until is not None and day < f.until)
        return next(former, self.name or "")


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
    manifest: str = ""
