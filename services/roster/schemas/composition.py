"""How the congress is made up on a day."""

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
from services.roster.domain.misfits import Misfit, misfits


class Composition(Seats):
    """Seats in all and by constituency; `mandates` are those of all levels; `findings` change nothing."""

    town: str
    as_of: date
    congress_number: int | None
    constituencies: list[ConstituencySeats]
    presidium: Presidium
    groups: list[GroupCount]
    structure: Structure
    mandates: Overlap
    findings: list[Misfit]

    @classmethod
    def of(cls, makeup: Makeup) -> "Composition":
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
            findings=misfits(makeup),
        )
