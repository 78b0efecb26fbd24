"""Voiding of records entered by mistake: they stay as they were, take no more changes, and count no more."""

from datetime import date
from typing import Any, Final, Self

from pydantic import Field

from shared.errors import RecordVoided
from shared.storage.work import Record

IN_FORCE: Final[dict[str, Any]] = {"void_reason": None}
VOIDED: Final[dict[str, Any]] = {"void_reason": {"$ne": None}}
"""Filters of the records that are not voided, those of before included, and of those that are."""


def unsaid() -> Any:
    """Default of a field added to an existing record or part: left out where nothing was recorded, as in those of
    before."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Voidable(Record):
    """A record that may be voided; `void_reason` and `voided_on` only where it was."""

    void_reason: str | None = unsaid()
    voided_on: date | None = unsaid()

    @property
    def is_voided(self) -> bool:
        return self.void_reason is not None

    def check_in_force(self) -> None:
        """Errors: RecordVoided."""
        if self.is_voided:
            raise RecordVoided(f"这条记录已作废（{self.void_reason}），保留原样，不能再改")

    def voided(self, reason: str, on: date) -> Self:
        self.check_in_force()
        return self.model_copy(update={"void_reason": reason, "voided_on": on})
