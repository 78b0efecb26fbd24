"""Gauges of a service's outbox, inbox and dependencies, measured when metrics are read, never per event."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from prometheus_client import Gauge

from shared.events.marks import BROKEN
from shared.observability.metrics import REGISTRY
from shared.process.service import Running
from shared.process.turns import FAILING
from shared.storage import outbox

log = structlog.get_logger(__name__)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, ["service", *labels], registry=REGISTRY)


UP: Final = _gauge("dependency_up", "1 where the dependency is available.", "dependency")
LEADING: Final = _gauge("relay_leading", "1 where this replica publishes events of the service.")
DEPTH: Final = _gauge("outbox_unpublished_events", "Events in the log that the broker has not confirmed.")
AGE: Final = _gauge(
    "outbox_oldest_unpublished_seconds", "Age of the oldest unpublished event; 0 without any."
)
LAG: Final = _gauge(
    "inbox_lag_events", "Sum over streams: highest sequence seen less the one complete up to."
)
GAPS: Final = _gauge("inbox_gap_streams", "Streams with a missing sequence.")
TASK_UP: Final = _gauge("task_up", "1 where a background task runs, 0 while it is down.", "task")
TURN: Final = _gauge(
    "task_turn_seconds",
    "How long the present turn has gone without progress; 0 where the task waits for work.",
    "task",
)
HELD: Final = _gauge("inbox_held_streams", "Streams whose events fail for external reasons and are retried.")
STUCK: Final = _gauge("relay_stuck_streams", "Streams whose log cannot be read.")
BROKEN_STREAMS: Final = _gauge(
    "inbox_broken_streams", "Streams in which an event does not continue the hash chain."
)
LETTERS: Final = _gauge(
    "dead_letters", "Events that could not be applied and were neither replayed nor dropped."
)
UNROUTED: Final = _gauge("unrouted_events", "Events on the broker that no queue was bound to.")
OF_DATABASE: Final = (DEPTH, AGE, LAG, GAPS, BROKEN_STREAMS, LETTERS)


async def measure(alive: Running) -> None:
    """Update the gauges of one service. Gauges whose dependency is unavailable are removed."""
    service = alive.service.name
    dependencies = await alive.ready()
    for name, available in dependencies.items():
        UP.labels(service, name).set(available)
    LEADING.labels(service).set(alive.relay.leading)
    HELD.labels(service).set(len(alive.consumer.held))
    STUCK.labels(service).set(len(alive.relay.stuck))
    for task in alive.supervisor.names:
        TASK_UP.labels(service, task).set(task not in alive.supervisor.down)
    for task, seconds in alive.turns.items():
        TURN.labels(service, task).set(seconds)
    if dependencies["database"]:
        await _measure_log(alive, service)
        await _measure_inbox(alive, service)
    else:
        _forget(service, OF_DATABASE)
    if dependencies["broker"]:
        await _measure_broker(alive, service)
    else:
        _forget(service, (UNROUTED,))


def forget(alive: Running) -> None:
    """Remove all gauges of a service that has stopped."""
    of_tasks = (TASK_UP, TURN, FAILING)
    _forget(alive.service.name, (UP, *of_tasks, LEADING, HELD, STUCK, UNROUTED, *OF_DATABASE))


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
        json.loads(document["body"])["time"]
        for document in await alive.store.find("outbox", {"_id": {"$in": first}})
        if "body" in document  # one without is a stuck stream
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
        log.warning("unrouted events not counted", reason=error)


def _forget(service: str, gauges: Sequence[Gauge]) -> None:
    for gauge in gauges:
        gauge.remove_by_labels({"service": service})
