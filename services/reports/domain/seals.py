"""The point up to which a source sealed its stream for a closing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.reports.domain import Parked


@dataclass(frozen=True)
class SealedHead:
    """What one service sealed: how far its stream reached, the hash there, its records per noun.

    `parked`: how many events of others it could not apply; `parked_events`: the first of them.
    """

    service: str
    upto: int
    hash: str
    counts: Mapping[str, int]
    parked: int = 0
    parked_events: Sequence[Parked] = ()
