"""Evidence cited by activities, and the size limit of photographs in the annex."""

from datetime import date

from services.reports.domain import Frozen, Photograph


class Sight(Frozen):
    """Evidence of an activity: {id in activities: SHA-256}."""

    kind: str = ""
    title: str = ""
    held_on: date | None = None
    evidence: dict[str, str] = {}


def fitting(pictures: tuple[Photograph, ...], most: int) -> int:
    """Number of leading pictures whose sizes add up to at most `most` bytes."""
    whole = 0
    for n, picture in enumerate(pictures):
        whole += picture.size_bytes
        if whole > most:
            return n
    return len(pictures)
