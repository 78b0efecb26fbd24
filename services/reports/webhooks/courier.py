"""The courier of one webhook: takes up events from the streams, tries what is due, and notes what came of it.

Every webhook has a courier of its own, so a slow receiver delays nobody. An event is taken up before it is sent and is
pending until it is settled: whatever ends the process, it is sent again under the same id.
"""

import asyncio
import math
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from services.reports.domain import webhooks as rules
from services.reports.domain.webhooks import TESTED, Reason
from services.reports.webhooks import gauges, queue, records, streams
from services.reports.webhooks.records import CURSORS, Attempt, Cursor, Delivery, Webhook
from services.reports.webhooks.sending import ANSWER_SECONDS, Outcome, Sender, in_parallel
from services.reports.webhooks.streams import Entry, Reach
from shared.clock import timestamp
from shared.endpoints.cursors import decode_cursor
from shared.envelope import CONTENT_TYPE, is_among, service_of, town_of
from shared.events.marks import first_of
from shared.storage.store import Store

POLL_SECONDS: Final = 1.0
BATCH: Final = 100
ORDERED_BATCH: Final = 20
"""Events of a stream taken up together, where they are sent one after the other."""
WIDTH: Final = 8
"""Requests to one receiver at a time; one where the last one failed."""
LEASE: Final = timedelta(seconds=ANSWER_SECONDS + 5)
"""After which a delivery that was begun and not settled is begun again."""
ATTEMPTS_KEPT: Final = 20
REBUILT: Final = timedelta(minutes=1)
"""The wait for an event whose stream is being received anew."""
RECHECK_SECONDS: Final = 10.0
"""After which it is looked at again whether a stream still waits: another process may have settled its events."""


@dataclass
class Courier:
    """`webhook` and `reached` are replaced by the dispatcher, which then sets `news`."""

    store: Store
    sender: Sender
    webhook: Webhook
    reached: Mapping[str, Reach] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    failing: bool = False
    over: Reason = ""
    """Why the webhook must be disabled now."""
    _cursors: dict[str, Cursor] = field(default_factory=dict)
    _since: dict[str, dict[str, int]] = field(default_factory=dict)
    _waiting: dict[str, float] = field(default_factory=dict)
    """Streams of an ordered webhook of which something is pending, and when that was seen."""

    async def run(self) -> None:
        """Until cancelled, or until the webhook has to be disabled."""
        self._cursors = await records.cursors(self.store, self.webhook.id)
        self._since = {service: decode_cursor(text) for service, text in self.webhook.since.items()}
        self.failing = self.webhook.failing_since is not None
        while not self.over:
            self.news.clear()
            if not await self.round():
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self.news.wait()

    async def round(self) -> int:
        """Take up new events and try what is due. Returns how much was done."""
        due = await self._due()
        taken = 0
        if len(due) < BATCH and (taken := await self._take_up()):
            due = await self._due()
        ready = await self._ready(due)
        bodies = await streams.entries_at(self.store, [(one.source, one.sequence) for one in ready])
        attempts = [partial(self._try, one, bodies.get((one.source, one.sequence))) for one in ready]
        return taken + len(list(filter(None, await in_parallel(WIDTH, attempts))))

    async def _due(self) -> list[Delivery]:
        return await records.due(self.store, self.webhook.id, self.store.clock.now(), BATCH)

    async def _ready(self, due: Sequence[Delivery]) -> list[Delivery]:
        """Where the order counts, the first of each stream; where the receiver is in trouble, one."""
        if self.webhook.ordered:  # `due` is cut, and events sent again are due later than those behind them
            now = self.store.clock.now()
            sources = sorted({one.source for one in due})
            firsts = [await records.first_due(self.store, self.webhook.id, one, now) for one in sources]
            due = [one for one in firsts if one is not None]
        return list(due[: 1 if self.failing else len(due)])

    # --- taking up

    async def _take_up(self) -> int:
        taken = 0
        for source, reach in self.reached.items():
            if self._is_of_interest(source) and taken < BATCH:
                taken += await self._take_up_of(source, reach)
        return taken

    def _is_of_interest(self, source: str) -> bool:
        service = service_of(source)
        return service == streams.OWN or rules.may_want(self.webhook.types, service)

    async def _take_up_of(self, source: str, reach: Reach) -> int:
        cursor = self._cursor(source, reach)
        if cursor.upto >= reach.upto or (self.webhook.ordered and await self._waits(source)):
            return 0
        last = min(reach.upto, cursor.upto + (ORDERED_BATCH if self.webhook.ordered else BATCH))
        found = await streams.entries(self.store, source, cursor.upto + 1, last)
        await queue.take_up(self.store, self.webhook, [entry for entry in found if self._wants(entry)])
        moved = cursor.model_copy(update={"upto": last})
        document = CURSORS.store(moved)
        await self._write("webhook_cursors", document.pop("_id"), document, upsert=True)
        self._cursors[source] = moved
        return last - cursor.upto

    async def _waits(self, source: str) -> bool:
        now = time.monotonic()
        if now - self._waiting.get(source, -math.inf) < RECHECK_SECONDS:
            return True
        waits = await records.is_pending(self.store, self.webhook.id, source)
        if waits:
            self._waiting[source] = now
        return waits

    def _cursor(self, source: str, reach: Reach) -> Cursor:
        """Of a stream that goes on in a new epoch, from the first event of that epoch."""
        known = self._cursors.get(source)
        if known is None:
            upto = self._since.get(service_of(source), {}).get(town_of(source), 0)
            known = queue.cursor_at(self.webhook, source, Reach(upto, reach.epoch))
        if reach.epoch > known.epoch:
            upto = min(known.upto, first_of(reach.epoch) - 1)
            known = known.model_copy(update={"upto": upto, "epoch": reach.epoch})
        self._cursors[source] = known
        return known

    def _wants(self, entry: Entry) -> bool:
        if entry.type == TESTED:
            return entry.subject == f"webhook/{self.webhook.id}"
        return is_among(self.webhook.types, entry.type)

    # --- trying

    async def _try(self, one: Delivery, entry: Entry | None) -> bool:
        """Send one event, unless another process is at it. Returns whether anything was done."""
        if self.over or not await self._claim(one):
            return False
        now = self.store.clock.now()
        if entry is None and not self._is_undone(one):
            await self._set(one, at=timestamp(now + REBUILT), claimed_until="")
            return True
        if entry is None or entry.id != one.event_id:
            gone = Outcome(error="来源从备份恢复过，日志中已没有这个事件")
            await self._settle(one, now, gone, final=True)
            return True
        hook, body, at = self.webhook, entry.body.encode(), int(now.timestamp())
        headers = {
            "Content-Type": CONTENT_TYPE,
            "webhook-id": entry.id,
            "webhook-timestamp": str(at),
            "webhook-signature": rules.signatures(rules.in_force(hook.all_keys, now), entry.id, at, body),
        }
        outcome = await self.sender.send(hook.url, body, headers)
        gauges.count(outcome)
        await self._settle(one, now, outcome, final=outcome.gone)
        await self._note(now, outcome)
        return True

    def _is_undone(self, one: Delivery) -> bool:
        """Whether an event that is not in the log was removed by a restore: it was taken up before the epoch in which
        its stream goes on, and the cursor has not come to its sequence again."""
        cursor = self._cursors.get(one.source)
        if cursor is None or not cursor.epoch:
            return False
        return max(cursor.upto + 1, first_of(cursor.epoch)) <= one.sequence

    async def _claim(self, one: Delivery) -> bool:
        now = self.store.clock.now()
        free = {
            "_id": one.id,
            "town": one.town,
            "state": "pending",
            "$or": [
                {"claimed_until": {"$lte": timestamp(now)}},
                {"claimed_until": {"$gt": timestamp(now + LEASE)}},  # by a clock that was ahead
            ],
        }
        claim = {"$set": {"claimed_until": timestamp(now + LEASE)}}
        return bool((await self.store.database["deliveries"].update_one(free, claim)).matched_count)

    async def _settle(self, one: Delivery, begun: datetime, outcome: Outcome, *, final: bool) -> None:
        attempt = Attempt(
            at=timestamp(begun), status=outcome.status, error=outcome.error, seconds=outcome.seconds
        )
        attempts = [entry.model_dump() for entry in (*one.attempts, attempt)][-ATTEMPTS_KEPT:]
        tries, now = one.tries + 1, self.store.clock.now()
        noted = {"tries": tries, "attempts": attempts, "claimed_until": ""}
        wait = rules.delay(tries, random.random(), outcome.wait)  # noqa: S311 - jitter
        if not (outcome.delivered or final or wait is None):
            await self._postpone(one, timestamp(now + wait), noted)
            return
        over = {"state": "delivered" if outcome.delivered else "failed", "at": timestamp(now), **noted}
        if outcome.delivered or final:
            await self._set(one, **over)
        elif not await self._set_unless_asked_for(one, over):
            return
        gauges.SETTLED.labels(over["state"]).inc()
        self._waiting.pop(one.source, None)

    async def _postpone(self, one: Delivery, at: str, noted: dict[str, Any]) -> None:
        if await self._set_unless_asked_for(one, {"at": at, **noted}) and self.webhook.ordered:
            # those behind it wait as long
            behind = {"webhook_id": one.webhook_id, "source": one.source, "state": "pending"}
            earlier = {**behind, "at": {"$lt": at}}
            await self.store.database["deliveries"].update_many(earlier, {"$set": {"at": at}})

    async def _set_unless_asked_for(self, one: Delivery, changes: dict[str, Any]) -> bool:
        """What came of a failure, unless somebody asked meanwhile for the event to be sent again: then it stays due."""
        seen = {"_id": one.id, "town": one.town, "at": one.at}
        if (await self.store.database["deliveries"].update_one(seen, {"$set": changes})).matched_count:
            return True
        await self._set(one, attempts=changes["attempts"], claimed_until="")
        return False

    async def _note(self, now: datetime, outcome: Outcome) -> None:
        """How the receiver does: since when everything failed, and whether it is time to give up."""
        self.failing = not outcome.delivered
        if outcome.gone:
            self.over = "gone"
        if outcome.delivered:
            health = {"failing_since": None, "last_delivered_at": timestamp(now)}
        else:
            since = rules.failing_since(self.webhook.failing_since, self.webhook.last_failed_at, now)
            if now - since >= rules.FAILING:
                self.over = "failing"
            health = {"failing_since": timestamp(since), "last_failed_at": timestamp(now)}
        await self._write("webhooks", self.webhook.id, health)
        self.webhook = self.webhook.model_copy(update=health)

    # --- writing

    async def _set(self, one: Delivery, **changes: Any) -> None:
        await self._write("deliveries", one.id, changes)

    async def _write(
        self, collection: str, id: str, changes: dict[str, Any], *, upsert: bool = False
    ) -> None:
        place = {"_id": id, "town": self.webhook.town}
        await self.store.database[collection].update_one(place, {"$set": changes}, upsert=upsert)
