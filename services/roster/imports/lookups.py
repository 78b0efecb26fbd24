"""Lookup of people and mandates by the text of a cell: a name, a name with the end of an id, a number."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypeVar

from services.roster import repository
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person
from services.roster.repository import PEOPLE
from shared.chinese.characters import Unwritable, key, normalised
from shared.chinese.names import short_id, split_id
from shared.storage.work import Work
from shared.workbook import Row, RowProblem

Numbered = TypeVar("Numbered", Person, Deputyship)


async def named(work: Work, written: str, field: str) -> Person | None:
    """The person of a cell: by name, or by name with a mark of the id. Errors: RowProblem."""
    name = _normalised(written, field)
    people = await repository.people_named(work, name)
    if not people and (mark := split_id(name)) is not None:
        of_name = await repository.people_named(work, _normalised(mark[0], field))
        people = [person for person in of_name if person.id.endswith(mark[1])]
    if len(people) > 1:
        raise RowProblem(field, f"名册中有 {len(people)} 人叫 {name}，请在姓名后加括号区分")
    return people[0] if people else None


def _normalised(written: str, field: str) -> str:
    try:
        return normalised(written)
    except Unwritable as problem:
        raise RowProblem(field, f"姓名{problem}") from None


def plain(written: str, field: str) -> str:
    """The name of a cell without a mark of the id. Errors: RowProblem."""
    name = _normalised(written, field)
    mark = split_id(name)
    return mark[0] if mark is not None else name


def in_rows(rows: Iterable[Row], field: str, *also: str) -> set[tuple[Any, ...]]:
    """The keys of the names in a column, each with the row's values of the fields `also`."""
    written = set()
    for row in rows:
        with suppress(RowProblem):  # reported at that row
            written.add((key(plain(row[field] or "", field)), *(row[name] for name in also)))
    return written


def numbered(records: Iterable[Numbered], number: str | None) -> Numbered | None:
    """The record with this number (编号): the office's own, else the end of its id."""
    if number is None:
        return None
    known = list(records)
    own = next((record for record in known if record.reference == number), None)
    return own or next((record for record in known if number in (record.id, short_id(record.id))), None)


async def recorded(work: Work, person: Person, row: Row) -> Deputyship | None:
    """By number; else by person, level and first day. A voided one only where the row voids it."""
    held = await repository.deputyships_held_by(work, person.id)
    own = [mandate for mandate in held if mandate.status != "voided" or row["void_reason"]]
    by_number = numbered(own, row["reference"])
    if by_number is None and row["reference"] is not None:
        others = await repository.deputyships_numbered(work, row["reference"])
        by_number = numbered([mandate for mandate in others if mandate.status != "voided"], row["reference"])
    if by_number is None:
        begun = [m for m in own if (m.level, m.started_on) == (row["level"], row["started_on"])]
        return next(iter(sorted(begun, key=lambda mandate: mandate.status == "voided")), None)
    if by_number.person_id != person.id:
        holder = await work.require(PEOPLE, by_number.person_id)
        message = (
            f"编号 {row['reference']} 是 {holder.name} 的代表资格。改名的请在“人员”表填“原姓名”；登记错了人的，"
            f"请在 {holder.name} 的一行填“作废原因”，另起一行登记（不填编号）"
        )
        raise RowProblem("person", message)
    if by_number.level != row["level"]:
        raise RowProblem("level", "层级不能改；登记有误的请填“作废原因”，另起一行登记（不填编号）")
    return by_number
