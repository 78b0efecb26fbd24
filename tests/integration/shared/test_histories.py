"""Histories nobody thought of: whatever is done in whatever order, records, log and copies tell one story."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.roster.app import build as roster_service
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person
from services.roster.handlers import deputyships, people, towns
from services.roster.integrity import CHECKS as ROSTER_CHECKS
from services.roster.repository import DEPUTYSHIPS
from services.roster.schemas.deputyships import DeputyshipIn, EndIn, ResumeIn, SuspendIn
from services.roster.schemas.people import PersonIn
from services.roster.schemas.towns import TownIn
from services.roster.settings import Settings as RosterSettings
from shared.chain import Link, verdict
from shared.endpoints.integrity import Checks, audit
from shared.envelope import GENESIS, Event
from shared.errors import Problem, Stale
from shared.events.subscription import Subscription
from shared.http import Api
from shared.process.runtime import running
from shared.process.service import Running, Service
from shared.settings import Settings
from shared.storage import outbox
from shared.storage.work import Work
from shared.transport import Message
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.fixtures.mongo import dropped_afterwards
from tests.integration.shared import toys
from tests.integration.shared.toys import COPIES, LAMPS
from tests.probes import eventually

TOWNS = (f"34{n:07d}" for n in itertools.count())
NAMES = ("north", "south", "east")
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)


async def project_lamp(work: Work, heard: toys.LampHeard, event: Event) -> None:
    work.project(COPIES, toys.Copy(town=event.town, **heard.model_dump()))


def listener() -> Service:
    """A copy made of what two services say."""
    table: Any = {f"{name}.lamp.*.v1": (toys.LampHeard, project_lamp) for name in ("lamps", "bells")}
    subscription = Subscription(streams=("lamps", "bells"), table=table)
    return Service("listener", Api("listener"), Settings(), (COPIES,), {}, subscription)


@dataclass(frozen=True)
class Together:
    services: dict[str, Running]
    transport: MemoryTransport


@pytest.fixture(scope="module")
async def together(mongo_url: str) -> AsyncIterator[Together]:
    """Started once: each history has a town, and so streams and records, of its own."""
    async with AsyncExitStack() as stack:
        prefix = await stack.enter_async_context(dropped_afterwards(mongo_url))
        broker = MemoryBroker()
        transport = MemoryTransport(broker)
        await transport.start()
        stack.push_async_callback(transport.stop)
        alive = {}
        for service in (listener(), toys.watch(), toys.lamps(), roster_service(RosterSettings())):
            own = MemoryTransport(broker)
            await own.start()
            stack.push_async_callback(own.stop)
            alive[service.name] = await stack.enter_async_context(
                running(service, mongo_url=mongo_url, transport=own, database=f"{prefix}{service.name}")
            )
        yield Together(alive, transport)


@dataclass
class Lamps:
    """What should be: brightness by name, and how many events that took."""

    town: str
    bright: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    events: int = 0

    async def do(self, service: Running, command: str, name: str) -> None:
        work = getattr(self, f"_{command}")
        await work(service, name)

    async def _light(self, service: Running, name: str) -> None:
        run = service.store.execute(town=self.town, actor="t", run=lambda work: toys.light(work, name))
        if name in self.bright:
            with pytest.raises(toys.LampExists):
                await run
            return
        self.ids[name] = (await run).id
        self.bright[name], self.events = 0, self.events + 1

    async def _brighten(self, service: Running, name: str, *, times: int = 1) -> None:
        if name not in self.ids:
            return
        id = self.ids[name]
        await asyncio.gather(
            *(
                service.store.execute(town=self.town, actor="t", run=lambda work: toys.brighten(work, id))
                for _ in range(times)
            )
        )
        self.bright[name], self.events = self.bright[name] + times, self.events + times

    async def _rush(self, service: Running, name: str) -> None:
        """Several at once, who must be put one after the other."""
        await self._brighten(service, name, times=3)

    async def _overtake(self, service: Running, name: str) -> None:
        """Someone acts on a record that was changed after he read it: he is told so and nothing is written."""
        if name not in self.ids:
            return
        work = service.store.reading(self.town, "t")
        read = await work.require(LAMPS, self.ids[name])
        await self._brighten(service, name)

        async def late(own: Work) -> toys.Lamp:
            return own.change(LAMPS, read.model_copy(update={"bright": 99}), "brightened")

        with pytest.raises(Stale):
            await service.store.execute(town=self.town, actor="t", run=late, retry=False)


@FEW
@given(
    commands=st.lists(
        st.tuples(st.sampled_from(["light", "brighten", "rush", "overtake"]), st.sampled_from(NAMES)),
        max_size=15,
    )
)
async def test_records_log_and_copies_tell_one_story(
    together: Together, commands: list[tuple[str, str]]
) -> None:
    lamps, watch = together.services["lamps"], together.services["watch"]
    model = Lamps(next(TOWNS))
    for command, name in commands:
        await model.do(lamps, command, name)
    found = await audit(lamps.store, model.town, Checks((LAMPS,)))
    assert found.faults == []
    assert (found.sequence, found.records) == (model.events, {"lamps": len(model.bright)})
    kept = await lamps.store.reading(model.town, "t").find(LAMPS)
    assert {lamp.name: (lamp.bright, lamp.version) for lamp in kept} == {
        name: (bright, bright + 1) for name, bright in model.bright.items()
    }
    if model.events:
        await eventually(lambda: _whole(watch, f"/{model.town}/lamps", model.events))
    copies = await watch.store.reading(model.town, "t").find(COPIES)
    assert {copy.name: copy.bright for copy in copies} == model.bright
    assert (await audit(watch.store, model.town, Checks((COPIES,)))).faults == []


async def _whole(service: Running, source: str, upto: int) -> bool:
    mark = await service.inbox.mark(source)
    return (mark.upto, mark.seen) == (upto, upto)


def history(town: str, service: str, subjects: Sequence[int]) -> list[Event]:
    """One stream: the n-th event states the next version of the subject it names."""
    made: list[Event] = []
    for n, subject in enumerate(subjects, 1):
        version = subjects[:n].count(subject)
        data = {"id": f"{town}-{service}-{subject}", "version": version, "name": service, "bright": version}
        event = Event(
            id=f"{town}-{service}-{n}",
            source=f"/{town}/{service}",
            type=f"{service}.lamp.lit.v1",
            subject=f"lamp/{data['id']}",
            time="2020-01-01T00:00:00.000Z",
            town=town,
            sequence=n,
            previoushash=made[-1].hash if made else GENESIS,
            actor="t",
            data={"town": town, **data},
        )
        made.append(event.hashed())
    return made


Subjects = st.lists(st.integers(0, 3), min_size=1, max_size=8)


@FEW
@given(first=Subjects, second=Subjects, data=st.data())
async def test_copies_do_not_depend_on_the_order_of_arrival(
    together: Together, first: list[int], second: list[int], data: st.DataObject
) -> None:
    """Streams interleaved in any way, each disordered in itself, and anything twice: the copy is the same."""
    town, service = next(TOWNS), together.services["listener"]
    streams = [history(town, "lamps", first), history(town, "bells", second)]
    events = [event for stream in streams for event in stream]
    order = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=4))]))
    cut = data.draw(st.integers(0, len(order)))
    for part in (order[:cut], order[cut:]):
        await together.transport.publish(
            [Message(type=event.type, body=event.encode(), id=event.id) for event in part]
        )
    for stream in streams:
        assert await _whole(service, stream[0].source, len(stream))
    copies = await service.store.reading(town, "t").find(COPIES)
    latest = {event.data["id"]: event.data["version"] for stream in streams for event in stream}
    assert {copy.id: copy.version for copy in copies} == latest


@dataclass
class Roster:
    """What should be of a few people's deputyships: `serving`, `suspended`, or over. Each step is a day later."""

    town: str
    people: list[str] = field(default_factory=list)
    status: dict[str, str] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    day: date = date(2020, 1, 1)

    async def do(self, service: Running, command: str, n: int) -> None:
        """One command; it succeeds exactly where the model says it may."""
        self.day += timedelta(days=1)
        if command == "register":
            body = PersonIn(name="张三")
            person = await self._run(service, lambda work: people.register_person(work, body))
            self.people.append(cast(Person, person).id)
        elif command == "start" and self.people:
            await self._start(service, n % len(self.people))
        elif command in ("end", "suspend", "resume") and self.status:
            await self._step(service, command, sorted(self.status)[n % len(self.status)])

    async def _run(self, service: Running, run: Any) -> Any:
        return await service.store.execute(town=self.town, actor="t", run=run)

    async def _start(self, service: Running, person: int) -> None:
        body = DeputyshipIn(person_id=self.people[person], level="town", started_on=self.day)
        open_already = any(
            self.held[id] == person and status != "ended" for id, status in self.status.items()
        )
        try:
            made = await self._run(service, lambda work: deputyships.start_deputyship(work, body))
        except Problem:
            assert open_already
        else:
            assert not open_already
            self.status[made.id], self.held[made.id] = "serving", person

    async def _step(self, service: Running, command: str, id: str) -> None:
        bodies: dict[str, Any] = {
            "end": EndIn(reason="resigned", on=self.day),
            "suspend": SuspendIn(reason="criminal_detention", on=self.day),
            "resume": ResumeIn(on=self.day),
        }
        allowed = {"end": ("serving", "suspended"), "suspend": ("serving",), "resume": ("suspended",)}
        after = {"end": "ended", "suspend": "suspended", "resume": "serving"}
        handler = getattr(deputyships, f"{command}_deputyship")

        async def run(work: Work) -> Deputyship:
            done: Deputyship = await handler(work, await work.require(DEPUTYSHIPS, id), bodies[command])
            return done

        try:
            await self._run(service, run)
        except Problem:
            assert self.status[id] not in allowed[command]
        else:
            assert self.status[id] in allowed[command]
            self.status[id] = after[command]


@FEW
@given(
    commands=st.lists(
        st.tuples(
            st.sampled_from(["register", "start", "start", "end", "suspend", "resume"]), st.integers(0, 5)
        ),
        max_size=20,
    )
)
async def test_a_roster_is_what_its_history_makes_it(
    together: Together, commands: list[tuple[str, int]]
) -> None:
    service, model = together.services["roster"], Roster(next(TOWNS))
    town = TownIn(name="示例镇")
    await service.store.execute(town=model.town, actor="t", run=lambda work: towns.put_town(work, town))
    for command, n in commands:
        await model.do(service, command, n)
    found = await audit(service.store, model.town, ROSTER_CHECKS)
    assert found.faults == []
    kept = await service.store.reading(model.town, "t").find(DEPUTYSHIPS)
    assert {deputyship.id: deputyship.status for deputyship in kept} == model.status
    events = await outbox.read(service.store, f"/{model.town}/roster", after=0, limit=1000)
    assert verdict("", [Link.from_event(event) for event in events]).faults == ()
    assert [event.sequence for event in events] == list(range(1, found.sequence + 1))
    assert {
        e.data["id"]: e.data["status"] for e in events if e.subject.startswith("deputyship/")
    } == model.status
