"""Absences from sessions: listed for a term; said, once, when they reach two, and taken back when corrected."""

from datetime import date

from services.activities import repository
from services.activities.domain.absences import REACHED_AT, Absence, AbsenceCount, AbsenceState, missed
from services.activities.repository import ABSENCE_COUNTS, ABSENCES, SESSIONS
from services.activities.schemas import Absences, DeputyAbsences
from shared.ids import new_id
from shared.storage.work import Work


async def absences(work: Work, congress_number: int | None, as_of: date | None) -> Absences:
    """Of the town's present congress, until today, where nothing else is asked for."""
    number = congress_number or await repository.congress_number(work)
    day = as_of or work.clock.today()
    found = missed(await work.find(SESSIONS, {"congress_number": number}), number or 0, day)
    return Absences(
        congress_number=number,
        as_of=day,
        items=tuple(
            DeputyAbsences(deputyship_id=one, sessions=sessions, reached=len(sessions) >= REACHED_AT)
            for one, sessions in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
    )


async def settle(work: Work, congress_number: int) -> None:
    """After a session of this congress was recorded or corrected."""
    await _one_after_another(work, congress_number)
    sessions = await work.find(SESSIONS, {"congress_number": congress_number})
    found = missed(sessions, congress_number)
    told = {one.deputyship_id: one for one in await repository.absences_of(work, congress_number)}
    for one in sorted({*found, *told}):
        now = found.get(one, ())
        before = told.get(one)
        if len(now) < REACHED_AT:
            if before is not None and before.state is AbsenceState.REACHED:
                withdrawn = {"sessions": now, "state": AbsenceState.WITHDRAWN}
                work.change(ABSENCES, before.model_copy(update=withdrawn), "withdrawn")
        elif before is None:
            absence = Absence(
                id=new_id(), town=work.town, congress_number=congress_number, deputyship_id=one, sessions=now
            )
            work.create(ABSENCES, absence, "reached")
        elif before.state is AbsenceState.WITHDRAWN:
            again = {"sessions": now, "state": AbsenceState.REACHED}
            work.change(ABSENCES, before.model_copy(update=again), "reached")
        elif before.sessions != now:
            work.change(ABSENCES, before.model_copy(update={"sessions": now}), "changed")


async def _one_after_another(work: Work, congress_number: int) -> None:
    id = f"{work.town}/{congress_number}"
    term = await work.get(ABSENCE_COUNTS, id)
    if term is None:
        work.create(ABSENCE_COUNTS, AbsenceCount(id=id, town=work.town), "begun")
    else:
        work.change(ABSENCE_COUNTS, term, "changed")
