"""Entries of the audit, and the events that say the same to others; reads of personal data in other services."""

from datetime import datetime

from services.accounts.domain.audit import Entry, Kind
from services.accounts.events_in import PersonalDataRead
from services.accounts.repository import AUDIT
from shared.envelope import Event, service_of
from shared.ids import new_id
from shared.storage.work import Work

EVENTS: dict[Kind, tuple[str, str]] = {
    "sign_in": ("sign_in", "succeeded"),
    "sign_in_refused": ("sign_in", "refused"),
    "session_ended": ("session", "ended"),
    "token_reused": ("session", "ended"),
    "letter_given": ("letter", "given"),
    "client_refused": ("sign_in", "refused"),
    "key_rotated": ("key", "rotated"),
    "recovered": ("recovery", "performed"),
}
"""Noun and verb of what is no change of an account or client, whose records have events of their own."""


def note(
    work: Work, kind: Kind, subject: str, detail: str | None = None, *, actor: str | None = None
) -> Entry:
    """Record what happened in the division of the work. `actor`: where it is not that of the work."""
    entry = Entry(
        id=new_id(),
        town=work.town,
        at=work.clock.now(),
        kind=kind,
        actor=work.actor if actor is None else actor,
        subject=subject,
        detail=detail,
    )
    if kind in EVENTS:
        noun, verb = EVENTS[kind]
        data = {"id": entry.id, "town": work.town, "version": 1, "subject": subject, "detail": detail}
        work.announce(f"{noun}.{verb}.v1", f"{noun}/{entry.id}", data)
    return work.create(AUDIT, entry, "noted")


async def note_read(work: Work, read: PersonalDataRead, event: Event) -> None:
    entry = Entry(
        id=event.id,
        town=work.town,
        version=1,
        at=datetime.fromisoformat(event.time),
        kind="personal_data_read",
        actor=event.actor,
        subject=read.records[0] if len(read.records) == 1 else "records",
        service=service_of(event.source),
        records=list(read.records),
        fields=list(read.fields),
    )
    work.project(AUDIT, entry)
