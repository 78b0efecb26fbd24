"""Plan of the faults of one run, generated from a seed, so that a failed run can be repeated."""

import random
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from services.host.installation import LEDGERS

Point = Literal["before_commit", "after_commit", "within_publish", "after_publish", "before_ack"]
POINTS: Final[tuple[Point, ...]] = (
    "before_commit",  # everything is written, nothing is committed
    "after_commit",  # committed, neither answered nor published
    "within_publish",  # half of a batch has left
    "after_publish",  # confirmed, the cursor has not moved
    "before_ack",  # handled and committed, not acknowledged
)
Kind = Literal[
    "deaths", "noise", "broker", "cuts", "database", "replicas", "clock", "answers", "errors", "writers"
]
KINDS: Final[tuple[Kind, ...]] = (
    "deaths",
    "broker",
    "answers",
    "noise",
    "database",
    "writers",
    "replicas",
    "errors",
    "cuts",
    "clock",
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Death(_Part):
    """`kill -9` at the `nth` time a process of the service reaches the point; `late`: counted from the closing."""

    service: str
    point: Point
    nth: int
    late: bool


class Noise(_Part):
    """Fractions of messages sent or delivered, and seconds; everything a broker and a network may do."""

    duplicated: float = 0.0
    held_back: float = 0.0  # one stream waits while others pass
    requeued: float = 0.0  # comes again, later
    sending_seconds: float = 0.0
    taking_seconds: float = 0.0


class Jump(_Part):
    """After `after` reads the clock is wrong by `seconds`."""

    after: int
    seconds: float


class Outage(_Part):
    """After `after` points a machine stops, and restarts `seconds` later."""

    machine: Literal["broker", "database"]
    killed: bool
    after: int
    seconds: float


class Plan(_Part):
    seed: int
    kinds: tuple[Kind, ...] = ()
    deaths: tuple[Death, ...] = ()
    outages: tuple[Outage, ...] = ()
    noise: dict[str, Noise] = {}
    jumps: dict[str, tuple[Jump, ...]] = {}
    cuts: tuple[int, ...] = ()
    """Each cuts one connection to the broker after that many bytes, possibly within a frame."""
    lost_answers: float = 0.0
    """Fraction of commits that take effect and are then answered by an error without a label."""
    errors: float = 0.0
    """Fraction of reads and writes of consumers and relays that fail with an error without a label."""
    writers: int = 1
    """Clients that write to the other town and close its year; more than one do not pause."""
    replicas: int = 1
    stays_dead: bool = False
    """Whether killed processes stay dead; otherwise they are restarted, as by an orchestrator."""

    @property
    def calm(self) -> bool:
        return not self.kinds


def calm() -> Plan:
    return Plan(seed=0)


def one_replica_killed() -> Plan:
    """Two replicas of each service, one of which is killed and not restarted."""
    deaths = tuple(
        Death(service=s, point=p, nth=2, late=False) for s, p in zip(LEDGERS, POINTS, strict=False)
    )
    return Plan(seed=0, kinds=("deaths", "replicas"), deaths=deaths, replicas=2, stays_dead=True)


def plan_of(seed: int) -> Plan:
    """The plan of a seed: one kind of fault in turn (ten of them), and two more at random."""
    rng = random.Random(seed)
    first = KINDS[seed % len(KINDS)]
    others = rng.sample([kind for kind in KINDS if kind != first], 2)
    # Two replicas of each service cost as much as all other kinds, so they are rare as a second kind.
    kinds = (first, *(kind for kind in others if kind != "replicas" or rng.random() < 0.3))
    return Plan(
        seed=seed,
        kinds=kinds,
        deaths=_deaths(rng, 6 if "deaths" in kinds else 3 if {"replicas", "clock"} & set(kinds) else 0),
        outages=(
            *(_outages(rng, "broker") if "broker" in kinds else ()),
            *(_outages(rng, "database") if "database" in kinds else ()),
        ),
        noise={s: _noise(rng) for s in LEDGERS} if "noise" in kinds else {},
        jumps={s: _jumps(rng) for s in LEDGERS} if "clock" in kinds else {},
        cuts=tuple(rng.randrange(2_000, 30_000) for _ in range(rng.randrange(6, 14)))
        if "cuts" in kinds
        else (),
        lost_answers=rng.uniform(0.05, 0.2) if "answers" in kinds else 0.0,
        errors=rng.uniform(0.02, 0.1) if "errors" in kinds else 0.0,
        writers=4 if "writers" in kinds else 1,
        replicas=2 if "replicas" in kinds else 1,
    )


def _deaths(rng: random.Random, count: int) -> tuple[Death, ...]:
    every = [(service, point) for service in LEDGERS for point in POINTS]
    return tuple(
        Death(service=service, point=point, nth=rng.randint(1, 3), late=rng.random() < 0.4)
        for service, point in rng.sample(every, count)
    )


def _outages(rng: random.Random, machine: Literal["broker", "database"]) -> tuple[Outage, ...]:
    first = Outage(
        machine=machine,
        killed=machine == "database" or rng.random() < 0.6,
        after=rng.randint(15, 90),
        seconds=rng.uniform(0.1, 1.5),
    )
    if rng.random() < 0.7:
        return (first,)
    return first, first.model_copy(update={"after": first.after + rng.randint(60, 150)})


def _noise(rng: random.Random) -> Noise:
    return Noise(
        duplicated=rng.choice((0.0, 0.1, 0.5)),
        held_back=rng.choice((0.0, 0.3)),
        requeued=rng.choice((0.0, 0.1, 0.3)),
        sending_seconds=rng.choice((0.0, 0.02, 0.2)),
        taking_seconds=rng.choice((0.0, 0.02, 0.3)),
    )


def _jumps(rng: random.Random) -> tuple[Jump, ...]:
    return tuple(
        Jump(
            after=rng.randint(1, 150),
            seconds=rng.choice((-1, 1)) * rng.choice((2.0, 90.0, 3_600.0, 86_400.0)),
        )
        for _ in range(rng.randint(1, 3))
    )
