"""Definition of a figure: id, texts and measure; and the common measures.

Invariants: a rate's numerator counts only members of its denominator, so 0 ≤ value ≤ 1; no zero denominator.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from services.reports.domain import Figure, FigureStatus, RecordRef
from services.reports.figures.ledger import F, LedgerFact, Referred
from services.reports.figures.year import Year
from services.reports.notation import ranked


class FigureKind(StrEnum):
    """count: of records or persons; sum: of numbers in records; rate: numerator over denominator."""

    COUNT = "count"
    SUM = "sum"
    RATE = "rate"


@dataclass(frozen=True)
class Measured:
    """A measured number with its records; `status` where the number does not imply it."""

    value: int | float | None
    records: tuple[RecordRef, ...] = ()
    numerator: int | None = None
    denominator: int | None = None
    status: FigureStatus | None = None

    def settled(self) -> FigureStatus:
        if self.status is not None:
            return self.status
        return FigureStatus.VALUE if self.value else FigureStatus.ZERO

    @classmethod
    def missing(cls, records: Iterable[RecordRef] = ()) -> Self:
        """A number that should be recorded and is not."""
        return cls(None, ordered(records), status=FigureStatus.MISSING)

    @classmethod
    def not_applicable(cls, records: Iterable[RecordRef] = ()) -> Self:
        return cls(None, ordered(records), status=FigureStatus.NOT_APPLICABLE)


@dataclass(frozen=True)
class Definition:
    """A figure of the contract; `definition` is its printed explanation in Chinese.

    Both texts speak of a 镇; the figure of a 乡 has them in its own word.
    """

    id: str
    label: str
    definition: str
    unit: str
    kind: FigureKind
    measure: Callable[[Year], Measured]

    def figure(self, year: Year) -> Figure:
        measured = self.measure(year)
        return Figure(
            id=self.id,
            label=ranked(self.label, year.rank),
            definition=ranked(self.definition, year.rank),
            value=measured.value,
            unit=self.unit,
            numerator=measured.numerator,
            denominator=measured.denominator,
            status=measured.settled(),
            records=measured.records,
        )


def count(facts: Sequence[LedgerFact[F]]) -> Measured:
    return Measured(len(facts), refs(facts))


def total(facts: Sequence[LedgerFact[F]], amount: Callable[[F], int | None]) -> Measured:
    """Σ of a number in records; missing where there are records and none has it."""
    amounts = [(fact, n) for fact in facts if (n := amount(fact.data)) is not None]
    if facts and not amounts:
        return Measured.missing(refs(facts))
    return Measured(sum(n for _, n in amounts), refs(facts))


def rate(numerator: int, denominator: int, records: Iterable[RecordRef]) -> Measured:
    """Numerator / denominator; not applicable on a zero denominator."""
    if not denominator:
        return Measured.not_applicable(records)
    return Measured(numerator / denominator, ordered(records), numerator, denominator)


def refs(facts: Iterable[Referred]) -> tuple[RecordRef, ...]:
    return ordered(fact.ref for fact in facts)


def ordered(records: Iterable[RecordRef]) -> tuple[RecordRef, ...]:
    """References without duplicates, by stream and sequence."""
    by_place = {(ref.source, ref.sequence): ref for ref in records}
    return tuple(by_place[place] for place in sorted(by_place))
