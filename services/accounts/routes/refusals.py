"""Refusals of clients: what is recorded of them, and how often."""

from dataclasses import dataclass, field

from services.accounts.domain.clients import Client
from services.accounts.handlers import clients
from shared.errors import TooMany
from shared.http import Call
from shared.http.rates import Rates


@dataclass(frozen=True)
class Refusals:
    """At every door of a client together: whoever knows its id must not fill the log."""

    recorded: Rates = field(default_factory=lambda: Rates("refused", 10, 60))

    async def record(self, call: Call, client: Client, reason: str) -> None:
        """Record a refusal, unless there were too many in this minute."""
        try:
            self.recorded.take(client.id)
        except TooMany:
            return
        await call.store.execute(
            town=client.town, actor="", run=lambda work: clients.note_refusal(work, client, reason)
        )
