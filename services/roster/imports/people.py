"""Rows of the sheet 人员: each finds its person by number, by name or by the name before."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from services.roster import repository
from services.roster.domain.people import Person, names
from services.roster.handlers import people
from services.roster.imports.lookups import in_rows, named, numbered, plain
from services.roster.repository import numbers
from services.roster.schemas.people import DifferIn, MergeIn, PersonIn, RenameIn
from shared.chinese.characters import key
from shared.chinese.names import short_id
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, Workbook

SHEET: Final = "人员"
PersonPatch = patch_of(PersonIn)
SAME_NAME: Final = "是同一人的只写一行；不是的，都在姓名后面用括号区分，如 王强（新城村）"
_APART: Final = ("name", "previous_name", "renamed_on", "former_names", "merge_into", "different_from")


@dataclass
class PeopleRows:
    """Import of one workbook's people. `entered`: rows by the id of their person."""

    book: Workbook
    entered: dict[str, int] = field(default_factory=dict)

    async def person(self, work: Work, row: Row) -> Done:
        if row["merge_into"] is not None:
            return await _merged(work, row)
        before = await self._recorded(work, row)
        values = filled(row, *_APART) | _former_names(row)
        if before is None:
            await self._ask(work, row)
            values["name"] = row["name"]
            person = await people.register_person(work, checked(PersonIn, values))
            self.entered[person.id] = row.number
            await _differing(work, person, row)
            return "new"
        first = self.entered.setdefault(before.id, row.number)
        if first != row.number:
            raise RowProblem("name", f"与第 {first} 行姓名相同：{SAME_NAME}")
        if values.get("reference") in (before.id, short_id(before.id)):
            del values["reference"]
        after = await self._renamed(work, before, row)
        after = await people.correct_person(work, after, checked(PersonPatch, values))
        return done(before, await _differing(work, after, row))

    async def _recorded(self, work: Work, row: Row) -> Person | None:
        if row["reference"] is not None:
            of_name = await repository.people_named(work, plain(row["name"], "name"))
            by_number = numbered(of_name, row["reference"]) or await _numbered(work, row["reference"])
            if by_number is not None:
                return by_number
        by_name = await named(work, row["name"], "name")
        if row["previous_name"] is None:
            return by_name
        before = await named(work, row["previous_name"], "previous_name")
        if before is None and by_name is None:
            raise RowProblem("previous_name", f"系统中没有 {row['previous_name']}")
        if before is not None and by_name is not None and before.id != by_name.id:
            message = (
                f"系统中既有 {before.name}，也有 {by_name.name}；是同一人的请合并，不是的请把“原姓名”空着"
            )
            raise RowProblem("previous_name", message)
        return before or by_name

    async def _renamed(self, work: Work, person: Person, row: Row) -> Person:
        """A former name in the cell is that of an old sheet and changes nothing."""
        name = plain(row["name"], "name")
        if key(name) in {key(known) for known in names(person)}:
            return person
        if row["renamed_on"] is not None:
            body = checked(RenameIn, {"name": name, "on": row["renamed_on"]})
            return await people.rename_person(work, person, body)
        return await people.correct_person(work, person, checked(PersonPatch, {"name": name}))

    async def _ask(self, work: Work, row: Row) -> None:
        """Ask before a new person who is like one recorded that has no row. Errors: RowProblem."""
        written = {number.upper() for number in (row["phone"], row["id_number"]) if number is not None}
        reached = [p for number in sorted(written) for p in await repository.people_reached_by(work, number)]
        lost = [
            person
            for person in {person.id: person for person in reached}.values()
            if person.merged_into is None
            and person.id not in self.entered
            and _like(person, row)
            and not self._has_row(person)
        ]
        if lost:
            called = "、".join(person.name for person in lost)
            message = (
                f"与系统中的 {called} 手机号或身份证号相同，表中又没有了 {called}。是同一人的，请在“原姓名”填"
                f" {called}；不是的，请保留 {called} 的一行并更正号码"
            )
            raise RowProblem("name", message)

    def _has_row(self, person: Person) -> bool:
        named = any((key(name),) in self._names for name in names(person))
        return named or not self._numbers.isdisjoint(numbers(person))

    @cached_property
    def _names(self) -> set[tuple[str, ...]]:
        return in_rows(self.book.rows(SHEET), "name")

    @cached_property
    def _numbers(self) -> set[str]:
        return {row["reference"] for row in self.book.rows(SHEET)}


async def _merged(work: Work, row: Row) -> Done:
    """Merge the person of the row into another. Errors: RowProblem."""
    target = await _other(work, row["merge_into"], "merge_into")
    of_name = await repository.people_ever_named(work, key(plain(row["name"], "name")))
    own = [person for person in of_name if person.id != target.id]
    by_number = numbered(own, row["reference"])
    found = [by_number] if by_number is not None else own
    living = [person for person in found if person.merged_into is None]
    if not living and any(person.merged_into == target.id for person in found):
        return "unchanged"
    if len(living) != 1:
        raise RowProblem(
            "name", "看不出是哪一条，请填系统给的编号" if living else "系统中没有另一条这个姓名的登记"
        )
    await people.merge_person(work, living[0], MergeIn(into=target.id))
    return "changed"


async def _differing(work: Work, person: Person, row: Row) -> Person:
    """Keep who of the rows above is somebody else."""
    others = [await _other(work, written, "different_from") for written in row.many("different_from")]
    ids = [other.id for other in others]
    if set(ids) <= set(person.different_from):
        return person
    return await people.differ_person(work, person, DifferIn(others=ids))


async def _numbered(work: Work, number: str) -> Person | None:
    known = await repository.people_numbered(work, number)
    return numbered([person for person in known if person.merged_into is None], number)


async def _other(work: Work, written: str, field: str) -> Person:
    """The person of a number or a name. Errors: RowProblem."""
    person = await _numbered(work, written) or await named(work, written, field)
    if person is None:
        raise RowProblem(field, f"系统中没有“{written}”")
    return person


def _like(person: Person, row: Row) -> bool:
    contacts = ((person.phone, row["phone"]), (person.id_number, row["id_number"]))
    return any(known and written and known.upper() == written.upper() for known, written in contacts)


def _former_names(row: Row) -> dict[str, Any]:
    if not row.many("former_names"):
        return {}
    return {"former_names": [{"name": name, "until": until} for name, until in row.many("former_names")]}
