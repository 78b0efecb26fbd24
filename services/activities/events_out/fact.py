"""Base of the payloads: what every fact has."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.storage.voiding import unsaid


class ActivitiesFact(BaseModel):
    """Built from the record; only the fields declared here are published."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    town: str
    version: int


class VoidableFact(ActivitiesFact):
    """`void_reason`, `voided_on`: only where the record was voided; it counts no more."""

    void_reason: str | None = unsaid()
    voided_on: date | None = unsaid()
