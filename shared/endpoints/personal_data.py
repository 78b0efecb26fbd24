"""Reads of personal data: each is an event of the service's own log, committed before anything is answered."""

from collections.abc import Collection, Iterable
from typing import Final

from shared.ids import new_id
from shared.storage.work import Work

NOUN: Final = "personal_data"
TYPE: Final = f"{NOUN}.read.v1"


def note_read(work: Work, records: Iterable[str], fields: Collection[str]) -> None:
    """Record that whoever the work is of reads these fields, never a value. Reads of one request are one event."""
    among, names = list(records), sorted(fields)
    if not among or not names:
        return
    for fact in work.facts:
        if fact.type == TYPE and fact.data["fields"] == names:
            fact.data["records"].extend(among)
            return
    id = new_id()
    data = {"id": id, "town": work.town, "version": 1, "records": among, "fields": names}
    work.announce(TYPE, f"{NOUN}/{id}", data)
