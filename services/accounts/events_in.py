"""Models of the foreign events that accounts uses; unknown fields are ignored (ADR 0002)."""

from pydantic import BaseModel, ConfigDict


class PersonalDataRead(BaseModel):
    """Which fields of which records of another service were read."""

    model_config = ConfigDict(extra="ignore")

    id: str
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class Deputyship(BaseModel):
    """A deputyship whose holder may have an account."""

    model_config = ConfigDict(extra="ignore")

    id: str
    version: int
    status: str
