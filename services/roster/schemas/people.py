"""People, with phone and ID number masked for those who may not see them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic import Field as Limited

from services.roster.domain.by_elections import ByElection
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.groups import Group
from services.roster.domain.identity import checked
from services.roster.domain.merging import Difference, Duplicate, Field, Reason, Side
from services.roster.domain.people import Gender, Person
from services.roster.domain.seats import DoubledSeat
from services.roster.domain.tasks import Task
from services.roster.schemas import values
from services.roster.schemas.values import Id, In, Name, Reference, Text
from shared.chinese.standards import EDUCATION, ETHNICITY, PARTY
from shared.days import Day

PERSONAL: Final[Mapping[str, tuple[int, int]]] = {"phone": (3, 4), "id_number": (6, 4)}
"""The personal fields, and how many first and last characters their masks leave."""


class FormerNameIn(In):
    """A name borne until before `until`; without it the day is not known."""

    name: Name
    until: Day | None = None


def _in_order(former: list[FormerNameIn]) -> list[FormerNameIn]:
    return sorted(former, key=lambda name: name.until or date.min)


class PersonIn(In):
    """`party`, `ethnicity`, `education` are kept in the words of the national lists, `id_number` with a capital X.

    `id_number` is checked by GB 11643, and against `gender` and `born_year` of the record.
    """

    name: Name
    reference: Reference | None = None
    former_names: Annotated[list[FormerNameIn], AfterValidator(_in_order)] = []
    gender: Gender | None = None
    born_year: Annotated[int, Limited(ge=1900, le=2100)] | None = None
    ethnicity: Annotated[Text, AfterValidator(ETHNICITY.checked)] | None = None
    party: Annotated[Text, AfterValidator(PARTY.checked)] | None = None
    education: Annotated[Text, AfterValidator(EDUCATION.checked)] | None = None
    occupation: Text | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+\- ]{5,20}$")] | None = None
    id_number: (
        Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(checked)] | None
    ) = None


class RenameIn(In):
    """`on`: the first day of the new name; None where it is not known."""

    name: Name
    on: Day | None = None


class MergeIn(In):
    """`choices`: for each field that differs, which value to keep: `from` the merged entry or that of `into`."""

    into: Id
    choices: dict[Field, Side] = {}


class DifferIn(In):
    others: Annotated[list[Id], Limited(min_length=1, max_length=100)]


class DuplicateOut(BaseModel):
    """Two entries that may be one person, the earlier first, with masked numbers."""

    people: list[Person]
    reasons: list[Reason]
    differences: list[Difference]

    @classmethod
    def from_duplicate(cls, duplicate: Duplicate) -> Self:
        return cls(
            people=[masked(person) for person in duplicate.people],
            reasons=duplicate.reasons,
            differences=duplicate.differences,
        )


class DuplicatesOut(BaseModel):
    """`more`: whether others are not listed yet."""

    items: list[DuplicateOut]
    more: bool


class RosterDuplicates(BaseModel):
    """Pairs of entries that may be one person (`more`: others are not listed yet), and seats that more deputies hold
    than there are."""

    people: list[DuplicateOut]
    more: bool
    seats: list[DoubledSeat]


class EraseIn(In):
    reason: values.Reason


class Candidature(BaseModel):
    """One person's candidature in a by-election; nothing about the other candidates."""

    by_election_id: str
    constituency: str
    held_on: date
    votes: int | None
    elected: bool

    @classmethod
    def from_election(cls, election: ByElection, person_id: str) -> Self:
        own = next(candidate for candidate in election.candidates if candidate.person_id == person_id)
        return cls(
            by_election_id=election.id,
            constituency=election.constituency,
            held_on=election.held_on,
            votes=own.votes,
            elected=own.name in election.elected,
        )


class PersonExport(BaseModel):
    """Everything this service holds about one person.

    `merged`: duplicate entries of the same person; `events`: the events of all these records, in order.
    """

    person: Person
    merged: list[Person]
    deputyships: list[Deputyship]
    leads: list[Group]
    candidatures: list[Candidature]
    tasks: list[Task]
    events: list[dict[str, Any]]


def masked(person: Person) -> Person:
    """The person with phone and ID number masked, and without erasure data."""
    return hiding(person, PERSONAL).model_copy(update={"erased": None})


def hiding(person: Person, fields: Iterable[str]) -> Person:
    """The person with these personal fields masked."""
    return person.model_copy(update={name: _mask(getattr(person, name), *PERSONAL[name]) for name in fields})


def _mask(value: str | None, head: int, tail: int) -> str | None:
    if value is None:
        return None
    hidden = max(len(value) - head - tail, 0)
    return value[:head] + "*" * hidden + value[-tail:] if hidden else "*" * len(value)
