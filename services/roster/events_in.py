"""The roster's own tolerant copy of the foreign facts it uses."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
