"""The audit."""

from datetime import datetime

from pydantic import BaseModel

from services.accounts.domain.audit import Kind


class EntryOut(BaseModel):
    """`actor`: who did it, as tokens name them; `actor_name`: the name of their account, where there is one still."""

    id: str
    at: datetime
    kind: Kind
    actor: str
    actor_name: str | None
    service: str
    subject: str
    records: list[str]
    fields: list[str]
    detail: str | None


class AuditPage(BaseModel):
    items: list[EntryOut]
    next_cursor: str | None
