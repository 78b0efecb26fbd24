"""One person entered twice: who may be the same, what differs between the two, and what becomes of both.

A difference is settled by choosing, but for those that say that two people are meant: these must be put right first.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, Literal

from services.roster.domain.by_elections import ByElection
from services.roster.domain.dated import Value
from services.roster.domain.deputyships import LEVEL_LABELS, Deputyship, overlapping
from services.roster.domain.people import Person
from services.roster.errors import MergeConflict, PersonMerged
from shared.chinese.names import bare
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
"""Who differs in these is somebody else, or one of the two entries is wrong."""

_UNSAID: Final[frozenset[Field]] = frozenset({"gender", "phone", "id_number"})
"""Of these a message does not say the values: they are personal, or codes."""


class Difference(Value):
    """`field` is `deputyships` where the two served at one level at the same time. Unsafe ones no choice settles."""

    field: Field | Literal["deputyships"]
    unsafe: bool
    message: str


class Duplicate(Value):
    people: tuple[Person, Person]
    reasons: list[Reason]
    differences: list[Difference]


def duplicates(people: Sequence[Person], held: Mapping[str, Sequence[Deputyship]]) -> Iterator[Duplicate]:
    """Pairs that may be one person; `held`: deputyships by person. The earlier entry comes first."""
    living = sorted((one for one in people if one.merged_into is None), key=lambda one: one.id)
    for one, other in combinations(living, 2):
        if reasons := list(_reasons(one, other)):
            found = list(differences(other, one, held.get(other.id, ()), held.get(one.id, ())))
            yield Duplicate(people=(one, other), reasons=reasons, differences=found)


def _reasons(one: Person, other: Person) -> Iterator[Reason]:
    """A name alone says little: nothing may speak against it."""
    same_number = one.id_number is not None and _upper(one.id_number) == _upper(other.id_number)
    if same_number:
        yield "same_id_number"
    against = any(_differ(one, other, field) for field in ("born_year", "id_number"))
    if bare(one.name) == bare(other.name) and (same_number or not against):
        yield "same_name"


def differences(
    gone: Person, kept: Person, moving: Sequence[Deputyship], staying: Sequence[Deputyship]
) -> Iterator[Difference]:
    for field, label in LABELS.items():
        if _differ(gone, kept, field):
            unsafe = field in _DECISIVE
            advice = "请先核对并更正" if unsafe else "请选择保留哪一个"
            said = "" if field in _UNSAID else f"（{getattr(gone, field)}／{getattr(kept, field)}）"
            yield Difference(field=field, unsafe=unsafe, message=f"两处{label}不同{said}，{advice}")
    for one in moving:
        same_level = [other for other in staying if other.level == one.level]
        other = overlapping(one, same_level)
        if other is not None:
            message = (
                f"两人的{LEVEL_LABELS[one.level]}代表资格时间重叠：{one.started_on} 开始的与"
                f" {other.started_on} 开始的，请先终止或更正其中一个"
            )
            yield Difference(field="deputyships", unsafe=True, message=message)


def merged(
    gone: Person,
    kept: Person,
    moving: Sequence[Deputyship],
    staying: Sequence[Deputyship],
    choices: Mapping[Field, Side],
) -> tuple[Person, Person]:
    """(tombstone, survivor). What only one of them has goes to the survivor; nothing personal stays at the tombstone.

    Errors: PersonMerged, MergeConflict naming every difference that is unsafe or that nobody chose about.
    """
    for one in (gone, kept):
        check_open(one)
    found = [
        one for one in differences(gone, kept, moving, staying) if one.unsafe or one.field not in choices
    ]
    if found:
        errors = [
            FieldError("body.into" if d.unsafe else f"body.choices.{d.field}", d.message) for d in found
        ]
        raise MergeConflict("；".join(d.message for d in found), errors=errors)
    values: dict[str, object] = {
        field: getattr(gone, field)
        for field in LABELS
        if getattr(gone, field) is not None and (getattr(kept, field) is None or choices.get(field) == "from")
    }
    survivor = kept.model_copy(update=values)
    tombstone = gone.model_copy(update={"merged_into": kept.id, "phone": None, "id_number": None})
    return tombstone, survivor


def stood(election: ByElection, gone: Person, kept: Person) -> ByElection:
    """With the survivor as the candidate. Errors: MergeConflict where both stood in it, so that they are two."""
    if {gone.id, kept.id} <= {one.person_id for one in election.candidates}:
        message = f"两人都是 {election.constituency} {election.held_on} 补选的候选人，请先核对并更正"
        raise MergeConflict(message, errors=[FieldError("body.into", message)])
    moved = [
        one.model_copy(update={"person_id": kept.id}) if one.person_id == gone.id else one
        for one in election.candidates
    ]
    return election.model_copy(update={"candidates": moved})


def check_open(person: Person) -> None:
    if person.merged_into is not None:
        raise PersonMerged(f"{person.name} 的登记已并入 {person.merged_into}，请改那一条")


def _differ(one: Person, other: Person, field: Field) -> bool:
    """Both are known and not the same."""
    here, there = getattr(one, field), getattr(other, field)
    if here is None or there is None:
        return False
    return bool(_upper(here) != _upper(there) if field == "id_number" else here != there)


def _upper(number: str | None) -> str:
    """The last character of a number may be written x or X."""
    return (number or "").upper()
