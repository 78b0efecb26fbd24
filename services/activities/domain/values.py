"""Building blocks of records and requests: values that are compared by content, titles, texts, counts."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Year = Annotated[int, Field(ge=1949, le=2999)]
Ordinal = Annotated[int, Field(ge=1, le=999)]


class Value(BaseModel):
    """Never changed in place; a field it does not know is a mistake, not a guess."""

    model_config = ConfigDict(frozen=True, extra="forbid")
