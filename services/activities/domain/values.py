"""Value types of records and requests: titles, texts, counts, numbers."""

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.chinese.characters import normalised

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
UnitName = Annotated[Title, AfterValidator(normalised)]
"""Name of a unit in the one form in which names are counted."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Year = Annotated[int, Field(ge=1949, le=2999)]
Ordinal = Annotated[int, Field(ge=1, le=999)]
NUMBER_MOST: Final = 1_000_000


def plain(number: int | str) -> int | str:
    """Convert text that is a plain decimal number; other text (`2020-3`, `03`) is returned unchanged."""
    if isinstance(number, str) and number.isascii() and number.isdecimal() and number[0] != "0":
        return int(number) if int(number) <= NUMBER_MOST else number
    return number


Number = Annotated[
    Annotated[int, Field(ge=1, le=NUMBER_MOST)]
    | Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)],
    AfterValidator(plain),
]
"""Number of a suggestion within its year, given by the office: an integer or text."""


class Value(BaseModel):
    """An immutable value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
