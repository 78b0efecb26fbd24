"""Use cases of voters' contacts: store and erase."""

from services.activities import repository
from services.activities.domain.opinions import Contact, Opinion
from services.activities.errors import OpinionErased
from services.activities.repository import CONTACTS, OPINIONS
from services.activities.schemas import ContactIn
from shared.storage.work import Work


async def keep_contact(work: Work, opinion: Opinion, before: Contact | None, body: ContactIn) -> Contact:
    """Errors: RecordVoided, OpinionErased."""
    opinion.check_in_force()
    if opinion.erased is not None:
        raise OpinionErased
    work.lock(OPINIONS, opinion)
    contact = Contact(id=opinion.id, town=work.town, **dict(body))
    if before is None:
        return work.create(CONTACTS, contact, "kept")
    return work.change(CONTACTS, contact.model_copy(update={"version": before.version}), "kept")


async def forget_contact(work: Work, contact: Contact) -> None:
    """Erase a contact, also from stored idempotent answers; backups have to expire."""
    work.remove(CONTACTS, contact)
    work.forget(CONTACTS, contact.id)


async def forget_contact_in_time(work: Work, *, id: str) -> bool:
    """Erase the contact of an opinion that was closed long enough ago. Returns whether it did."""
    contact, opinion = await work.get(CONTACTS, id), await work.require(OPINIONS, id)
    today = work.clock.today()
    ends = opinion.contact_ends((await repository.rules(work, today)).contact_keep_days)
    if contact is None or ends is None or ends > today:
        return False
    await forget_contact(work, contact)
    return True
