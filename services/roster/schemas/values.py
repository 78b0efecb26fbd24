"""Value types of the roster's requests."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.chinese.characters import normalised

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(normalised),
]
"""Name of a person, a place, a unit, in the one form in which names are stored and counted."""

Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(normalised)]
"""As `Name`; may be empty."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
"""The office's own number of a record (编号)."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]

Count = Annotated[int, Field(ge=0, le=100_000_000)]

CongressNumber = Annotated[int, Field(ge=1, le=200)]

Quota = Annotated[int, Field(ge=0, le=1000)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")
