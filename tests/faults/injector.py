"""One service under a plan, in a process of its own: faults are injected around the unmodified service."""

import asyncio
import os
import random
import runpy
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final

from aio_pika.abc import AbstractChannel
from pymongo.errors import OperationFailure

from services.host.installation import LEDGERS
from shared import clock
from shared.clock import BEIJING, SystemClock
from shared.envelope import Event
from shared.events.inbox import Inbox
from shared.events.relay import Relay
from shared.storage import mongo, presence, transactions
from shared.transport import Delivery, Message
from shared.transport.rabbit import RabbitTransport, connection
from shared.transport.rabbit.connection import DISCONNECTED
from shared.transport.rabbit.queue import RabbitQueue
from tests.faults.plan import Noise, Plan, Point

HOLD_SECONDS: Final = 0.3
CLOSING: Final = "closing"
"""A file of this name says that the closing of the year has begun."""


class FaultInjector:
    """Counts points and kills the process at the planned one. The folder `run` is shared by the whole run."""

    def __init__(self, service: str, plan: Plan, run: Path) -> None:
        self.service, self.plan, self.run = service, plan, run
        self.rng = random.Random(f"{plan.seed} {service} {os.getpid()}")
        self._passed: Counter[int] = Counter()
        self._pulse = os.open(run / "pulse", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def reach(self, point: Point) -> None:
        os.write(self._pulse, f"{self.service} {point}\n".encode())
        late = (self.run / CLOSING).exists()
        for number, death in enumerate(self.plan.deaths):
            if (death.service, death.point) == (self.service, point) and (late or not death.late):
                self._passed[number] += 1
                if self._passed[number] >= death.nth and self._claim(number):
                    os.kill(os.getpid(), signal.SIGKILL)

    def note(self, fault: str) -> None:
        """Record that a fault occurred, by which the run knows that its plan was not in vain."""
        (self.run / f"noted {fault}").touch()

    def _claim(self, number: int) -> bool:
        """Each death occurs once, in the first process of the service that reaches it."""
        try:
            os.close(os.open(self.run / f"struck-{number}", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


def wrap(injector: FaultInjector) -> None:
    presence.BEAT_SECONDS, presence.GONE_SECONDS = 0.3, 1.2  # type: ignore[misc]  # killed processes are removed quickly
    connection._LONGEST_PAUSE = 0.5
    _wrap_commit(injector)
    _wrap_relay(injector)
    _wrap_inbox(injector)
    if injector.plan.errors:
        _wrap_with_errors(injector)
    if jumps := injector.plan.jumps.get(injector.service):
        _wrap_clock([(jump.after, jump.seconds) for jump in jumps])


def _wrap_commit(injector: FaultInjector) -> None:
    commit = transactions.in_transaction

    async def in_transaction(
        session: mongo.Session, body: Callable[[mongo.Session], Awaitable[Any]], **options: Any
    ) -> Any:
        if injector.plan.lost_answers:
            _lose_answers(session, injector)

        async def watched(session: mongo.Session) -> Any:
            result = await body(session)
            injector.reach("before_commit")
            return result

        result = await commit(session, watched, **options)
        injector.reach("after_commit")
        return result

    transactions.in_transaction = in_transaction


def _lose_answers(session: Any, injector: FaultInjector) -> None:
    commit = session.commit_transaction
    if getattr(commit, "loses", False):
        return

    async def losing() -> None:
        await commit()
        if injector.rng.random() < injector.plan.lost_answers:
            injector.note("lost answer")
            raise unlabelled()

    losing.loses = True  # type: ignore[attr-defined]
    session.commit_transaction = losing


def unlabelled() -> OperationFailure:
    return OperationFailure("an error without a label", 8000)


def _wrap_with_errors(injector: FaultInjector) -> None:
    """Background work fails now and then: requests of clients are answered, whose errors are theirs to repeat."""
    for owner, name in ((Inbox, "sort"), (Inbox, "take"), (Relay, "_read"), (Relay, "_write_cursors")):
        setattr(owner, name, _failing(getattr(owner, name), injector))


def _failing(work: Callable[..., Awaitable[Any]], injector: FaultInjector) -> Callable[..., Awaitable[Any]]:
    async def failing(*given: Any, **options: Any) -> Any:
        if injector.rng.random() < injector.plan.errors:
            injector.note("error")
            raise unlabelled()
        return await work(*given, **options)

    return failing


def _wrap_relay(injector: FaultInjector) -> None:
    noise = injector.plan.noise.get(injector.service, Noise())
    advance, send = Relay._advance, RabbitTransport.publish
    last: list[Message] = []

    def _advance(self: Relay, documents: Sequence[Mapping[str, Any]]) -> None:
        if documents:
            injector.reach("after_publish")
        advance(self, documents)

    async def sending(self: RabbitTransport, messages: Sequence[Message]) -> None:
        await asyncio.sleep(noise.sending_seconds * injector.rng.random())
        half = len(messages) // 2
        if any(d.point == "within_publish" and d.service == injector.service for d in injector.plan.deaths):
            await send(self, messages[:half])
            injector.reach("within_publish")
            messages = messages[half:]
        await send(self, messages)
        again = [m for m in (*last, *messages) if injector.rng.random() < noise.duplicated]
        last[:] = messages
        if again:
            await send(self, again)

    Relay._advance = _advance  # type: ignore[method-assign]
    RabbitTransport.publish = sending  # type: ignore[method-assign]


def _wrap_inbox(injector: FaultInjector) -> None:
    noise = injector.plan.noise.get(injector.service, Noise())
    batch, ack = RabbitQueue.batch, RabbitQueue.ack
    held: list[Delivery] = []

    async def taking(self: RabbitQueue, limit: int = 100, wait: float = 0.02) -> list[Delivery]:
        await asyncio.sleep(noise.taking_seconds * injector.rng.random())
        while True:
            try:
                async with asyncio.timeout(HOLD_SECONDS if held else None):
                    arrived = await batch(self, limit, wait)
            except TimeoutError:
                arrived = []
            taken = [*held, *_interleaved(injector.rng, arrived)]
            held.clear()
            if arrived and injector.rng.random() < noise.held_back:
                unlucky = _stream(injector.rng.choice(arrived))
                held.extend(d for d in taken if _stream(d) == unlucky)
                taken = [d for d in taken if _stream(d) != unlucky]
            again = {
                d.receipt: d for d in taken if not d.redelivered and injector.rng.random() < noise.requeued
            }
            await _requeue(self, list(again.values()))
            if left := [d for d in taken if d.receipt not in again]:
                return left

    async def acking(self: RabbitQueue, deliveries: Sequence[Delivery]) -> None:
        injector.reach("before_ack")
        await ack(self, deliveries)

    if noise != Noise():
        RabbitQueue.batch = taking  # type: ignore[method-assign]
    RabbitQueue.ack = acking  # type: ignore[method-assign]


async def _requeue(inbox: RabbitQueue, deliveries: Sequence[Delivery]) -> None:
    """Make the broker redeliver these, as after the loss of a consumer."""
    tags = inbox._settled(deliveries)
    if inbox._channel is None:
        return
    for tag in tags:
        del inbox._unsettled[tag]
    with suppress(*DISCONNECTED):
        await inbox.connection.answered(_nack(inbox._channel, tags))


async def _nack(channel: AbstractChannel, tags: Iterable[int]) -> None:
    wire = await channel.get_underlay_channel()
    for tag in tags:
        await wire.basic_nack(tag, requeue=True, wait=False)


def _stream(delivery: Delivery) -> str:
    return Event.decode(delivery.body).source


def _interleaved(rng: random.Random, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Reorder events across streams; within each stream the order stays."""
    streams: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        streams.setdefault(_stream(delivery), []).append(delivery)
    turns = [name for name, waiting in streams.items() for _ in waiting]
    rng.shuffle(turns)
    return [streams[name].pop(0) for name in turns]


def _wrap_clock(jumps: Sequence[tuple[int, float]]) -> None:
    true = SystemClock.now
    reads = 0

    def now(self: SystemClock) -> datetime:
        nonlocal reads
        reads += 1
        return true(self) + timedelta(seconds=next((s for after, s in jumps[::-1] if reads > after), 0.0))

    def today(self: SystemClock) -> date:
        return now(self).astimezone(BEIJING).date()

    clock.SystemClock.now = now  # type: ignore[method-assign]
    clock.SystemClock.today = today  # type: ignore[method-assign]


def _print_stacks(_signal: int, _frame: FrameType | None) -> None:
    """Write the stack of every task to the log of the run."""
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)


def run_with_faults(service: str, plan: Plan, run: Path) -> None:
    """Run the service under the plan until stopped; the gateway has no faults."""
    signal.signal(signal.SIGUSR1, _print_stacks)
    if service in LEDGERS:
        wrap(FaultInjector(service, plan, run))
    module = f"services.{service}" if service in LEDGERS else "services.host.gateway"
    runpy.run_module(module, run_name="__main__", alter_sys=True)
