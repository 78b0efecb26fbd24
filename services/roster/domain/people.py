"""People as the office knows them, whether deputies or not."""

from typing import Literal

from shared.names import laid_out
from shared.work import Record

Gender = Literal["f", "m"]


class Person(Record):
    """`phone` and `id_number` never leave the service but to those whose role allows it."""

    name: str
    gender: Gender | None = None
    born_year: int | None = None
    ethnicity: str | None = None
    party: str | None = None
    education: str | None = None
    occupation: str | None = None
    phone: str | None = None
    id_number: str | None = None


def in_a_list(person: Person) -> str:
    """As official lists of names print a person: 王　伟（女，回族）. Men and Han (汉族) are not annotated."""
    notes = ["女"] if person.gender == "f" else []
    ethnicity = (person.ethnicity or "").strip()
    if ethnicity and ethnicity.removesuffix("族") != "汉":
        notes.append(ethnicity if ethnicity.endswith("族") else f"{ethnicity}族")
    return laid_out(person.name) + (f"（{'，'.join(notes)}）" if notes else "")
