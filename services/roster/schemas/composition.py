"""Composition of the congress on a day."""

from datetime import date

from services.roster.domain.composition import (
    ConstituencySeats,
    GroupCount,
    Makeup,
    Overlap,
    Presidium,
    Seats,
    Structure,
)
from services.roster.domain.findings import CompositionFinding, findings


class Composition(Seats):
    """Seats in total and by constituency; `mandates` of all levels; `findings` are information only."""

    town: str
    as_of: date
    congress_number: int | None
    constituencies: list[ConstituencySeats]
    presidium: Presidium
    groups: list[GroupCount]
    structure: Structure
    mandates: Overlap
    findings: list[CompositionFinding]

    @classmethod
    def from_makeup(cls, makeup: Makeup) -> "Composition":
        return cls(
            **makeup.seats.model_dump(),
            town=makeup.town.id,
            as_of=makeup.day,
            congress_number=makeup.term.congress_number if makeup.term else makeup.town.congress_number,
            constituencies=makeup.by_constituency,
            presidium=makeup.presidium,
            groups=makeup.by_group,
            structure=makeup.structure,
            mandates=makeup.overlap,
            findings=findings(makeup),
        )
