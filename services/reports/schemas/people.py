"""What is held about one person, as it is given out."""

from typing import Any

from pydantic import BaseModel

from services.reports.events_in import Person
from services.reports.schemas.statements import ConfirmationOut, ObjectionOut


class PersonExport(BaseModel):
    """Everything this service holds about one person. His file of each year is read at `deputies/{id}/file`.

    `events`: the facts about him, his mandates and duty reports that are kept here, by number, in order.
    """

    person: Person
    deputyship_ids: list[str]
    confirmations: list[ConfirmationOut]
    objections: list[ObjectionOut]
    events: list[dict[str, Any]]
