"""Routes of people: register, correct, merge duplicates, erase, export; visibility of personal data by role."""

from typing import Annotated, Any, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict, Field

from services.roster.domain.people import Person
from services.roster.handlers import people
from services.roster.handlers.composition import doubled_seats
from services.roster.repository import PEOPLE
from services.roster.routes.roles import OFFICE
from services.roster.schemas.people import (
    PERSONAL,
    DifferIn,
    DuplicateOut,
    DuplicatesOut,
    EraseIn,
    MergeIn,
    PersonExport,
    PersonIn,
    RenameIn,
    RosterDuplicates,
    hiding,
    masked,
)
from shared.chinese import strokes
from shared.endpoints.personal_data import note_read
from shared.envelope import source_of
from shared.http import EVERYONE, Call, Filter, Order, resource, route
from shared.security.tokens import Actor
from shared.storage import outbox
from shared.storage.work import Work

WHOLE_LOG = 10**9
EVERYTHING = ("export",)

log = structlog.get_logger(__name__)


Masked = Annotated[bool, Field(description="手机号、身份证号只给出首尾几位，不算读取个人信息")]


class PersonQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    masked: Masked = False


class Reader(NamedTuple):
    """Who reads. `in_full`: the personal fields they are shown so. `work`: where the read is recorded; None after a
    write, of which `in_full` are those that the request had."""

    actor: Actor
    work: Work | None
    in_full: frozenset[str]


async def reading(call: Call[Any, Any]) -> Reader:
    if call.request.method not in ("GET", "HEAD"):
        return Reader(call.actor, None, _sent(call.body).intersection(PERSONAL))
    return Reader(call.actor, call.work, frozenset(() if getattr(call.query, "masked", False) else PERSONAL))


def _sent(body: BaseModel) -> frozenset[str]:
    """The fields of the request; of a batch those of all its records, each of which has no others than it came with."""
    return frozenset().union(*(one.model_fields_set for one in getattr(body, "items", [body])))


def shown(person: Person, reader: Reader) -> Person:
    """The person for a caller. Only the town's office gets full phone and ID numbers; each such read is recorded."""
    actor, work, in_full = reader
    if not actor.has("office"):
        return masked(person)
    if work is not None and in_full:
        if person.phone or person.id_number:
            log.info("personal data read", person=person.id, reader=actor.sub)
        note_personal(work, person)
    return hiding(person, set(PERSONAL) - in_full)


def note_personal(work: Work, person: Person) -> None:
    """Record that phone and ID number are read, those that there are."""
    note_read(work, [f"person/{person.id}"], [name for name in PERSONAL if getattr(person, name)])


@route("GET", "/towns/{town}/people/duplicates", roles=OFFICE)
async def list_duplicates(call: Call) -> DuplicatesOut:
    """可能重复登记的人员：同名且年龄不矛盾，或者身份证号相同；附两处不一致的项目。"""
    duplicates, more = await people.duplicates(call.work)
    pairs = [DuplicateOut.from_duplicate(duplicate) for duplicate in duplicates]
    return DuplicatesOut(items=pairs, more=more)


@route("GET", "/towns/{town}/duplicates", roles=OFFICE)
async def list_all_duplicates(call: Call) -> RosterDuplicates:
    """可能重复的登记：可能是同一人的人员，以及一席登记了几名代表的席位。"""
    duplicates, more = await people.duplicates(call.work)
    pairs = [DuplicateOut.from_duplicate(duplicate) for duplicate in duplicates]
    return RosterDuplicates(people=pairs, more=more, seats=await doubled_seats(call.work))


records = resource(
    "people",
    PEOPLE,
    body=PersonIn,
    create=people.register_person,
    change=people.correct_person,
    view=shown,
    viewer=reading,
    asks=PersonQuery,
    equals=("name",),
    filters={"masked": Filter(Masked, lambda _: {})},
    order=Order("strokes", tuple[str, int, str], people.stroke_values, strokes.leading),
    words=people.words,
    read=EVERYONE,
    write=OFFICE,
    label="人员",
)
rename = records.command(
    "rename", RenameIn, people.rename_person, write=OFFICE, label="更名，原名自何日起改为曾用名"
)
differ = records.command(
    "differ", DifferIn, people.differ_person, write=OFFICE, label="注明与另几人不是同一人"
)
merge = records.command("merge", MergeIn, people.merge_person, write=OFFICE, label="重复登记的并入另一人")


async def _erase(work: Work, person: Person, body: EraseIn) -> Person:
    log.info("personal data erased", person=person.id, actor=work.actor)
    return await people.erase_person(work, person, body)


erase = records.command("erase", EraseIn, _erase, write=OFFICE, label="永久删除手机号和身份证号，须写明原因")


@route("GET", "/towns/{town}/people/{id}/export", roles=OFFICE)
async def export_person(call: Call) -> PersonExport:
    """名册所存关于一个人的全部内容，含手机号和身份证号；每次读取留有日志。"""
    person = await call.subject(PEOPLE)
    source = source_of(call.town, call.store.service)
    events = await outbox.read(call.store, source, after=0, limit=WHOLE_LOG)
    log.info("personal data read", person=person.id, reader=call.actor.sub)
    note_read(call.work, [f"person/{person.id}"], EVERYTHING)
    return await people.everything_about(call.work, person, events)
