"""Background task: one courier for each enabled webhook, in the process that leads."""

import asyncio
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final, NamedTuple

import structlog

from services.reports.domain.receivers import Network
from services.reports.domain.webhooks import Reason, may_want
from services.reports.events_in import SOURCES
from services.reports.webhooks import gauges, queue, records, streams
from services.reports.webhooks.courier import Courier
from services.reports.webhooks.records import WEBHOOKS, Webhook
from services.reports.webhooks.sending import Sender
from services.reports.webhooks.streams import Reach
from shared.process.service import Running
from shared.process.turns import Turns, key_of
from shared.storage.mongo import Document
from shared.storage.paging import places
from shared.storage.work import Work

LOOK_SECONDS: Final = 0.5
MEASURE_SECONDS: Final = 15.0
LOOK_REST: Final = 20
"""Times as long as a look at the streams took, the next one waits."""
LONGEST_REST: Final = 10.0
"""The longest such wait: a look that waited for the database, or failed, says nothing of the work it is."""
STEADY_SECONDS: Final = 60.0
"""How long a courier has to work until an earlier error of it counts as settled."""
ACTOR: Final = "service:reports"

log = structlog.get_logger(__name__)


async def deliver(alive: Running, networks: tuple[Network, ...] = ()) -> None:
    """Deliver until cancelled."""
    turns = Turns(alive.service.name, "deliver_webhooks")
    async with Sender(networks) as sender:
        office = Dispatch(alive, sender, turns)
        try:
            while True:
                begun = time.monotonic()
                await turns.by_itself("look", office.look)
                rest = rest_after(time.monotonic() - begun)
                for part, act in (("measure", office.measure), ("tidy", office.tidy)):
                    if not turns.rests(part):
                        await turns.by_itself(part, act)
                await asyncio.sleep(rest)
        finally:
            await office.stop()


def rest_after(seconds: float) -> float:
    """How long to wait after a look that took so long."""
    return min(max(LOOK_SECONDS, LOOK_REST * seconds), LONGEST_REST)


class Employed(NamedTuple):
    """A courier at work, since an instant of the monotonic clock."""

    courier: Courier
    task: asyncio.Task[None]
    since: float


class CourierFailed(Exception):
    """The courier of a webhook, whose id it names, ended with an error: a failure of its turn, also where it was the
    database's, which ended those of all webhooks."""


@dataclass
class Dispatch:
    """The couriers of this process, by webhook."""

    alive: Running
    sender: Sender
    turns: Turns
    couriers: dict[str, Employed] = field(default_factory=dict)
    _measured: float | None = None
    _tidied: date | None = None

    async def look(self) -> None:
        """Bring couriers and what they know up to date."""
        enabled = await records.enabled(self.alive.store) if self.alive.presence.is_leader else []
        await self._dismiss({document["_id"] for document in enabled})
        reached: dict[tuple[str, bool], dict[str, Reach]] = {}
        due = {key_of("webhooks", document["_id"]): document for document in enabled}
        self.turns.keep("webhooks", due)
        for key, document in due.items():
            if not self.turns.rests(key):
                await self.turns.take(key, partial(self._attend, key, document, reached), clears=False)

    async def tidy(self) -> None:
        """Tidy the deliveries of every webhook, disabled ones too, once a day."""
        today = self.alive.store.clock.today()
        if not self.alive.presence.is_leader or self._tidied == today:
            return
        for webhook in await places(self.alive.store, WEBHOOKS.name, {}):
            await queue.tidy(self.alive.store, webhook.id)
        self._tidied = today

    async def measure(self) -> None:
        """Every process that leads measures, now and then; one that led before says nothing."""
        now = time.monotonic()
        if not self.alive.presence.is_leader:
            gauges.forget()
        elif self._measured is None or now - self._measured >= MEASURE_SECONDS:
            self._measured = now
            await gauges.measure(self.alive.store, self.couriers.keys())

    async def _attend(
        self, key: str, document: Document, reached: dict[tuple[str, bool], dict[str, Reach]]
    ) -> None:
        """`reached`: what was read for other webhooks in the same look. The turn is over without an error when the
        courier has worked for STEADY_SECONDS. Errors: CourierFailed."""
        webhook = WEBHOOKS.load(document)
        if webhook.id in self.couriers and (reason := self.couriers[webhook.id].courier.over):
            await self._disable(webhook, reason)
            await self._dismiss(self.couriers.keys() - {webhook.id})
            return
        if self._has_other_types(webhook):
            await self._dismiss(self.couriers.keys() - {webhook.id})
        needs = webhook.area, any(may_want(webhook.types, service) for service in SOURCES)
        if needs not in reached:
            reached[needs] = await streams.reaches(self.alive.store, webhook.area, kept=needs[1])
        if self._employ(webhook, reached[needs]) >= STEADY_SECONDS:
            self.turns.settle(key)

    def _has_other_types(self, webhook: Webhook) -> bool:
        """Whether the types were changed: then the places where streams begin are read again."""
        return (
            webhook.id in self.couriers and self.couriers[webhook.id].courier.webhook.types != webhook.types
        )

    def _employ(self, webhook: Webhook, reached: dict[str, Reach]) -> float:
        """For how many seconds the courier has worked. Errors: CourierFailed; the next look employs another."""
        now = time.monotonic()
        known = self.couriers.get(webhook.id)
        if known is not None and known.task.done():
            del self.couriers[webhook.id]
            if not known.task.cancelled() and (error := known.task.exception()) is not None:
                raise CourierFailed(webhook.id) from error
        if known is None or known.task.done():
            courier = Courier(self.alive.store, self.sender, webhook, reached)
            task = asyncio.create_task(courier.run(), name=f"webhook {webhook.id}")
            self.couriers[webhook.id] = Employed(courier, task, now)
            return 0.0
        courier = known.courier
        if courier.reached != reached or courier.webhook.version != webhook.version:
            courier.news.set()
        courier.webhook, courier.reached = webhook, reached
        return now - known.since

    async def _disable(self, webhook: Webhook, reason: Reason) -> None:
        run = partial(disable, id=webhook.id, reason=reason)
        await self.alive.store.execute(town=webhook.town, actor=ACTOR, run=run)
        log.warning("webhook disabled", webhook=webhook.id, reason=reason)

    async def _dismiss(self, kept: AbstractSet[str]) -> None:
        for id in self.couriers.keys() - kept:
            task = self.couriers.pop(id).task
            task.cancel()
            await asyncio.wait({task})  # raises nothing of the task, and lets our own cancellation through

    async def stop(self) -> None:
        await self._dismiss(set())


async def disable(work: Work, id: str, reason: Reason) -> None:
    """Disable a webhook, unless it is."""
    webhook = await work.require(WEBHOOKS, id)
    if webhook.state == "enabled":
        work.change(WEBHOOKS, webhook.model_copy(update={"state": "disabled", "reason": reason}), "disabled")
