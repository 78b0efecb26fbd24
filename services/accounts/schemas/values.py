"""Value types of requests to accounts."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.chinese.characters import normalised


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("同一项写了两次")
    return values


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40, pattern=r"^[\w.@-]+$")
]
"""Short name, as typed at sign-in."""
DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(normalised)
]
Area = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")]
Areas = Annotated[list[Area], Field(min_length=1, max_length=20), AfterValidator(_distinct)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Digits = Annotated[str, StringConstraints(pattern=r"^ *([0-9] *){6}$", max_length=20)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Nothing(In):
    """An empty body."""
