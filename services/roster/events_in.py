"""Models of the foreign events the roster uses; unknown fields are ignored (ADR 0002)."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class Missed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    session_id: str
    held_on: date


class Absence(BaseModel):
    """A deputy who missed sessions of one term without leave; `state` reached or withdrawn."""

    model_config = ConfigDict(extra="ignore")

    id: str
    version: int
    deputyship_id: str
    sessions: tuple[Missed, ...] = ()
    state: str

    @property
    def records(self) -> list[str]:
        return [session.session_id for session in self.sessions]

    @property
    def record_ids(self) -> set[str]:
        return set(self.records)


class ClosingRequested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    year: int
    as_of: date
    manifest: str = ""
