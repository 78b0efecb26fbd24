"""Duplicate entries of one person: detection, differences, and merging.

A difference is settled by a choice; an unsafe one, which suggests two different people, must be corrected first.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from services.roster.domain.by_elections import ByElection
from services.roster.domain.dated import Value
from services.roster.domain.deputyships import LEVEL_LABELS, Deputyship, overlapping
from services.roster.domain.people import Person, in_order, names
from services.roster.errors import MergeConflict, PersonMerged
from shared.chinese.characters import key
from shared.chinese.standards import BY_FIELD
from shared.errors import FieldError

Side = Literal["from", "into"]
Reason = Literal["same_name", "same_id_number"]
Field = Literal[
    "name",
    "gender",
    "born_year",
    "ethnicity",
    "party",
    "education",
    "occupation",
    "phone",
    "id_number",
]

LABELS: Final[Mapping[Field, str]] = {
    "name": "姓名",
    "gender": "性别",
    "born_year": "出生年份",
    "ethnicity": "民族",
    "party": "政治面貌",
    "education": "学历",
    "occupation": "职业",
    "phone": "手机号",
    "id_number": "身份证号",
}
_DECISIVE: Final[frozenset[Field]] = frozenset({"gender", "born_year", "id_number"})
"""A difference in these is unsafe: two different people, or an error in one of the entries."""

_WITHOUT_VALUES: Final[frozenset[Field]] = frozenset({"gender", "phone", "id_number"})
"""A message does not show the values of these: they are personal data, or codes."""


class Difference(Value):
    """`field` is `deputyships` where the two served at one level at the same time. No choice settles an unsafe one."""

    field: Field | Literal["deputyships"]
    unsafe: bool
    message: str


class Duplicate(Value):
    people: tuple[Person, Person]
    reasons: list[Reason]
    differences: list[Difference]


def duplicates(
    people: Sequence[Person], deputyships: Mapping[str, Sequence[Deputyship]]
) -> Iterator[Duplicate]:
    """Pairs that may be one person; `deputyships` by person id. The earlier entry comes first."""
    living = sorted((person for person in people if person.merged_into is None), key=lambda person: person.id)
    for person, other in _sharing(living):
        if reasons := list(_reasons(person, other)):
            details = list(
                differences(other, person, deputyships.get(other.id, ()), deputyships.get(person.id, ()))
            )
            yield Duplicate(people=(person, other), reasons=reasons, differences=details)


def _sharing(living: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Pairs with a name or an ID number in common, and no others: a roster has thousands of people, and millions of
    pairs."""
    marks = [_marks(person) for person in living]
    bearers: dict[str, list[int]] = {}
    for place, own in enumerate(marks):
        for mark in own:
            bearers.setdefault(mark, []).append(place)
    for place, person in enumerate(living):
        others = {other for mark in marks[place] for other in bearers[mark] if other > place}
        yield from ((person, living[other]) for other in sorted(others))


def _marks(person: Person) -> set[str]:
    """Names, and the ID number, which is no name."""
    return _keys(person) | ({f"#{_upper(person.id_number)}"} if person.id_number is not None else set())


def _reasons(person: Person, other: Person) -> Iterator[Reason]:
    """The same name counts only where birth year and ID number do not differ, nor were both declared different."""
    if other.id in person.different_from or person.id in other.different_from:
        return
    same_number = person.id_number is not None and _upper(person.id_number) == _upper(other.id_number)
    if same_number:
        yield "same_id_number"
    against = any(_differ(person, other, field) for field in ("born_year", "id_number"))
    if _keys(person) & _keys(other) and (same_number or not against):
        yield "same_name"


def _keys(person: Person) -> set[str]:
    return {key(name) for name in names(person)}


def differences(
    duplicate: Person, target: Person, moving: Sequence[Deputyship], staying: Sequence[Deputyship]
) -> Iterator[Difference]:
    for field, label in LABELS.items():
        if _differ(duplicate, target, field):
            unsafe = field in _DECISIVE
            advice = "请先核对并更正" if unsafe else "请选择保留哪一个"
            values = (
                ""
                if field in _WITHOUT_VALUES
                else f"（{getattr(duplicate, field)}／{getattr(target, field)}）"
            )
            yield Difference(field=field, unsafe=unsafe, message=f"两处{label}不同{values}，{advice}")
    for deputyship in moving:
        same_level = [other for other in staying if other.level == deputyship.level]
        other = overlapping(deputyship, same_level)
        if other is not None:
            message = (
                f"两人的{LEVEL_LABELS[deputyship.level]}代表资格时间重叠：{deputyship.started_on} 开始的与"
                f" {other.started_on} 开始的，请先终止或更正其中一个"
            )
            yield Difference(field="deputyships", unsafe=True, message=message)


def merged(
    duplicate: Person,
    target: Person,
    moving: Sequence[Deputyship],
    staying: Sequence[Deputyship],
    choices: Mapping[Field, Side],
) -> tuple[Person, Person]:
    """(tombstone, survivor). The survivor takes values that only one has; the tombstone keeps no phone or ID number.

    Errors: PersonMerged, MergeConflict naming every difference that is unsafe or without a choice.
    """
    for person in (duplicate, target):
        check_open(person)
    unsettled = [
        difference
        for difference in differences(duplicate, target, moving, staying)
        if difference.unsafe or difference.field not in choices
    ]
    if unsettled:
        errors = [
            FieldError("body.into" if d.unsafe else f"body.choices.{d.field}", d.message) for d in unsettled
        ]
        raise MergeConflict("；".join(d.message for d in unsettled), errors=errors)
    values: dict[str, object] = {
        field: getattr(duplicate, field)
        for field in LABELS
        if getattr(duplicate, field) is not None
        and (getattr(target, field) is None or choices.get(field) == "from")
    }
    former = [*target.former_names, *(f for f in duplicate.former_names if f not in target.former_names)]
    survivor = target.model_copy(update=values | {"former_names": in_order(former)})
    tombstone = duplicate.model_copy(update={"merged_into": target.id, "phone": None, "id_number": None})
    return tombstone, survivor


def with_survivor(election: ByElection, duplicate: Person, target: Person) -> ByElection:
    """Make the survivor the candidate. Errors: MergeConflict where both were candidates and so are two people."""
    if {duplicate.id, target.id} <= {candidate.person_id for candidate in election.candidates}:
        message = f"两人都是 {election.constituency} {election.held_on} 补选的候选人，请先核对并更正"
        raise MergeConflict(message, errors=[FieldError("body.into", message)])
    moved = [
        candidate.model_copy(update={"person_id": target.id})
        if candidate.person_id == duplicate.id
        else candidate
        for candidate in election.candidates
    ]
    return election.model_copy(update={"candidates": moved})


def check_open(person: Person) -> None:
    if person.merged_into is not None:
        raise PersonMerged(f"{person.name} 的登记已并入 {person.merged_into}，请改那一条")


def _differ(person: Person, other: Person, field: Field) -> bool:
    """Both values are recorded and differ; two writings of one word of a national list do not."""
    here, there = getattr(person, field), getattr(other, field)
    if here is None or there is None:
        return False
    if field in BY_FIELD:
        return BY_FIELD[field].word(here) != BY_FIELD[field].word(there)
    return bool(_upper(here) != _upper(there) if field == "id_number" else here != there)


def _upper(number: str | None) -> str:
    """The last character of a number may be written x or X."""
    return (number or "").upper()
