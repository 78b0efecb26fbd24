"""Rows of the sheet 补选: all rows of one constituency and day are one by-election, one row per candidate."""

import re
from collections.abc import Sequence
from typing import Any, Final

from services.roster import repository
from services.roster.domain.by_elections import ByElection, Candidate
from services.roster.handlers import by_elections
from services.roster.schemas.by_elections import ByElectionIn
from shared.chinese.characters import key
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem

ByElectionPatch = patch_of(ByElectionIn)
_OF_A_CANDIDATE: Final = ("name", "votes", "elected")
_OF_THE_VOTE: Final = ("congress_number", "seats", "voters", "votes_cast", "rerun")
_PLACE: Final = re.compile(r"body\.(candidates|elected)(?:\.([0-9]+))?")


async def by_election(work: Work, rows: Sequence[Row]) -> Done:
    """Enter or change a by-election. Empty cells and candidates without a row leave the record as it is."""
    first = rows[0]
    for row in rows[1:]:
        for field in _OF_THE_VOTE:
            if row[field] != first[field]:
                raise RowProblem(field, "同一次补选的各行，这一栏须填得相同", row)
    before = await repository.by_election_on(work, first["constituency"], first["held_on"])
    named = [row for row in rows if _is_named(row)]
    values = filled(first, *_OF_A_CANDIDATE) | await _candidates(work, named, before)
    try:
        if before is None:
            await by_elections.enter_by_election(work, checked(ByElectionIn, values))
            return "new"
        patch = checked(ByElectionPatch, values)
        return done(before, await by_elections.change_by_election(work, before, patch))
    except Problem as problem:
        raise _at_row(problem, named, values) from None


def _is_named(row: Row) -> bool:
    if row["name"] is None and not (row["votes"] is None and row["elected"] is None):
        raise RowProblem("name", "填写了得票或当选，须写明是谁", row)
    return row["name"] is not None


async def _candidates(work: Work, rows: Sequence[Row], before: ByElection | None) -> dict[str, Any]:
    if not rows:
        return {}
    recorded = {key(candidate.name): candidate for candidate in before.candidates} if before else {}
    candidates = [await _candidate(work, row, recorded.get(key(row["name"]))) for row in rows]
    written = {key(row["name"]) for row in rows}
    candidates += [candidate.model_dump() for name, candidate in recorded.items() if name not in written]
    was = before.elected if before else []
    marks = {row["name"]: row["elected"] for row in rows if row["elected"] is not None}
    elected = [name for name in was if marks.get(name, True)]
    elected += [name for name, chosen in marks.items() if chosen and name not in was]
    return {"candidates": candidates, "elected": elected}


async def _candidate(work: Work, row: Row, recorded: Candidate | None) -> dict[str, Any]:
    """A new candidate is linked to the person of that name, if there is exactly one."""
    if recorded is not None:
        return recorded.model_dump() | filled(row, "constituency", "held_on", *_OF_THE_VOTE, "elected")
    people = await repository.people_named(work, row["name"])
    person_id = people[0].id if len(people) == 1 else None
    return {"name": row["name"], "votes": row["votes"], "person_id": person_id}


def _at_row(problem: Problem, rows: Sequence[Row], values: dict[str, Any]) -> RowProblem | Problem:
    """The first error, placed at the row of its candidate, or at the first row."""
    for error in problem.errors:
        location = _PLACE.match(error.loc)
        if location is None:
            continue
        of_candidates = location[1] == "candidates"
        named = (
            [candidate["name"] for candidate in values["candidates"]] if of_candidates else values["elected"]
        )
        meant = [row for row in rows if location[2] and row["name"] == named[int(location[2])]]
        return RowProblem("votes" if of_candidates else "elected", error.message, next(iter(meant), None))
    return problem
