"""Webhooks delivered: what arrives, in which order, what is tried again, and what ends a webhook."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.reports.app import build
from services.reports.domain.webhooks import SCHEDULE
from services.reports.settings import Settings
from services.reports.webhooks import courier as couriers
from services.reports.webhooks import gauges, queue, records, streams
from services.reports.webhooks.courier import BATCH
from services.reports.webhooks.sending import Sender
from shared.clock import timestamp
from shared.envelope import Event
from shared.observability.metrics import REGISTRY
from shared.storage.outbox import positions
from shared.transport import Message
from tests.fixtures.apps import TOWN, Drive, Driver
from tests.fixtures.receivers import LOOPBACK, MovedClock, Receiver, receiving
from tests.probes import eventually

pytestmark = pytest.mark.mongo
HOOKS = "/webhooks"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def desk(drive: Drive, clock: MovedClock) -> Driver:
    return await drive(build(Settings.model_validate({"webhook_networks": LOOPBACK})), clock=clock)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as there:
        yield there


async def subscribe(desk: Driver, receiver: Receiver, **wanted: Any) -> str:
    given = await desk.post(HOOKS, {"url": receiver.url, **wanted})
    receiver.secret = given["secret"]
    return str(given["id"])


async def happens(desk: Driver, *names: str, type: str = "roster.group.formed.v1") -> None:
    for name in names:
        await desk.says(type, {"id": name, "name": name})


def subjects(receiver: Receiver) -> list[str]:
    return [event["data"]["id"] for event in receiver.seen]


async def log_of(desk: Driver, hook: str) -> list[dict[str, Any]]:
    return list((await desk.get(f"{HOOKS}/{hook}/deliveries"))["items"])


async def settled(desk: Driver, hook: str, state: str, count: int) -> list[dict[str, Any]]:
    async def there() -> list[dict[str, Any]]:
        found = [one for one in await log_of(desk, hook) if one["state"] == state]
        assert len(found) == count, await log_of(desk, hook)
        return found

    return await eventually(there)


async def test_an_event_arrives_as_it_is_in_the_log(desk: Driver, receiver: Receiver) -> None:
    hook = await subscribe(desk, receiver, types=["roster.group.*"])
    await happens(desk, "a")
    await eventually(lambda: subjects(receiver) == ["a"])
    headers, body = receiver.requests[0]
    kept = await desk.alive.store.find("inbox", {"_id": f"/{TOWN}/roster#{1:012d}"})
    assert body.decode() == kept[0]["body"]
    assert headers["content-type"] == "application/cloudevents+json"
    assert {part.partition(",")[0] for part in headers["webhook-signature"].split(" ")} == {"v1", "v1a"}
    (delivery,) = await settled(desk, hook, "delivered", 1)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [204]


async def test_only_what_is_wanted_arrives_and_only_from_now_on(desk: Driver, receiver: Receiver) -> None:
    await happens(desk, "before")
    await eventually(lambda: told(desk, 1))
    await subscribe(desk, receiver, types=["roster.group.changed.v1", "roster.station.*"])
    await happens(desk, "added")
    await happens(desk, "changed", type="roster.group.changed.v1")
    await eventually(lambda: subjects(receiver) == ["changed"])


async def told(desk: Driver, upto: int) -> bool:
    marks = await desk.alive.store.find("sources", {"_id": f"/{TOWN}/roster"})
    return bool(marks and marks[0]["upto"] == upto)


async def test_a_webhook_may_begin_at_the_start_of_the_log(desk: Driver, receiver: Receiver) -> None:
    await happens(desk, "a", "b")
    await eventually(lambda: told(desk, 2))
    await subscribe(desk, receiver, types=["roster.*"], begin="start", ordered=True)
    await eventually(lambda: subjects(receiver) == ["a", "b"])


async def test_a_receiver_that_was_away_for_a_day_gets_all_once_each(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind = timedelta(days=1)
    hook = await subscribe(desk, receiver, types=["roster.*"])
    receiver.status = 503
    names = [f"g{n}" for n in range(6)]
    await happens(desk, *names)
    await eventually(lambda: receiver.asked >= 6)
    for hours in (20, 14, 8, 2):
        wanted = receiver.asked + 6
        clock.behind = timedelta(hours=hours)
        await eventually(partial(receiver.was_asked, wanted))
    receiver.status, clock.behind = 204, timedelta(0)
    await desk.post(f"{HOOKS}/{hook}:replay", {"failed": True})
    await eventually(lambda: sorted(subjects(receiver)) == names)
    assert len(set(receiver.ids)) == len(receiver.ids)
    await settled(desk, hook, "delivered", 6)


def failing() -> float | None:
    labels = {"service": "reports", "task": "deliver_webhooks"}
    return REGISTRY.get_sample_value("background_turns_failing", labels)


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def measured(desk: Driver) -> None:
    enabled = await records.enabled(desk.alive.store)
    await gauges.measure(desk.alive.store, [one["_id"] for one in enabled])


async def test_metrics_say_what_waits_and_what_is_disabled(desk: Driver, receiver: Receiver) -> None:
    refused = metric("webhook_attempts_total", result="refused")
    given = metric("webhook_deliveries_total", state="delivered")
    hook = await subscribe(desk, receiver, types=["roster.*", "reports.webhook.tested.v1"])
    receiver.status = 503
    await desk.post(f"{HOOKS}/{hook}:test", {})
    await eventually(lambda: metric("webhook_attempts_total", result="refused") > refused)
    await measured(desk)
    assert metric("webhook_pending_deliveries") == 1
    assert metric("webhook_oldest_pending_seconds") > 0
    receiver.status = 204
    await desk.post(f"{HOOKS}/{hook}:replay", {"failed": True})
    await eventually(lambda: metric("webhook_deliveries_total", state="delivered") > given)
    await desk.post(f"{HOOKS}/{hook}:disable", {})
    await measured(desk)
    assert (metric("webhook_pending_deliveries"), metric("webhook_oldest_pending_seconds")) == (0, 0)
    assert metric("webhooks_disabled", reason="asked") == 1
    gauges.forget()
    assert metric("webhooks_disabled", reason="asked") == 0


async def test_an_ordered_stream_waits_for_its_first(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind = timedelta(hours=1)
    await subscribe(desk, receiver, types=["roster.*"], ordered=True)
    receiver.answers = [500, 500]
    await happens(desk, "a", "b", "c")
    await eventually(lambda: receiver.asked == 1)
    clock.behind = timedelta(minutes=50)
    await eventually(lambda: receiver.asked == 2)
    await happens(desk, "d")
    clock.behind = timedelta(0)
    await eventually(lambda: subjects(receiver) == ["a", "b", "c", "d"])
    assert receiver.asked == 6


async def test_what_is_sent_again_goes_in_order_however_much_it_is(desk: Driver, receiver: Receiver) -> None:
    """More than are read at a time: made due from the first on, they are for a moment due later than those behind."""
    names = [f"g{number:03}" for number in range(BATCH + 20)]
    await happens(desk, *names)
    await eventually(lambda: told(desk, len(names)))
    hook = await subscribe(desk, receiver, types=["roster.*"], ordered=True)
    store, source = desk.alive.store, f"/{TOWN}/roster"
    webhook = await records.by_id(store, hook)
    assert webhook is not None
    entries = await streams.entries(store, source, 1, len(names))
    receiver.delay = 0.05
    await queue.take_up(store, webhook, entries[20:])
    await queue.take_up(store, webhook, entries[:20])
    await eventually(lambda: len(receiver.seen) > 20)
    receiver.delay = 0.0
    later = subjects(receiver)[1:]
    assert later == sorted(later)


async def test_a_stream_whose_first_event_another_process_settled_goes_on(
    desk: Driver, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "RECHECK_SECONDS", 0.0)
    hook = await subscribe(desk, receiver, types=["roster.*"], ordered=True)
    await desk.post(f"{HOOKS}/{hook}:disable", {})  # the service's own courier is no more
    await happens(desk, "a", "b")
    await eventually(lambda: told(desk, 2))
    store = desk.alive.store
    webhook = await records.by_id(store, hook)
    assert webhook is not None
    await queue.take_up(store, webhook, await streams.entries(store, f"/{TOWN}/roster", 1, 1))
    deliveries, of_town = store.database["deliveries"], {"town": TOWN}
    at_it = timestamp(store.clock.now() + timedelta(seconds=10))
    await deliveries.update_many(of_town, {"$set": {"claimed_until": at_it}})
    reached = await streams.reaches(store, TOWN, kept=True)
    networks = Settings.model_validate({"webhook_networks": LOOPBACK}).webhook_networks
    async with Sender(networks) as sender:
        courier = couriers.Courier(store, sender, webhook, reached)
        await courier.round()  # the other streams
        assert await courier.round() == 0
        await deliveries.update_many(of_town, {"$set": {"state": "delivered"}})
        assert await courier.round() > 0
    assert subjects(receiver) == ["b"]


async def test_a_webhook_that_cannot_be_read_holds_up_no_other(desk: Driver, receiver: Receiver) -> None:
    broken, _ = [await subscribe(desk, receiver, types=["roster.*"]) for _ in range(2)]
    webhooks = desk.alive.store.database["webhooks"]
    await webhooks.update_one({"_id": broken, "town": TOWN}, {"$set": {"types": "?"}})
    await eventually(lambda: failing() == 1)
    await happens(desk, "a")
    await eventually(lambda: subjects(receiver) == ["a"])


async def test_a_delivery_that_cannot_be_read_holds_up_no_other_webhook_and_is_seen(
    desk: Driver, receiver: Receiver
) -> None:
    broken = await subscribe(desk, receiver, types=["roster.*"])
    receiver.status = 503
    await happens(desk, "a")
    [a] = await settled(desk, broken, "pending", 1)
    await subscribe(desk, receiver, types=["roster.*"])
    place = {"_id": f"{broken}:{a['event_id']}", "town": TOWN}
    deliveries = desk.alive.store.database["deliveries"]
    await deliveries.update_one(
        place, {"$set": {"attempts": "?", "at": timestamp(desk.alive.store.clock.now())}}
    )
    await eventually(lambda: failing() == 1)
    receiver.status = 204
    await happens(desk, "b")
    await eventually(lambda: subjects(receiver) == ["b"])
    assert failing() == 1


async def test_what_is_asked_for_during_its_last_attempt_is_sent_again(
    desk: Driver, receiver: Receiver
) -> None:
    hook = await subscribe(desk, receiver, types=["roster.*"])
    receiver.answers = [503, 503]
    await happens(desk, "a")
    await eventually(lambda: attempted(desk, hook, 1))
    receiver.delay = 1.0
    last = {"tries": len(SCHEDULE) - 1, "at": timestamp(desk.alive.store.clock.now())}
    await desk.alive.store.database["deliveries"].update_many({"town": TOWN}, {"$set": last})
    await eventually(lambda: receiver.asked == 2)
    assert await desk.post(f"{HOOKS}/{hook}:replay", {"failed": True}) == {"deliveries": 1}
    await eventually(lambda: attempted(desk, hook, 2))
    await eventually(lambda: subjects(receiver) == ["a"])
    await settled(desk, hook, "delivered", 1)


async def attempted(desk: Driver, hook: str, times: int) -> bool:
    return [len(one["attempts"]) for one in await log_of(desk, hook)] == [times]


async def test_a_slow_receiver_delays_nobody(desk: Driver, receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.delay = 10.0
        await subscribe(desk, slow, types=["roster.*"])
        await subscribe(desk, receiver, types=["roster.*"])
        await happens(desk, *(f"g{n}" for n in range(20)))
        await eventually(lambda: len(receiver.seen) == 20)
        assert slow.seen == []
        slow.delay = 0.0


async def test_gone_disables_at_once_and_says_so(desk: Driver, receiver: Receiver) -> None:
    hook = await subscribe(desk, receiver, types=["roster.*"])
    receiver.status = 410
    await happens(desk, "a")
    await eventually(lambda: is_disabled(desk, hook, "gone"))
    assert [event["data"]["reason"] for event in await notices(desk)] == ["gone"]
    await happens(desk, "b")
    await eventually(lambda: told(desk, 2))
    assert receiver.asked == 1
    receiver.status = 204
    await desk.post(f"{HOOKS}/{hook}:enable", {})
    await eventually(lambda: subjects(receiver) == ["b"])


async def test_five_days_of_failures_disable_with_a_notice(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind = timedelta(days=6)
    hook = await subscribe(desk, receiver, types=["roster.*"])
    receiver.status = 500
    await happens(desk, "a")
    await eventually(lambda: receiver.asked == 1)
    clock.behind = timedelta(days=4)
    await eventually(lambda: receiver.asked == 2)
    clock.behind = timedelta(days=2)
    await eventually(lambda: receiver.asked == 3)
    assert (await desk.get(f"{HOOKS}/{hook}"))["state"] == "enabled"
    clock.behind = timedelta(0)
    await eventually(lambda: is_disabled(desk, hook, "failing"))
    assert [event["data"]["reason"] for event in await notices(desk)] == ["failing"]


async def test_a_clock_that_was_ahead_leaves_nothing_waiting_for_that_day(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind = timedelta(days=-400)
    await subscribe(desk, receiver, types=["roster.*"])
    receiver.answers = [500]
    await happens(desk, "a")
    await eventually(lambda: receiver.asked == 1)
    clock.behind = timedelta(0)
    await eventually(lambda: subjects(receiver) == ["a"])


async def test_what_was_delivered_is_forgotten_after_thirty_days(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind, receiver.verify = timedelta(days=31), False
    hook = await subscribe(desk, receiver, types=["roster.*"])
    await happens(desk, "a")
    await settled(desk, hook, "delivered", 1)
    clock.behind = timedelta(0)

    async def forgotten() -> bool:
        return not await log_of(desk, hook)

    await eventually(forgotten)


async def test_what_was_given_up_is_forgotten_after_180_days_of_a_disabled_webhook_too(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind, receiver.verify = timedelta(days=181), False
    hook = await subscribe(desk, receiver, types=["roster.*"])
    await happens(desk, "a")
    await settled(desk, hook, "delivered", 1)
    clock.behind = timedelta(days=179)
    await happens(desk, "b")
    [b, _] = await settled(desk, hook, "delivered", 2)
    await desk.post(f"{HOOKS}/{hook}:disable", {})
    given_up = {"$set": {"state": "failed"}}
    await desk.alive.store.database["deliveries"].update_many({"town": TOWN}, given_up)
    clock.behind = timedelta(0)

    async def only_b() -> bool:
        return [one["event_id"] for one in await log_of(desk, hook)] == [b["event_id"]]

    await eventually(only_b)


async def is_disabled(desk: Driver, hook: str, reason: str) -> bool:
    shown = await desk.get(f"{HOOKS}/{hook}")
    return bool(shown["state"] == "disabled" and shown["reason"] == reason)


async def notices(desk: Driver) -> list[dict[str, Any]]:
    return [event for event in await desk.events() if event["type"] == "reports.webhook.disabled.v1"]


async def test_both_secrets_sign_after_a_rotation_until_it_is_over(
    desk: Driver, receiver: Receiver, clock: MovedClock
) -> None:
    clock.behind = timedelta(hours=2)
    hook = await subscribe(desk, receiver, types=["roster.*"])
    old = receiver.secret
    given = await desk.post(f"{HOOKS}/{hook}:rotate", {"keep_hours": 1})
    assert given["secret"] != old
    await happens(desk, "a")
    await eventually(lambda: len(receiver.requests) == 1)
    assert receiver.requests[0][0]["webhook-signature"].count("v1,") == 2
    receiver.secret, clock.behind = given["secret"], timedelta(0)
    await happens(desk, "b")
    await eventually(lambda: subjects(receiver)[-1:] == ["b"])
    assert receiver.requests[-1][0]["webhook-signature"].count("v1,") == 1


async def test_a_test_delivery_goes_to_this_webhook_alone(desk: Driver, receiver: Receiver) -> None:
    async with receiving() as other:
        await subscribe(desk, other)
        hook = await subscribe(desk, receiver, types=["ratings.*"])
        await desk.post(f"{HOOKS}/{hook}:test", {})
        await eventually(lambda: [event["type"] for event in receiver.seen] == ["reports.webhook.tested.v1"])
        await eventually(lambda: other.seen)
        assert "reports.webhook.tested.v1" not in {event["type"] for event in other.seen}


async def test_what_was_delivered_is_sent_again_on_request_under_the_same_id(
    desk: Driver, receiver: Receiver
) -> None:
    hook = await subscribe(desk, receiver, types=["roster.*"])
    await happens(desk, "a", "b", "c")
    await settled(desk, hook, "delivered", 3)
    again = {"source": f"/{TOWN}/roster", "from": 2, "to": 3}
    assert await desk.post(f"{HOOKS}/{hook}:replay", again) == {"deliveries": 2}
    await eventually(lambda: len(receiver.seen) == 5)
    assert set(receiver.ids[3:]) == {f"/{TOWN}/roster-2", f"/{TOWN}/roster-3"}
    one = {"event_id": f"/{TOWN}/roster-1"}
    assert await desk.post(f"{HOOKS}/{hook}:replay", one) == {"deliveries": 1}
    await eventually(lambda: receiver.ids[5:] == [f"/{TOWN}/roster-1"])


async def test_a_rebuild_sends_nothing_again_and_loses_nothing(desk: Driver, receiver: Receiver) -> None:
    await subscribe(desk, receiver, types=["roster.*"])
    await happens(desk, "a", "b")
    await eventually(lambda: sorted(subjects(receiver)) == ["a", "b"])
    kept = await desk.alive.store.find("inbox", {"_id": {"$in": positions(f"/{TOWN}/roster", 1, 2)}})
    assert (await desk.call("POST", f"//reports/v1/towns/{TOWN}:rebuild", {})).status == 202
    again = [Event.decode(document["body"]) for document in kept]
    await desk.transport.publish([Message(type=e.type, body=e.encode(), id=e.id) for e in again])
    await eventually(lambda: told(desk, 2))
    await happens(desk, "c")
    await eventually(lambda: sorted(subjects(receiver)) == ["a", "b", "c"])


async def test_what_a_restored_source_writes_anew_is_sent(desk: Driver, receiver: Receiver) -> None:
    """Its stream goes on at a sequence that was used before, in a new epoch."""
    hook = await subscribe(desk, receiver, types=["roster.*"])
    await happens(desk, "a", "b")
    await settled(desk, hook, "delivered", 2)
    source, store = f"/{TOWN}/roster", desk.alive.store
    cursors = await records.cursors(store, hook)
    assert cursors[source].upto == 2
    epoch = "2020-01-02T00:00:00.000Z/2"
    body = (await store.find("inbox", {"_id": f"{source}#{2:012d}"}))[0]["body"]
    anew = Event.decode(body).model_copy(update={"id": "anew", "epoch": epoch}).hashed()
    place = {"_id": f"{source}#{2:012d}"}
    await store.database["inbox"].update_one(place, {"$set": {"body": anew.encode().decode()}})
    await store.database["sources"].update_one({"_id": source}, {"$set": {"epoch": epoch}})
    await eventually(lambda: receiver.ids[2:] == ["anew"])


async def test_an_ordered_stream_goes_on_where_a_restore_removed_what_it_waits_for(
    desk: Driver, receiver: Receiver, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "REBUILT", timedelta(seconds=1))
    hook = await subscribe(desk, receiver, types=["roster.*"], ordered=True)
    await happens(desk, "a", "b")
    await settled(desk, hook, "delivered", 2)
    receiver.status = 503
    await happens(desk, "c")
    await settled(desk, hook, "pending", 1)
    kept = (await desk.alive.store.find("inbox", {"_id": f"/{TOWN}/roster#{1:012d}"}))[0]["body"]
    first = Event.decode(kept)
    changes = {"id": "anew", "sequence": 2, "previoushash": first.hash, "epoch": "2020-01-02T00:00:00.000Z/2"}
    anew = first.model_copy(update=changes).hashed()
    for event in (anew, first, anew):
        await desk.transport.publish([Message(type=event.type, body=event.encode(), id=event.id)])
    await eventually(lambda: told(desk, 2))
    receiver.status, clock.behind = 204, timedelta(minutes=-2)
    await eventually(lambda: receiver.ids[2:] == ["anew"])
    (given_up,) = await settled(desk, hook, "failed", 1)
    assert "恢复" in given_up["attempts"][-1]["error"]


async def test_types_that_are_added_later_begin_from_then_on(desk: Driver, receiver: Receiver) -> None:
    hook = await subscribe(desk, receiver, types=["ratings.*"])
    await happens(desk, "before")
    await eventually(lambda: told(desk, 1))
    changed = await desk.call("PATCH", f"{HOOKS}/{hook}", {"types": ["ratings.*", "roster.group.*"]})
    assert changed.status == 200
    await happens(desk, "after")
    await eventually(lambda: subjects(receiver) == ["after"])
