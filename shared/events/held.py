"""A held stream: its deliveries in order, and the time of the next retry."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from shared.clock import Backoff
from shared.envelope import Event
from shared.transport import Delivery

FIRST_WAIT, LONGEST_WAIT = 0.05, 5.0
HELD_MOST: Final = 200
"""Deliveries kept of a held stream; later ones are requested again after its release."""

Received = tuple[Delivery, Event]


@dataclass
class Held:
    """`taken`: the deliveries in order; `unacked`: those of them that are not acked yet."""

    taken: deque[Received] = field(default_factory=deque)
    unacked: list[Received] = field(default_factory=list)
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST_WAIT, LONGEST_WAIT))

    def add(self, received: Received) -> None:
        """Add a delivery, unless a consumer that was restarted has it in hand again."""
        if any(received[0] is delivery for delivery, _ in self.taken):
            return
        self.taken.append(received)
        self.unacked.append(received)

    def acked(self, number: int) -> None:
        """So many are acked and may be forgotten beyond HELD_MOST."""
        del self.unacked[:number]
        while len(self.taken) > HELD_MOST:
            self.taken.pop()
