"""Value types of requests to accounts."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from services.accounts.domain.rights import LEVELS
from shared.chinese.characters import normalised


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("同一项写了两次")
    return values


def _of_a_level(code: str) -> str:
    if not re.fullmatch("[0-9]+", code):
        raise ValueError("区划代码只写数字")
    if len(code) not in LEVELS:
        raise ValueError(f"区划代码为 9 位（镇）或 6 位（县），现在是 {len(code)} 位")
    return code


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40, pattern=r"^[\w.@-]+$")
]
"""Short name, as typed at sign-in."""
DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(normalised)
]
Area = Annotated[
    str,
    AfterValidator(_of_a_level),
    WithJsonSchema({"type": "string", "pattern": f"^({'|'.join(f'[0-9]{{{level}}}' for level in LEVELS)})$"}),
]
"""Code of a division that can exist: of a town, county, city or province."""
Areas = Annotated[list[Area], Field(min_length=1, max_length=20), AfterValidator(_distinct)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Digits = Annotated[str, StringConstraints(pattern=r"^ *([0-9] *){6}$", max_length=20)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Nothing(In):
    """An empty body."""
