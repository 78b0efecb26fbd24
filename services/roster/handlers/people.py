"""Registering people and putting right what is known of them."""

from collections.abc import Sequence

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain import merging
from services.roster.domain.corrections import correct
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.merging import Duplicate
from services.roster.domain.people import Person, without_personal_data
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import BY_ELECTIONS, DEPUTYSHIPS, PEOPLE, TASKS
from services.roster.schemas.people import Candidature, EraseIn, MergeIn, PersonExport, PersonIn
from shared.chinese import strokes
from shared.envelope import Event
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.storage.work import Work
from shared.workbook.cells import discreet


async def register_person(work: Work, body: PersonIn) -> Person:
    await registered_town(work)
    return work.create(PEOPLE, Person(id=new_id(), town=work.town, **body.model_dump()), "registered")


async def correct_person(work: Work, person: Person, patch: BaseModel) -> Person:
    merging.check_open(person)
    return patched(work, PEOPLE, person, patch)


async def duplicates(work: Work) -> list[Duplicate]:
    """Who may have been entered twice; ID numbers are compared here and shown nowhere."""
    await registered_town(work)
    held: dict[str, list[Deputyship]] = {}
    for deputyship in await repository.all_deputyships(work):
        held.setdefault(deputyship.person_id, []).append(deputyship)
    return list(merging.duplicates(await repository.all_people(work), held))


async def merge_person(work: Work, gone: Person, body: MergeIn) -> Person:
    """All that belongs to one entry goes over to the other. Both are told, and every deputyship that moves."""
    if body.into == gone.id:
        raise Invalid("不能并入自己", errors=[FieldError("body.into", "应为另一人的编号")])
    kept = await work.get(PEOPLE, body.into)
    if kept is None:
        raise Invalid("要并入的人员不存在", errors=[FieldError("body.into", f"编号不存在：{body.into}")])
    moving = await repository.mandates_of(work, gone.id)
    staying = await repository.mandates_of(work, kept.id)
    tombstone, survivor = merging.merged(gone, kept, moving, staying, body.choices)
    if survivor != kept:
        work.change(PEOPLE, survivor, "changed")
    for deputyship in moving:
        moved = correct(deputyship, {"person_id": kept.id}, today=work.clock.today())
        work.change(DEPUTYSHIPS, moved, "changed")
    for election in await repository.by_elections_naming(work, gone.id):
        work.change(BY_ELECTIONS, merging.stood(election, gone, kept), "changed")
    work.forgotten.add(gone.id)
    return work.change(PEOPLE, tombstone, "merged")


async def in_stroke_order(_: Work, found: list[Person]) -> list[Person]:
    return sorted(found, key=lambda one: (strokes.key(one.name), one.born_year or 0, one.id))


async def erase_person(work: Work, person: Person, body: EraseIn) -> Person:
    """Kept answers that may show what is erased go with it; the log never held any of it.

    Numbers that somebody wrote into a remark of the committee's tasks go too.
    """
    held = await repository.mandates_of(work, person.id)
    for task in await repository.tasks_about(work, [one.id for one in held]):
        if task.remark is not None and task.remark != discreet(task.remark):
            work.change(TASKS, task.model_copy(update={"remark": discreet(task.remark)}), "changed")
            work.forgotten.add(task.id)
    erased = without_personal_data(person, on=work.clock.today(), by=work.actor, reason=body.reason)
    work.forgotten.add(person.id)
    return work.change(PEOPLE, erased, "erased")


async def everything_about(work: Work, person: Person, log: Sequence[Event]) -> PersonExport:
    """`log`: the whole log of the town."""
    merged = [one for one in await repository.all_people(work) if one.merged_into == person.id]
    held = await repository.mandates_of(work, person.id)
    ids = {one.id for one in held}
    groups = [
        group
        for group in await repository.all_groups(work)
        if ids & {led.deputyship_id for led in group.leader_history}
    ]
    stood = await repository.by_elections_naming(work, person.id)
    tasks = await repository.tasks_about(work, ids)
    subjects = {f"person/{one.id}" for one in (person, *merged)} | {f"deputyship/{id}" for id in ids}
    subjects |= {f"by_election/{one.id}" for one in stood} | {f"task/{one.id}" for one in tasks}
    events = [event.attributes() for event in log if event.subject in subjects]
    return PersonExport(
        person=person,
        merged=merged,
        deputyships=held,
        leads=groups,
        candidatures=[Candidature.of(one, person.id) for one in stood],
        tasks=tasks,
        events=events,
    )
