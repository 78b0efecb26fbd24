"""Rows of the sheet 人员: each finds its person by number, by name or by the name before."""

from dataclasses import dataclass, field
from typing import Any, Final

from services.roster.domain.people import Person, names
from services.roster.handlers import people
from services.roster.imports.lookups import named, numbered, plain
from services.roster.repository import PEOPLE
from services.roster.schemas.people import PersonIn, RenameIn
from shared.chinese.characters import key
from shared.chinese.names import short_id
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, Workbook

SHEET: Final = "人员"
PersonPatch = patch_of(PersonIn)
_OF_THE_NAME: Final = ("name", "previous_name", "renamed_on", "former_names")


@dataclass
class PeopleRows:
    """Import of one workbook's people. `entered`: rows by the id of their person."""

    book: Workbook
    entered: dict[str, int] = field(default_factory=dict)

    async def person(self, work: Work, row: Row) -> Done:
        before = await self._recorded(work, row)
        values = filled(row, *_OF_THE_NAME) | _former_names(row)
        if before is None:
            await self._ask(work, row)
            values["name"] = row["name"]
            person = await people.register_person(work, checked(PersonIn, values))
            self.entered[person.id] = row.number
            return "new"
        first = self.entered.setdefault(before.id, row.number)
        if first != row.number:
            raise RowProblem("name", f"与第 {first} 行是同一人")
        if values.get("reference") in (before.id, short_id(before.id)):
            del values["reference"]
        after = await self._renamed(work, before, row)
        return done(before, await people.correct_person(work, after, checked(PersonPatch, values)))

    async def _recorded(self, work: Work, row: Row) -> Person | None:
        living = await work.find(PEOPLE, {"merged_into": None})
        by_number = numbered(living, row["reference"])
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
        lost = [
            person
            for person in await work.find(PEOPLE, {"merged_into": None})
            if person.id not in self.entered and _like(person, row) and not self._has_row(person)
        ]
        if lost:
            called = "、".join(person.name for person in lost)
            message = (
                f"与系统中的 {called} 手机号或身份证号相同，表中又没有了 {called}。是同一人的，请在“原姓名”填"
                f" {called}；不是的，请保留 {called} 的一行并更正号码"
            )
            raise RowProblem("name", message)

    def _has_row(self, person: Person) -> bool:
        called = {key(name) for name in names(person)}
        return any(
            numbered([person], row["reference"]) is not None
            or key(plain(row["name"] or "", "name")) in called
            for row in self.book.rows(SHEET)
        )


def _like(person: Person, row: Row) -> bool:
    numbers = ((person.phone, row["phone"]), (person.id_number, row["id_number"]))
    return any(known and written and known.upper() == written.upper() for known, written in numbers)


def _former_names(row: Row) -> dict[str, Any]:
    if not row.many("former_names"):
        return {}
    return {"former_names": [{"name": name, "until": until} for name, until in row.many("former_names")]}
