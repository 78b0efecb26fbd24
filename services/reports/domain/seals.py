"""The head at which a source sealed its stream for a closing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reports.domain import Parked

MANIFEST: Final = "lvzhi-summary-2"
"""Format of the manifest that summaries compiled from these seals carry (ADR 0060); from the second on, what is not
sent stands in a check document of its own (ADR 0064)."""

AREA_MANIFEST: Final = "lvzhi-area-1"
"""Format of the manifest of the report of an area: its sources are streams of many towns."""


@dataclass(frozen=True)
class SealedHead:
    """Sealed head of one service: last sequence, its hash, records per noun.

    `parked`: number of events the service could not apply; `parked_events`: the first of them.
    """

    service: str
    upto: int
    hash: str
    counts: Mapping[str, int]
    parked: int = 0
    parked_events: Sequence[Parked] = ()
