"""The county's board: status of every town, by code, and sums over compiled reports.

Invariants: no ranking; a rate over towns is the rate of the sums; a figure a town lacks is missing, never zero.
"""

import base64
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from services.reports.domain import Amount, Figure, FigureStatus
from services.reports.domain.board import RollUp, TownFigure
from services.reports.figures import BY_ID, DEFINITIONS, Definition
from services.reports.notation import ranked

_PLACES: Final[Mapping[str, int]] = {definition.id: n for n, definition in enumerate(DEFINITIONS)}
_LACKING: Final = {"?": FigureStatus.MISSING, "-": FigureStatus.NOT_APPLICABLE}
MISSING: Final = "?"
PER_TOWN: Final = frozenset({
    *("deputies.people", "deputies.women", "deputies.multiple", "training.people"),
    *("deputies.county.serving", "deputies.city.serving", "deputies.province.serving"),
})  # fmt: skip
"""Figures that count people: whoever has records in two towns is counted in each, as nothing says that they are one."""

Amounts = tuple[str | None, ...]
"""What a town's report has of each definition, in their order, as `written`; None where it has no such figure."""


def written(amount: Figure | Amount) -> str:
    """An amount as a word: `12`, `3/7`, `?` where it is missing, `-` where it does not apply."""
    for word, status in _LACKING.items():
        if amount.status is status:
            return word
    if amount.denominator:
        return f"{amount.numerator}/{amount.denominator}"
    return repr(amount.value)


@lru_cache(maxsize=20_000)
def read(word: str) -> Amount:
    """The amount that `written` wrote."""
    if word in _LACKING:
        return Amount(status=_LACKING[word])
    numerator, rate, denominator = word.partition("/")
    if rate:
        above, below = int(numerator), int(denominator)
        status = FigureStatus.VALUE if above else FigureStatus.ZERO
        return Amount(value=above / below, numerator=above, denominator=below, status=status)
    value = json.loads(word)
    return Amount(value=value, status=FigureStatus.VALUE if value else FigureStatus.ZERO)


def packed(figures: Iterable[Figure]) -> str:
    """Amounts as they are kept: a line of ids and a line of words, compressed."""
    known = list(figures)
    lines = (" ".join(figure.id for figure in known), " ".join(map(written, known)))
    return base64.b64encode(zlib.compress("\n".join(lines).encode())).decode()


def unpacked(text: str) -> Amounts:
    if not text:
        return (None,) * len(DEFINITIONS)
    ids, _, words = zlib.decompress(base64.b64decode(text)).decode().partition("\n")
    by_place = (*words.split(" "), None)
    return tuple([by_place[place] for place in _places(ids)])


@lru_cache(maxsize=16)
def _places(ids: str) -> tuple[int, ...]:
    """Where the words of the definitions stand in a line of ids; -1 of those that it lacks."""
    known = {id: place for place, id in enumerate(ids.split(" "))}
    return tuple(known.get(definition.id, -1) for definition in DEFINITIONS)


@dataclass
class Tally:
    """The amounts of the towns of an area, and how often each amount occurs: a town that changes costs one town."""

    towns: dict[str, Amounts] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    _columns: tuple[Counter[str | None], ...] = field(
        default_factory=lambda: tuple(Counter() for _ in DEFINITIONS)
    )

    def put(self, rows: Iterable[tuple[str, int, str]]) -> None:
        """Rows that are new or have changed: town, version, amounts as `packed`."""
        added: dict[str, Amounts] = {}
        for town, version, text in rows:
            self.remove(town)
            added[town] = unpacked(text)
            self.versions[town] = version
        self.towns |= added
        for column, words in zip(self._columns, zip(*added.values(), strict=True), strict=False):
            column.update(words)

    def remove(self, town: str) -> None:
        self.versions.pop(town, None)
        for column, word in zip(self._columns, self.towns.pop(town, ()), strict=False):
            column[word] -= 1
            if not column[word]:
                del column[word]

    def amount(self, town: str, id: str) -> str | None:
        amounts = self.towns.get(town)
        return amounts[_PLACES[id]] if amounts else None

    def lacking(self, town: str) -> int:
        """How many figures of the town's report have no data."""
        return self.towns.get(town, ()).count(MISSING)

    def figures(self, town: str, ids: Iterable[str]) -> Iterable[TownFigure]:
        for id in ids:
            word = self.amount(town, id)
            if word is not None:
                definition = BY_ID[id]
                label = ranked(definition.label, "乡镇")
                yield TownFigure(id=id, label=label, unit=definition.unit, **dict(read(word)))

    def roll_up(self, definition: Definition) -> RollUp:
        column = self._columns[_PLACES[definition.id]]
        known = [(read(word), count) for word, count in column.items() if word is not None]
        counted = [(a, n) for a, n in known if a.status in (FigureStatus.VALUE, FigureStatus.ZERO)]
        rates = [(a, n) for a, n in counted if a.denominator]
        numerator = sum((a.numerator or 0) * n for a, n in rates)
        denominator = sum((a.denominator or 0) * n for a, n in rates)
        value: int | float | None = None
        if rates:
            value = numerator / denominator
        elif counted:
            value = sum(a.value * n for a, n in counted if isinstance(a.value, int))
        return RollUp(
            id=definition.id,
            label=ranked(definition.label, "乡镇"),
            unit=definition.unit,
            value=value,
            numerator=numerator if rates else None,
            denominator=denominator if rates else None,
            towns=sum(n for _, n in counted),
            missing=column[MISSING],
            per_town=definition.id in PER_TOWN,
        )

    def roll_ups(self) -> list[RollUp]:
        return [self.roll_up(definition) for definition in DEFINITIONS]
