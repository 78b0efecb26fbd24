"""Base of the payloads: what every fact has."""

from pydantic import BaseModel, ConfigDict


class ActivitiesFact(BaseModel):
    """Built from the record; only the fields declared here are published."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    town: str
    version: int
