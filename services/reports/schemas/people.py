"""Export of the data about one person."""

from typing import Any

from pydantic import BaseModel

from services.reports.events_in import Person
from services.reports.schemas.statements import ConfirmationOut, ObjectionOut


class PersonExport(BaseModel):
    """All data about a person but the files, which are at `deputies/{id}/file`.

    `events`: kept events about the person, the mandates and the duty reports, in order.
    """

    person: Person
    deputyship_ids: list[str]
    confirmations: list[ConfirmationOut]
    objections: list[ObjectionOut]
    events: list[dict[str, Any]]
