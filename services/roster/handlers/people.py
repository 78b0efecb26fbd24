"""Use cases of people: register, correct, merge duplicates, erase, export."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain import identity, merging
from services.roster.domain.corrections import correct
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.merging import Duplicate
from services.roster.domain.people import Person, renamed, without_personal_data
from services.roster.handlers.references import must_be_free, patched, registered_town
from services.roster.repository import BY_ELECTIONS, DEPUTYSHIPS, PEOPLE, TASKS
from services.roster.schemas.people import (
    Candidature,
    DifferIn,
    EraseIn,
    MergeIn,
    PersonExport,
    PersonIn,
    RenameIn,
)
from shared.chinese.initials import initials
from shared.envelope import Event
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.storage.work import Work
from shared.workbook.cells import discreet

PAIRS: Final = 200
"""Of duplicates that are listed at once: thousands of entries of one name are millions of pairs."""


async def register_person(work: Work, body: PersonIn) -> Person:
    await registered_town(work)
    person = Person(id=new_id(), town=work.town, **body.model_dump())
    _check_identity(person, "body.id_number")
    await must_be_free(work, PEOPLE, person, person.reference)
    return work.create(PEOPLE, person, "registered")


async def correct_person(work: Work, person: Person, patch: BaseModel) -> Person:
    """A contradiction of earlier releases stops no correction of other fields."""
    merging.check_open(person)
    if patch.model_fields_set & {"id_number", "gender", "born_year"}:
        _check_identity(person.model_copy(update=patch.model_dump(exclude_unset=True)), "body.id_number")
    if "reference" in patch.model_fields_set:
        await must_be_free(work, PEOPLE, person, getattr(patch, "reference", None))
    return patched(work, PEOPLE, person, patch)


async def rename_person(work: Work, person: Person, body: RenameIn) -> Person:
    """The old name is kept as a former one, under which documents of its time print it and old sheets find it."""
    merging.check_open(person)
    after = renamed(person, body.name, on=body.on)
    return person if after == person else work.change(PEOPLE, after, "changed")


def _check_identity(person: Person, loc: str) -> None:
    errors = [FieldError(loc, message) for message in identity.contradictions(person)]
    if errors:
        raise Invalid("；".join(error.message for error in errors), errors=errors)


async def duplicates(work: Work) -> tuple[list[Duplicate], bool]:
    """The first possible duplicate entries, and whether there are more; ID numbers are compared but not returned."""
    await registered_town(work)
    mandates: dict[str, list[Deputyship]] = {}
    for deputyship in await repository.all_deputyships(work):
        mandates.setdefault(deputyship.person_id, []).append(deputyship)
    found = merging.duplicates(await repository.all_people(work), mandates)
    return list(islice(found, PAIRS)), next(found, None) is not None


async def merge_person(work: Work, duplicate: Person, body: MergeIn) -> Person:
    """Move everything that belongs to `duplicate` to `body.into`; publishes both people and each deputyship moved."""
    if body.into == duplicate.id:
        raise Invalid("不能并入自己", errors=[FieldError("body.into", "应为另一人的编号")])
    target = await work.get(PEOPLE, body.into)
    if target is None:
        raise Invalid("要并入的人员不存在", errors=[FieldError("body.into", f"编号不存在：{body.into}")])
    moving = await repository.mandates_of(work, duplicate.id)
    staying = await repository.mandates_of(work, target.id)
    tombstone, survivor = merging.merged(duplicate, target, moving, staying, body.choices)
    if survivor != target:
        _check_identity(survivor, "body.into")
        work.change(PEOPLE, survivor, "changed")
    for deputyship in moving:
        moved = correct(deputyship, {"person_id": target.id}, today=work.clock.today())
        work.change(DEPUTYSHIPS, moved, "changed")
    for election in await repository.by_elections_naming(work, duplicate.id):
        work.change(BY_ELECTIONS, merging.with_survivor(election, duplicate, target), "changed")
    work.forget(PEOPLE, duplicate.id)
    return work.change(PEOPLE, tombstone, "merged")


def words(person: Person) -> tuple[str, str]:
    """By which a list of people is searched: the name and its initials."""
    return person.name, initials(person.name)


async def differ_person(work: Work, person: Person, body: DifferIn) -> Person:
    """Keep that the person is not one of the others, on each of them."""
    merging.check_open(person)
    for n, id in enumerate(body.others):
        other = await work.get(PEOPLE, id)
        if other is None or id == person.id:
            raise Invalid("另一人不存在", errors=[FieldError(f"body.others.{n}", f"应为另一人的编号：{id}")])
        _differ(work, other, person.id)
    return _differ(work, person, *body.others)


def _differ(work: Work, person: Person, *others: str) -> Person:
    known = list(dict.fromkeys((*person.different_from, *others)))
    if known == person.different_from:
        return person
    return work.change(PEOPLE, person.model_copy(update={"different_from": known}), "changed")


async def stroke_values(_: Work) -> Callable[[Person], tuple[str, int]]:
    return lambda person: (person.name, person.born_year or 0)


async def erase_person(work: Work, person: Person, body: EraseIn) -> Person:
    """Erase phone and ID number, numbers in remarks of tasks, and stored idempotent answers that may contain them.

    The event log contains none of them.
    """
    mandates = await repository.mandates_of(work, person.id)
    for task in await repository.tasks_about(work, [mandate.id for mandate in mandates]):
        if task.remark is not None and task.remark != discreet(task.remark):
            work.change(TASKS, task.model_copy(update={"remark": discreet(task.remark)}), "changed")
        work.forget(TASKS, task.id)  # an earlier remark may have had a number
    erased = without_personal_data(person, on=work.clock.today(), by=work.actor, reason=body.reason)
    work.forget(PEOPLE, person.id)
    return work.change(PEOPLE, erased, "erased")


async def everything_about(work: Work, person: Person, log: Sequence[Event]) -> PersonExport:
    """The export of a person's data; `log`: all events of the town."""
    merged = [other for other in await repository.all_people(work) if other.merged_into == person.id]
    mandates = await repository.mandates_of(work, person.id)
    ids = {mandate.id for mandate in mandates}
    groups = [
        group
        for group in await repository.all_groups(work)
        if ids & {led.deputyship_id for led in group.leader_history}
    ]
    elections = await repository.by_elections_naming(work, person.id)
    tasks = await repository.tasks_about(work, ids)
    subjects = {f"person/{entry.id}" for entry in (person, *merged)} | {f"deputyship/{id}" for id in ids}
    subjects |= {f"by_election/{record.id}" for record in elections} | {
        f"task/{record.id}" for record in tasks
    }
    events = [event.attributes() for event in log if event.subject in subjects]
    return PersonExport(
        person=person,
        merged=merged,
        deputyships=mandates,
        leads=groups,
        candidatures=[Candidature.from_election(election, person.id) for election in elections],
        tasks=tasks,
        events=events,
    )
