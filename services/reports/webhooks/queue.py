"""What is pending for a webhook: events taken up, and those that somebody wants to be sent again."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final

from services.reports.domain.webhooks import LONGEST_DELAY, may_want
from services.reports.events_in import SOURCES
from services.reports.webhooks import streams
from services.reports.webhooks.records import CURSORS, DELIVERIES, Cursor, Delivery, Webhook
from services.reports.webhooks.streams import Entry, Reach
from shared.clock import timestamp
from shared.envelope import service_of
from shared.http.call import Store
from shared.storage import bulk, mongo

DELIVERED_KEPT: Final = timedelta(days=30)
FAILED_KEPT: Final = timedelta(days=180)
"""How long the log names what was delivered, and what was given up."""
AGAIN: Final[dict[str, Any]] = {"state": "pending", "tries": 0}


async def take_up(store: Store, webhook: Webhook, entries: Sequence[Entry]) -> None:
    """Make events pending, unless they are or were before."""
    now = timestamp(store.clock.now())
    pending = [_pending(webhook, entry, now) for entry in entries]
    await mongo.insert_missing(store.database["deliveries"], [DELIVERIES.store(one) for one in pending])


async def begin_now(store: Store, webhook: Webhook, types: Collection[str]) -> None:
    """Before a webhook wants other types: streams that it had no interest in until now begin where they are."""
    new = [s for s in SOURCES if may_want(types, s) and not may_want(webhook.types, s)]
    reached = await streams.reaches(store, webhook.area) if new else {}
    places = [
        cursor_at(webhook, source, reach) for source, reach in reached.items() if service_of(source) in new
    ]
    writes = [
        mongo.ReplaceOne({"_id": place.id, "town": place.town}, CURSORS.store(place), upsert=True)
        for place in places
    ]
    if writes:
        await mongo.bulk_write(store.database["webhook_cursors"], writes)


def cursor_at(webhook: Webhook, source: str, reach: Reach) -> Cursor:
    return Cursor(
        id=f"{webhook.id} {source}",
        town=webhook.town,
        webhook_id=webhook.id,
        source=source,
        upto=reach.upto,
        epoch=reach.epoch,
    )


async def send_again(store: Store, webhook: Webhook, entries: Sequence[Entry]) -> None:
    """Make events pending that may have been delivered or given up before. Where the order counts, what waits in their
    streams is due as well, behind them."""
    await take_up(store, webhook, entries)
    again = {"$set": {**AGAIN, "at": timestamp(store.clock.now())}}
    for part in mongo.parts([f"{webhook.id}:{entry.id}" for entry in entries], bulk.IDS_AT_ONCE):
        await store.database["deliveries"].update_many({"_id": {"$in": list(part)}}, again)
    if webhook.ordered:
        for source in sorted({entry.source for entry in entries}):
            waiting = {"webhook_id": webhook.id, "source": source, "state": "pending"}
            await store.database["deliveries"].update_many(waiting, again)


async def send_failed_again(store: Store, webhook: Webhook) -> int:
    """Make pending what was given up, and due what waits after a failure; return how many."""
    again = {"$set": {**AGAIN, "at": timestamp(store.clock.now())}}
    given_up = {"webhook_id": webhook.id, "state": {"$in": ["failed", "pending"]}}
    return int((await store.database["deliveries"].update_many(given_up, again)).matched_count)


async def tidy(store: Store, webhook_id: str) -> None:
    """Forget what was settled long ago, and have due what a clock that was ahead put off too far."""
    now, deliveries = store.clock.now(), store.database["deliveries"]
    far = {"webhook_id": webhook_id, "state": "pending", "at": {"$gt": timestamp(now + LONGEST_DELAY)}}
    await deliveries.update_many(far, {"$set": {"at": timestamp(now)}})
    for state, kept in (("delivered", DELIVERED_KEPT), ("failed", FAILED_KEPT)):
        old = {"webhook_id": webhook_id, "state": state, "at": {"$lt": timestamp(now - kept)}}
        await bulk.delete_all(deliveries, old)


def _pending(webhook: Webhook, entry: Entry, now: str) -> Delivery:
    return Delivery(
        id=f"{webhook.id}:{entry.id}",
        town=webhook.town,
        webhook_id=webhook.id,
        event_id=entry.id,
        type=entry.type,
        source=entry.source,
        sequence=entry.sequence,
        state="pending",
        at=now,
    )
