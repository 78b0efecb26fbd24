"""People, whether deputies or not."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from services.roster.domain.dated import Value, not_after
from shared.chinese.names import spaced
from shared.chinese.standards import ETHNICITY, HAN
from shared.storage.work import Record

Gender = Literal["f", "m"]


class Erasure(Value):
    """Day, actor and reason of the last erasure of personal data."""

    on: date
    by: str
    reason: str


class FormerName(Value):
    """A name borne before (曾用名): until the day before `until`; None where the day is not known."""

    name: str
    until: date | None = None


class Person(Record):
    """`reference`: the office's own number (编号). `former_names`: in the order of their days.

    `phone` and `id_number` are shown only to roles that may see them.

    `merged_into`: this entry was a second one of that person, to whom everything now belongs. `different_from`:
    declared to be somebody else than these.
    """

    name: str
    reference: str | None = None
    former_names: list[FormerName] = []
    gender: Gender | None = None
    born_year: int | None = None
    ethnicity: str | None = None
    party: str | None = None
    education: str | None = None
    occupation: str | None = None
    phone: str | None = None
    id_number: str | None = None
    merged_into: str | None = None
    different_from: list[str] = []
    erased: Erasure | None = None


def name_on(person: Person, day: date) -> str:
    """The name borne on a day."""
    return next((f.name for f in person.former_names if f.until is not None and day < f.until), person.name)


def names(person: Person) -> list[str]:
    """The name and those borne before."""
    return [person.name, *(former.name for former in person.former_names)]


def renamed(person: Person, name: str, *, on: date | None) -> Person:
    """Give the person a new name from `on`; the old one stays with its days. Errors: ImpossibleDate."""
    if name == person.name:
        return person
    dated = [former.until for former in person.former_names if former.until is not None]
    if on is not None and dated:
        not_after(max(dated), on, "上次更名")
    history = [*person.former_names, FormerName(name=person.name, until=on)]
    return person.model_copy(update={"name": name, "former_names": in_order(history)})


def in_order(former: Iterable[FormerName]) -> list[FormerName]:
    """By day; those without a day first."""
    return sorted(former, key=lambda name: name.until or date.min)


def in_a_list(person: Person, day: date) -> str:
    """The name as official lists print it: 王　伟（女，回族）. Men and Han (汉族) are not annotated."""
    notes = ["女"] if person.gender == "f" else []
    ethnicity = ETHNICITY.word((person.ethnicity or "").strip())
    if ethnicity and ETHNICITY.code(ethnicity) != HAN:
        notes.append(ethnicity)
    return spaced(name_on(person, day)) + (f"（{'，'.join(notes)}）" if notes else "")


def without_personal_data(person: Person, *, on: date, by: str, reason: str) -> Person:
    """Remove phone and ID number, the personal data that no event contains."""
    erased = Erasure(on=on, by=by, reason=reason)
    return person.model_copy(update={"phone": None, "id_number": None, "erased": erased})
