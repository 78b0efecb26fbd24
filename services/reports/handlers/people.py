"""Export of all data about one person: statements on files and kept events."""

from services.reports import kept_log
from services.reports.events_in import SOURCES, Deputyship, Person
from services.reports.figures import fold
from services.reports.repository import CONFIRMATIONS, OBJECTIONS
from services.reports.schemas.people import PersonExport
from services.reports.schemas.statements import ConfirmationOut, ObjectionOut
from shared.errors import NotFound
from shared.storage.work import Work


async def everything_about(work: Work, person_id: str) -> PersonExport:
    """All data about a person. Errors: NotFound where the roster announced no such person."""
    events = [
        event
        for service in SOURCES
        for event in await kept_log.kept_events(work, service)
        if event.type.split(".")[1] in ("person", "deputyship", "duty_report")
    ]
    ledger = fold(work.town, events)
    person = ledger.get(Person, person_id)
    if person is None:
        raise NotFound(f"找不到编号为 {person_id} 的记录")
    own = [f.data.id for f in ledger.by_id(Deputyship).values() if f.data.person_id == person_id]
    among = {"deputyship_id": {"$in": own}}
    subjects = {f"person/{person_id}", *(f"deputyship/{id}" for id in own)}
    return PersonExport(
        person=person,
        deputyship_ids=own,
        confirmations=[
            ConfirmationOut.model_validate(confirmation.model_dump())
            for confirmation in await work.find(CONFIRMATIONS, among)
        ],
        objections=[
            ObjectionOut.from_objection(objection, in_full=True)
            for objection in await work.find(OBJECTIONS, among)
        ],
        events=[
            event.attributes()
            for event in events
            if event.subject in subjects or event.data.get("deputyship_id") in own
        ],
    )
