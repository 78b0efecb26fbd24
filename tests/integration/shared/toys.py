"""Two toy services: `lamps` keeps lamps, `watch` copies what it hears of them."""

from collections.abc import Container, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.endpoints import dead_letters
from shared.envelope import Event
from shared.errors import Conflict
from shared.events.rebuild import ReadModel
from shared.events.subscription import Subscription
from shared.http import Api
from shared.ids import new_id
from shared.process.service import Service
from shared.settings import Settings
from shared.storage.work import Collection, Index, Record, Work

TOWN = "340281199"


class LampExists(Conflict):
    slug, title = "lamp-exists", "这盏灯已经有了"


class Lamp(Record):
    name: str
    bright: int = 0
    secret: str = ""


class LampFact(BaseModel):
    id: str
    town: str
    version: int
    name: str
    bright: int


class LampHeard(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    version: int
    name: str
    bright: int


class Copy(Record):
    name: str
    bright: int


class Greeting(Record):
    """What `watch` does once about each lamp that is lit, beside copying it."""

    name: str


LAMPS = Collection(
    "lamps", Lamp, "lamp", LampFact, (Index(("town", "name"), unique=True, duplicate=LampExists),)
)
SAFES = Collection("safes", Lamp, encrypted=("secret",))
"""Of which no event tells."""
COPIES = Collection("copies", Copy)
GREETINGS = Collection("greetings", Greeting)


class Cursed(Conflict):
    """What the toy's rule says of a lamp that must not be."""

    slug, title = "lamp-cursed", "这盏灯不能登记"


def lamps() -> Service:
    return Service("lamps", Api("lamps"), Settings(), (LAMPS, SAFES), {"lamps.lamp.lit.v1": LampFact})


def watch(
    *,
    keep: bool = False,
    cursed: Container[str] = ("cursed",),
    failing: Mapping[str, Exception] | None = None,
    model: ReadModel | None = None,
    greets: bool = False,
    replaces: bool = False,
) -> Service:
    """Lamps of the names in `cursed` cannot be copied, those in `failing` end in an error that is not theirs; both may
    be emptied while it runs, as a mended handler would. `replaces`: a copy takes the place of the one that was read."""
    errors = {} if failing is None else failing

    async def project_lamp(work: Work, heard: LampHeard, event: Event) -> None:
        if heard.name in errors:
            raise errors[heard.name]
        if heard.name in cursed:
            raise Cursed("a lamp nobody can copy")
        copy = Copy(town=event.town, **heard.model_dump())
        before = await work.get(COPIES, copy.id) if replaces else None
        if before is not None:
            work.replace(COPIES, copy, before)
        else:
            work.project(COPIES, copy)

    async def greet(work: Work, heard: LampHeard, _: Event) -> None:
        work.create(GREETINGS, Greeting(id=new_id(), town=work.town, name=heard.name), "greeted")

    table: Any = {"lamps.lamp.*.v1": (LampHeard, project_lamp)}
    reactions: Any = {"lamps.lamp.lit.v1": (LampHeard, greet)} if greets else {}
    subscription = Subscription(streams=("lamps",), table=table, reactions=reactions, keep=keep)
    api = Api("watch")
    api.add(dead_letters.list_dead_letters, dead_letters.get_dead_letter)
    api.add(dead_letters.replay_dead_letter, dead_letters.drop_dead_letter)
    return Service("watch", api, Settings(), (COPIES, GREETINGS), {}, subscription, read_model=model)


async def light(work: Work, name: str) -> Lamp:
    return work.create(LAMPS, Lamp(id=new_id(), town=work.town, name=name, secret="hidden"), "lit")


async def brighten(work: Work, id: str) -> Lamp:
    lamp = await work.require(LAMPS, id)
    return work.change(LAMPS, lamp.model_copy(update={"bright": lamp.bright + 1}), "brightened")
