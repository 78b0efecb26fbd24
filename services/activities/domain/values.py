"""Building blocks of records and requests: values that are compared by content, titles, texts, counts."""

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Year = Annotated[int, Field(ge=1949, le=2999)]
Ordinal = Annotated[int, Field(ge=1, le=999)]
NUMBER_MOST: Final = 1_000_000


def plain(number: int | str) -> int | str:
    """Digits that were typed as text are the number they write; what else is text (`2020-3`, `03`) stays as it is."""
    if isinstance(number, str) and number.isascii() and number.isdecimal() and number[0] != "0":
        return int(number) if int(number) <= NUMBER_MOST else number
    return number


Number = Annotated[
    Annotated[int, Field(ge=1, le=NUMBER_MOST)]
    | Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)],
    AfterValidator(plain),
]
"""Of a suggestion within its year, given by the office: a plain number or a mark of its own."""


class Value(BaseModel):
    """Never changed in place; a field it does not know is a mistake, not a guess."""

    model_config = ConfigDict(frozen=True, extra="forbid")
