"""Metrics of webhooks: attempts by what came of them, what waits and how long, and how many are disabled."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final, get_args

from prometheus_client import Counter, Gauge

from services.reports.domain.webhooks import Reason
from services.reports.webhooks.sending import Outcome
from shared.ids import made_at
from shared.observability.metrics import REGISTRY
from shared.storage.store import Store

ATTEMPTS: Final = Counter(
    "webhook_attempts", "Requests to receivers, by what came of them.", ["result"], registry=REGISTRY
)
SETTLED: Final = Counter(
    "webhook_deliveries",
    "Events delivered, or given up after the last attempt.",
    ["state"],
    registry=REGISTRY,
)
PENDING: Final = Gauge("webhook_pending_deliveries", "Events taken up and not settled.", registry=REGISTRY)
AGE: Final = Gauge(
    "webhook_oldest_pending_seconds", "Age of the oldest event not settled; 0 without any.", registry=REGISTRY
)
DISABLED: Final = Gauge("webhooks_disabled", "Disabled webhooks, by reason.", ["reason"], registry=REGISTRY)


def count(outcome: Outcome) -> None:
    """One attempt: delivered, gone (410), refused by another status, or without an answer."""
    if outcome.delivered or outcome.gone:
        result = "delivered" if outcome.delivered else "gone"
    else:
        result = "unanswered" if outcome.status is None else "refused"
    ATTEMPTS.labels(result).inc()


async def measure(store: Store, webhooks: Collection[str]) -> None:
    """`webhooks`: ids of those enabled. An id of an event says when it was made."""
    waiting, oldest = 0, list[datetime]()
    for webhook in webhooks:
        pending = {"webhook_id": webhook, "state": "pending"}
        waiting += await store.database["deliveries"].count_documents(pending)
        first = await store.find("deliveries", pending, sort=(("_id", 1),), limit=1)
        oldest += (made for one in first if (made := made_at(one["event_id"])) is not None)
    PENDING.set(waiting)
    now = store.clock.now().astimezone(UTC)
    AGE.set(max((now - min(oldest)).total_seconds(), 0.0) if oldest else 0.0)
    for reason in filter(None, get_args(Reason)):
        disabled = {"state": "disabled", "reason": reason}
        DISABLED.labels(reason).set(await store.database["webhooks"].count_documents(disabled))


def forget() -> None:
    """Another process leads: its numbers count."""
    PENDING.set(0)
    AGE.set(0)
    DISABLED.clear()
