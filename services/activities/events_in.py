"""The service's own tolerant copies of foreign facts. Those its rules work on stand in `domain.roster`."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.activities.domain.roster import Deputyship, Group, Person, Station, Town

__all__ = ["ClosingRequested", "Deputyship", "Group", "Moved", "Person", "Station", "Town"]


class Moved(BaseModel):
    """A fact of which nothing is used here but that it moved the roster on."""

    model_config = ConfigDict(extra="ignore")

    id: str


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
