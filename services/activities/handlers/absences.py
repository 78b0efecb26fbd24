"""Use cases of absences: listed for a term; published once when two are reached, and withdrawn after a correction."""

from datetime import date

from services.activities import repository
from services.activities.domain.absences import REACHED_AT, Absence, AbsenceCount, AbsenceState, missed
from services.activities.repository import ABSENCE_COUNTS, ABSENCES, SESSIONS
from services.activities.schemas import Absences, DeputyAbsences
from shared.ids import new_id
from shared.storage.work import Work


async def absences(work: Work, congress_number: int | None, as_of: date | None) -> Absences:
    """Absences of a term; by default of the current congress, until today."""
    number = congress_number or await repository.congress_number(work)
    day = as_of or work.clock.today()
    absences = missed(await work.find(SESSIONS, {"congress_number": number}), number or 0, day)
    return Absences(
        congress_number=number,
        as_of=day,
        items=tuple(
            DeputyAbsences(
                deputyship_id=deputyship_id, sessions=sessions, reached=len(sessions) >= REACHED_AT
            )
            for deputyship_id, sessions in sorted(absences.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
    )


async def settle(work: Work, congress_number: int) -> None:
    """Publish or withdraw absences after a session of this congress was recorded or corrected."""
    await _serialize(work, congress_number)
    sessions = await work.find(SESSIONS, {"congress_number": congress_number})
    current = missed(sessions, congress_number)
    published = {
        absence.deputyship_id: absence for absence in await repository.absences_of(work, congress_number)
    }
    for deputyship_id in sorted({*current, *published}):
        missed_now = current.get(deputyship_id, ())
        before = published.get(deputyship_id)
        if len(missed_now) < REACHED_AT:
            if before is not None and before.state is AbsenceState.REACHED:
                withdrawn = {"sessions": missed_now, "state": AbsenceState.WITHDRAWN}
                work.change(ABSENCES, before.model_copy(update=withdrawn), "withdrawn")
        elif before is None:
            absence = Absence(
                id=new_id(),
                town=work.town,
                congress_number=congress_number,
                deputyship_id=deputyship_id,
                sessions=missed_now,
            )
            work.create(ABSENCES, absence, "reached")
        elif before.state is AbsenceState.WITHDRAWN:
            again = {"sessions": missed_now, "state": AbsenceState.REACHED}
            work.change(ABSENCES, before.model_copy(update=again), "reached")
        elif before.sessions != missed_now:
            work.change(ABSENCES, before.model_copy(update={"sessions": missed_now}), "changed")


async def _serialize(work: Work, congress_number: int) -> None:
    id = f"{work.town}/{congress_number}"
    term = await work.get(ABSENCE_COUNTS, id)
    if term is None:
        work.create(ABSENCE_COUNTS, AbsenceCount(id=id, town=work.town), "begun")
    else:
        work.change(ABSENCE_COUNTS, term, "changed")
