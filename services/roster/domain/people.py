"""People, whether deputies or not."""

from datetime import date
from typing import Literal

from services.roster.domain.dated import Value
from shared.chinese.names import spaced
from shared.chinese.standards import ETHNICITY, HAN
from shared.storage.work import Record

Gender = Literal["f", "m"]


class Erasure(Value):
    """Day, actor and reason of the last erasure of personal data."""

    on: date
    by: str
    reason: str


class Person(Record):
    """`phone` and `id_number` are shown only to roles that may see them.

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
    """The name as official lists print it: 王　伟（女，回族）. Men and Han (汉族) are not annotated."""
    notes = ["女"] if person.gender == "f" else []
    ethnicity = ETHNICITY.word((person.ethnicity or "").strip())
    if ethnicity and ETHNICITY.code(ethnicity) != HAN:
        notes.append(ethnicity)
    return spaced(person.name) + (f"（{'，'.join(notes)}）" if notes else "")


def without_personal_data(person: Person, *, on: date, by: str, reason: str) -> Person:
    """Remove phone and ID number, the personal data that no event contains."""
    erased = Erasure(on=on, by=by, reason=reason)
    return person.model_copy(update={"phone": None, "id_number": None, "erased": erased})
