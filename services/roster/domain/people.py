"""People as the office knows them, whether deputies or not."""

from datetime import date
from typing import Literal

from services.roster.domain.dated import Value
from shared.chinese.names import laid_out
from shared.storage.work import Record

Gender = Literal["f", "m"]


class Erasure(Value):
    """When, by whom and why what was personal was last taken out."""

    on: date
    by: str
    reason: str


class Person(Record):
    """`phone` and `id_number` never leave the service but to those whose role allows it.

    `merged_into`: this entry was a second one of that person, to whom everything now belongs.
    """

    name: str
    gender: Gender | None = None
    born_year: int | None = None
    ethnicity: str | None = None
    party: str | None = None
    education: str | None = None
    occupation: str | None = None
    phone: str | None = None
    id_number: str | None = None
    merged_into: str | None = None
    erased: Erasure | None = None


def in_a_list(person: Person) -> str:
    """As official lists of names print a person: 王　伟（女，回族）. Men and Han (汉族) are not annotated."""
    notes = ["女"] if person.gender == "f" else []
    ethnicity = (person.ethnicity or "").strip()
    if ethnicity and ethnicity.removesuffix("族") != "汉":
        notes.append(ethnicity if ethnicity.endswith("族") else f"{ethnicity}族")
    return laid_out(person.name) + (f"（{'，'.join(notes)}）" if notes else "")


def without_personal_data(person: Person, *, on: date, by: str, reason: str) -> Person:
    """Neither phone nor ID number: all that no event ever told."""
    erased = Erasure(on=on, by=by, reason=reason)
    return person.model_copy(update={"phone": None, "id_number": None, "erased": erased})
