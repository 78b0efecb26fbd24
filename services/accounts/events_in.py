"""Models of the foreign events that accounts uses; unknown fields are ignored (ADR 0002)."""

from pydantic import BaseModel, ConfigDict

from services.accounts.domain.copies import Deputyship, Meeting

__all__ = ["Deputyship", "Meeting", "PersonalDataRead"]


class PersonalDataRead(BaseModel):
    """Which fields of which records of another service were read."""

    model_config = ConfigDict(extra="ignore")

    id: str
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
