"""People, and how they are shown to those who have no business with their phone and ID number."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from services.roster.domain.people import Gender, Person
from services.roster.schemas.values import In, Name, Text
from shared.names import bare


class PersonIn(In):
    name: Annotated[Name, AfterValidator(bare)]
    gender: Gender | None = None
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    ethnicity: Text | None = None
    party: Text | None = None
    education: Text | None = None
    occupation: Text | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+\- ]{5,20}$")] | None = None
    id_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{17}[0-9Xx]$")] | None = None


def masked(person: Person) -> Person:
    """The person as those see him who have no business with his phone and ID number."""
    hidden = {"phone": _mask(person.phone, 3, 4), "id_number": _mask(person.id_number, 6, 4)}
    return person.model_copy(update=hidden)


def _mask(value: str | None, head: int, tail: int) -> str | None:
    if value is None:
        return None
    hidden = max(len(value) - head - tail, 0)
    return value[:head] + "*" * hidden + value[-tail:] if hidden else "*" * len(value)
