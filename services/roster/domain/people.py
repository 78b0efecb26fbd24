"""People as the office knows them, whether deputies or not."""

from typing import Literal

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
