"""Models of the foreign events the service uses; unknown fields are ignored. Those its rules use are in
`domain.roster` (ADR 0002)."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.activities.domain.rating_meetings import RatingMeeting
from services.activities.domain.roster import Deputyship, Group, Person, Station, Town

__all__ = [
    "ClosingRequested",
    "Deputyship",
    "Group",
    "Person",
    "RatingMeeting",
    "RosterEvent",
    "Station",
    "Town",
]


class RosterEvent(BaseModel):
    """Any event of the roster stream of which only the sequence is used."""

    model_config = ConfigDict(extra="ignore")

    id: str


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
    manifest: str = ""
