"""What a service says of its log and its inbox: measured when metrics are asked for, never per event."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from prometheus_client import Gauge

from shared.events.marks import BROKEN
from shared.observability.metrics import REGISTRY
from shared.process.service import Running
from shared.storage import outbox

log = structlog.get_logger(__name__)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, ["service", *labels], registry=REGISTRY)


UP: Final = _gauge("dependency_up", "1 where what the service needs is there.", "dependency")
LEADING: Final = _gauge("relay_leading", "1 where this process publishes for the service.")
DEPTH: Final = _gauge("outbox_unpublished_events", "Events in the log that the broker has not confirmed.")
AGE: Final = _gauge("outbox_oldest_unpublished_seconds", "Age of the oldest of them; 0 without any.")
LAG: Final = _gauge("inbox_lag_events", "Over all streams: highest number seen less the number held whole.")
GAPS: Final = _gauge("inbox_gap_streams", "Streams of which a number is missing.")
TASK_UP: Final = _gauge("task_up", "1 where a background task runs, 0 while it is down.", "task")
HELD: Final = _gauge(
    "inbox_held_streams", "Streams whose events fail for no reason of theirs and are tried again."
)
STUCK: Final = _gauge("relay_stuck_streams", "Streams that cannot be read from the log.")
BROKEN_STREAMS: Final = _gauge(
    "inbox_broken_streams", "Streams in which an event does not follow the one before it."
)
LETTERS: Final = _gauge("dead_letters", "Events that could not be applied and nobody has settled.")
UNROUTED: Final = _gauge("unrouted_events", "Events on the broker that no inbox was bound to.")
OF_DATABASE: Final = (DEPTH, AGE, LAG, GAPS, BROKEN_STREAMS, LETTERS)


async def measure(alive: Running) -> None:
    """Bring the gauges of one service up to date; what cannot be known now is not shown."""
    service = alive.service.name
    needs = await alive.ready()
    for need, there in needs.items():
        UP.labels(service, need).set(there)
    LEADING.labels(service).set(alive.relay.leading)
    HELD.labels(service).set(len(alive.consumer.held))
    STUCK.labels(service).set(len(alive.relay.troubles))
    for task in alive.supervisor.names:
        TASK_UP.labels(service, task).set(task not in alive.supervisor.down)
    if needs["database"]:
        await _measure_log(alive, service)
        await _measure_inbox(alive, service)
    else:
        _forget(service, OF_DATABASE)
    if needs["broker"]:
        await _measure_broker(alive, service)
    else:
        _forget(service, (UNROUTED,))


def forget(alive: Running) -> None:
    """A service that has stopped shows nothing."""
    _forget(alive.service.name, (UP, TASK_UP, LEADING, HELD, STUCK, UNROUTED, *OF_DATABASE))


async def _measure_log(alive: Running, service: str) -> None:
    heads = {d["_id"]: d["sequence"] for d in await alive.store.find("streams", {})}
    cursors = {d["_id"]: d["published"] for d in await alive.store.find("cursors", {})}
    waiting = {
        source: cursors.get(source, 0)
        for source, sequence in heads.items()
        if cursors.get(source, 0) < sequence
    }
    DEPTH.labels(service).set(sum(heads[source] - published for source, published in waiting.items()))
    first = [outbox.position(source, published + 1) for source, published in waiting.items()]
    oldest = [
        json.loads(d["body"])["time"] for d in await alive.store.find("outbox", {"_id": {"$in": first}})
    ]
    now = alive.store.clock.now()
    age = (now - datetime.fromisoformat(min(oldest))).total_seconds() if oldest else 0.0
    AGE.labels(service).set(max(age, 0.0))


async def _measure_inbox(alive: Running, service: str) -> None:
    marks = (await alive.inbox.marks()).values()
    LAG.labels(service).set(sum(mark.seen - mark.upto for mark in marks))
    GAPS.labels(service).set(sum(bool(mark.missing()) for mark in marks))
    BROKEN_STREAMS.labels(service).set(sum(mark.hash == BROKEN for mark in marks))
    LETTERS.labels(service).set(await alive.store.database["letters"].count_documents({}))


async def _measure_broker(alive: Running, service: str) -> None:
    try:
        UNROUTED.labels(service).set(await alive.transport.unrouted())
    except Exception as error:
        log.warning("unrouted events not counted", reason=repr(error)[:200])


def _forget(service: str, gauges: Sequence[Gauge]) -> None:
    for gauge in gauges:
        gauge.remove_by_labels({"service": service})
