"""Photographs of the annex: what activities say of theirs, and how many go in."""

from datetime import date

from services.reports.domain import Frozen, Photograph


class Sight(Frozen):
    """What an activity says of its photographs and scans: {id: digest}, as the activities name them."""

    kind: str = ""
    title: str = ""
    held_on: date | None = None
    evidence: dict[str, str] = {}


def fitting(pictures: tuple[Photograph, ...], most: int) -> int:
    """How many of them, from the first on, are together no larger than `most` bytes."""
    whole = 0
    for n, picture in enumerate(pictures):
        whole += picture.size_bytes
        if whole > most:
            return n
    return len(pictures)
