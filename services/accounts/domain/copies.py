"""Copies of what an account names: deputyships of the roster, rating meetings."""

from typing import Final

from shared.storage.work import Record

OVER: Final = frozenset({"ended", "voided"})


class Deputyship(Record):
    status: str = "serving"

    @property
    def over(self) -> bool:
        return self.status in OVER


class Meeting(Record):
    """A rating meeting, of which only the id is used."""
