"""Types of text and requests used by several resources."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.activities.domain.values import Text, Title
from shared.days import Day

Texts = Annotated[tuple[Text, ...], Field(max_length=100)]
Titles = Annotated[tuple[Title, ...], Field(max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonIn(In):
    reason: Reason


class OnIn(In):
    on: Day | None = None


class Nothing(In):
    """The empty body of a command."""
