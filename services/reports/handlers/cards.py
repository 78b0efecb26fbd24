"""Queries of public cards: those of a town, kept for those who ask again until something of the town changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.reports import kept_log
from services.reports.domain.cards import Card
from services.reports.errors import NoCard
from services.reports.events_in import SOURCES, Person
from services.reports.figures import fold
from services.reports.figures.year import Year
from services.reports.files.public_card import cards
from services.reports.repository import TOWNS
from shared.chinese.names import short_id
from shared.envelope import Event
from shared.http.bulkhead import Bulkhead
from shared.storage.work import Work

KEPT: Final = 64
"""Towns whose cards are kept."""
_ERASED: Final = "roster.person.erased."


@dataclass(frozen=True)
class Cards:
    """Reads the cards of one town at a time."""

    _kept: OrderedDict[tuple[Any, ...], Mapping[str, Card]] = field(default_factory=OrderedDict, init=False)
    _turns: Bulkhead = field(
        default_factory=lambda: Bulkhead(at_once=1, waiting=20, retry_seconds=5), init=False
    )

    async def card(self, work: Work, id: str, kind: str | None = None) -> Card:
        """By its id, or its short one where only one has it. Errors: NoCard, also where the town shows none; Busy."""
        shown = await self.shown(work)
        found = [shown[id]] if id in shown else [card for card in shown.values() if short_id(card.id) == id]
        if len(found) != 1 or kind not in (None, found[0].kind):
            raise NoCard
        return found[0]

    async def switched_on(self, work: Work) -> bool:
        town = await work.get(TOWNS, work.town)
        return town is not None and town.public

    async def shown(self, work: Work) -> Mapping[str, Card]:
        """By id, none where the town has not switched them on. Errors: Busy."""
        if not await self.switched_on(work):
            return {}
        async with self._turns.turn():
            heads = await kept_log.heads(work)
            key = (work.town, work.clock.today(), *sorted((h.service, h.held, h.hash) for h in heads))
            if key not in self._kept:
                self._kept[key] = await _read(work)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


async def _read(work: Work) -> Mapping[str, Card]:
    logs = [await kept_log.kept_events(work, service) for service in SOURCES]
    events = [event for log in logs for event in log]
    found = await asyncio.to_thread(_cards, work, events)
    return {card.id: card for card in found}


def _cards(work: Work, events: Sequence[Event]) -> list[Card]:
    ledger, today = fold(work.town, events), work.clock.today()
    erased = {event.subject.partition("/")[2] for event in events if event.type.startswith(_ERASED)}
    merged = {fact.data.merged_into for id, fact in ledger.by_id(Person).items() if id in erased}
    return cards(Year(ledger, today.year, today), erased | merged)
