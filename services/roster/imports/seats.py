"""The question where a new mandate in a workbook takes the seat of a recorded one that it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.roster import repository
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person, names
from services.roster.handlers.references import registered_town
from services.roster.imports.lookups import in_rows
from services.roster.repository import DEPUTYSHIPS, PEOPLE, numbers
from shared.chinese.characters import key
from shared.storage.work import Work
from shared.workbook import Row, RowProblem, Workbook

SHEET = "代表资格"


@dataclass
class Begun:
    """Recorded mandates of one level and first day. `lost`: those that have no row in the workbook."""

    recorded: list[Deputyship] = field(default_factory=list)
    lost: list[Deputyship] = field(default_factory=list)


@dataclass
class Seats:
    """The mandates recorded before the import, with their holders; read once."""

    book: Workbook
    _begun: dict[tuple[str, date], Begun] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)

    async def ask(self, work: Work, person: Person, row: Row) -> None:
        """Ask before a new mandate of `person`. Errors: RowProblem, naming both ways out.

        A workbook with half of the recorded mandates of that level and day, or more, is taken for the whole list.
        """
        await self._read(work)
        begun = self._begun.get((row["level"], row["started_on"]), Begun())
        seat = key(row["constituency"] or "")
        same = [mandate for mandate in begun.lost if key(mandate.constituency or "") == seat]
        if not same:
            return
        whole = len(begun.recorded) >= 2 * len(begun.lost)
        if whole or not await self._room(work, row, begun.recorded):
            self._ask(person, same)

    def _ask(self, person: Person, lost: Sequence[Deputyship]) -> None:
        called = "、".join(self._people[mandate.person_id].name for mandate in lost)
        message = (
            f"表中没有了同一席位、同日任职的 {called}。改名或者姓名写错的，请在“人员”表 {person.name} 一行的“原姓名”填"
            f" {called}；确是另一人的，请保留 {called} 的一行，已终止的填终止日期和原因，误登记的填“作废原因”"
        )
        raise RowProblem("person", message)

    async def _room(self, work: Work, row: Row, begun: Sequence[Deputyship]) -> bool:
        """Whether the seats are known to be enough for those recorded and one more."""
        if row["level"] != "town":
            return not row["constituency"]
        taken = [mandate for mandate in begun if mandate.ended_on is None]
        if row["constituency"] is None:
            quota = (await registered_town(work)).quota
            return quota is None or len(taken) < quota
        drawn = await repository.constituency_named(work, row["constituency"])
        here = [m for m in taken if key(m.constituency or "") == key(row["constituency"])]
        return drawn is not None and drawn.seats is not None and len(here) < drawn.seats

    async def _read(self, work: Work) -> None:
        if self._people:
            return
        self._people = {person.id: person for person in await work.all(PEOPLE)}
        rows = self.book.rows(SHEET)
        written, entered = in_rows(rows, "person", "level", "started_on"), {row["reference"] for row in rows}
        new = {write.record.id for write in work.writes.values() if write.base == 0}
        for mandate in await work.all(DEPUTYSHIPS):
            if mandate.status == "voided" or mandate.id in new:
                continue
            begun = self._begun.setdefault((mandate.level, mandate.started_on), Begun())
            begun.recorded.append(mandate)
            called = (key(name) for name in names(self._people[mandate.person_id]))
            if entered.isdisjoint(numbers(mandate)) and not any(
                (name, mandate.level, mandate.started_on) in written for name in called
            ):
                begun.lost.append(mandate)
