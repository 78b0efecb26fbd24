"""Base classes of the tolerant copies."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator


class Tolerant(BaseModel):
    """Part of a fact."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @field_validator("*", mode="before")
    @classmethod
    def _null_means_default(cls, value: Any, info: Any) -> Any:
        """Replace null by the default of the field."""
        if value is not None or info.field_name not in cls.model_fields:
            return value
        field = cls.model_fields[info.field_name]
        return value if field.is_required() else field.get_default(call_default_factory=True)


class Foreign(Tolerant):
    """Public state of one record of another service. `voided`: entered by mistake; no figure counts it."""

    id: str
    town: str = ""
    version: int = 1

    @property
    def voided(self) -> bool:
        return False


class Voidable(Foreign):
    void_reason: str = ""

    @property
    def voided(self) -> bool:
        return bool(self.void_reason)


class Span(Tolerant):
    """Interval [from_on, to_on); an open end has no limit."""

    from_on: date | None = None
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)
