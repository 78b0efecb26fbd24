"""Collections of webhooks: what is subscribed, what was delivered, and how far each stream has been taken up.

`deliveries` and `webhook_cursors` are written by the process that delivers, one command at a time: they are not the
office's records and have no events. Times are RFC 3339 texts, which sort.
"""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.reports import events_out
from services.reports.domain.webhooks import Keys, Reason, State, public_key
from shared.clock import timestamp
from shared.storage.reader import Reader
from shared.storage.work import Collection, Index, Record

_KEYS: Final = TypeAdapter(tuple[Keys, ...])


class Webhook(Record):
    """A subscription of one area; `town` is the division in whose stream its events are.

    `keys`: JSON of the keys, encrypted; so is `url`. `since`: by service the cursor (as of the feed) it began at.
    """

    area: str
    url: str = ""
    origin: str
    description: str = ""
    types: tuple[str, ...] = ()
    ordered: bool = False
    state: State = "enabled"
    reason: Reason = ""
    keys: str = ""
    public_key: str
    since: dict[str, str] = {}
    added_at: datetime
    failing_since: str | None = None
    """Kept beside the version, as the two below: since when everything that was tried has failed."""
    last_failed_at: str | None = None
    last_delivered_at: str | None = None

    @property
    def all_keys(self) -> tuple[Keys, ...]:
        return _KEYS.validate_json(self.keys) if self.keys else ()

    @staticmethod
    def with_keys(keys: tuple[Keys, ...]) -> dict[str, str]:
        """The fields that change with the keys."""
        return {"keys": _KEYS.dump_json(keys).decode(), "public_key": public_key(keys[0])}


class Attempt(BaseModel):
    """One attempt of a delivery: when it began, the HTTP status or what went wrong, and how long it took."""

    model_config = ConfigDict(frozen=True)

    at: str
    status: int | None = None
    error: str = ""
    seconds: float = 0.0


class Delivery(Record):
    """An event on its way to a webhook; `id` is `webhook:event`, `town` the webhook's.

    `at`: when it is due, or once it is over when that was. `claimed_until`: a process is at it until then, and after
    that it ended without a word. `tries`: attempts of the present round, which a replay begins anew.
    """

    webhook_id: str
    event_id: str
    type: str
    source: str
    sequence: int
    state: str
    """pending, delivered, or failed: tried as often as the schedule says."""
    at: str
    tries: int = 0
    claimed_until: str = ""
    attempts: tuple[Attempt, ...] = ()


class Cursor(Record):
    """How far a stream was taken up for a webhook; `id` is `webhook source`. `epoch` is that of the stream then."""

    webhook_id: str
    source: str
    upto: int
    epoch: str = ""


WEBHOOKS: Final = Collection(
    "webhooks",
    Webhook,
    "webhook",
    events_out.WebhookFact,
    (Index(("area", "_id")), Index(("state", "_id"))),
    encrypted=("url", "keys"),
)
DELIVERIES: Final = Collection(
    "deliveries",
    Delivery,
    indexes=(
        Index(("webhook_id", "state", "at", "sequence")),
        Index(("webhook_id", "state", "_id")),
        Index(("webhook_id", "source", "state", "sequence")),
    ),
    left=(("webhook_id", "source", "state"),),
)
CURSORS: Final = Collection("webhook_cursors", Cursor, indexes=(Index(("webhook_id", "_id")),))
ALL: Final[tuple[Collection[Any], ...]] = (WEBHOOKS, DELIVERIES, CURSORS)


async def enabled(reader: Reader) -> list[dict[str, Any]]:
    """Of all areas, each to be loaded in its turn; without those whose keys were lost with those of the database."""
    documents = await reader.find("webhooks", {"state": "enabled"}, sort=(("_id", 1),))
    return [document for document in documents if document.get("keys") and document.get("url")]


async def below(reader: Reader, area: str) -> list[Webhook]:
    """Of an area and of those inside it, in order of creation."""
    query = {"area": {"$gte": area, "$lt": area + ":"}}
    return sorted((WEBHOOKS.load(d) for d in await reader.find("webhooks", query)), key=lambda hook: hook.id)


async def by_id(reader: Reader, id: str) -> Webhook | None:
    documents = await reader.find("webhooks", {"_id": id}, limit=1)
    return WEBHOOKS.load(documents[0]) if documents else None


async def deliveries(
    reader: Reader, webhook_id: str, state: str | None, *, after: str | None, limit: int
) -> list[Delivery]:
    """The log of a webhook, the latest events first, after the event `after`."""
    until = f"{webhook_id}:{after}" if after else f"{webhook_id};"
    query: dict[str, Any] = {"_id": {"$gte": f"{webhook_id}:", "$lt": until}}
    if state is not None:
        query |= {"webhook_id": webhook_id, "state": state}
    documents = await reader.find("deliveries", query, sort=(("_id", -1),), limit=limit)
    return [DELIVERIES.load(document) for document in documents]


async def delivery(reader: Reader, webhook_id: str, event_id: str) -> Delivery | None:
    documents = await reader.find("deliveries", {"_id": f"{webhook_id}:{event_id}"}, limit=1)
    return DELIVERIES.load(documents[0]) if documents else None


async def due(reader: Reader, webhook_id: str, now: datetime, limit: int) -> list[Delivery]:
    """Deliveries to be tried by now, the longest due first; of one stream in order."""
    query = {"webhook_id": webhook_id, "state": "pending", "at": {"$lte": timestamp(now)}}
    documents = await reader.find("deliveries", query, sort=(("at", 1), ("sequence", 1)), limit=limit)
    return [DELIVERIES.load(document) for document in documents]


async def first_due(reader: Reader, webhook_id: str, source: str, now: datetime) -> Delivery | None:
    """The first delivery of a stream that is pending, if it is to be tried by now."""
    query = {"webhook_id": webhook_id, "source": source, "state": "pending"}
    pending = await reader.find("deliveries", query, sort=(("sequence", 1),), limit=1)
    return next((one for one in map(DELIVERIES.load, pending) if one.at <= timestamp(now)), None)


async def is_pending(reader: Reader, webhook_id: str, source: str) -> bool:
    query = {"webhook_id": webhook_id, "source": source, "state": "pending"}
    return bool(await reader.find("deliveries", query, limit=1))


async def cursors(reader: Reader, webhook_id: str) -> dict[str, Cursor]:
    """By source."""
    documents = await reader.find("webhook_cursors", {"webhook_id": webhook_id})
    return {document["source"]: CURSORS.load(document) for document in documents}
