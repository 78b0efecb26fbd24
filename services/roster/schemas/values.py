"""Value types of the roster's requests."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]

Count = Annotated[int, Field(ge=0, le=100_000_000)]

CongressNumber = Annotated[int, Field(ge=1, le=200)]

Quota = Annotated[int, Field(ge=0, le=1000)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")
