"""A small Api about notes, and a store in memory that commits like the real one, for tests of the HTTP layer alone."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.clock import Clock
from shared.errors import Conflict, FieldError, Invalid, Stale, Unavailable
from shared.http import PUBLIC, Api, Call, Upload, resource, route
from shared.ids import new_id
from shared.security.tokens import Actor
from shared.storage.conditions import conditions_of, matches
from shared.storage.idempotency import Answer, IdempotencyKey
from shared.storage.mongo import Database
from shared.storage.units import Superseded, Trouble, Unit
from shared.storage.work import Collection, Record, Work, Write
from tests.fixtures.clocks import FixedClock

T = TypeVar("T")
CLOCK = FixedClock(datetime(2020, 12, 31, 4, tzinfo=UTC))


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Note(Record):
    title: str
    written_on: date
    colour: Colour | None = None
    words: list[str] = []
    pages: int | None = None
    secret: str | None = None
    state: str = "open"


NOTES = Collection("notes", Note)


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=20)
    written_on: date
    colour: Colour | None = None
    words: list[str] = Field(default=[], max_length=3)
    pages: int | None = Field(None, ge=0)
    secret: str | None = None

    @field_validator("title")
    @classmethod
    def not_blank(cls, title: str) -> str:
        if not title.strip():
            raise ValueError("不能只有空格")
        return title.strip()


class NoteOut(BaseModel):
    id: str
    town: str
    version: int
    title: str
    written_on: date
    colour: Colour | None
    words: list[str]
    pages: int | None
    secret: str | None
    state: str


class CloseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: date | None = None


class SearchIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    as_of: date
    words: list[str] = []
    exact: bool = False


class Found(BaseModel):
    as_of: date
    words: list[str]


class Size(BaseModel):
    filename: str
    content_type: str
    size: int


def shown(note: Note, actor: Actor) -> NoteOut:
    secret = note.secret if actor.has("office") or note.secret is None else "***"
    return NoteOut.model_validate({**note.model_dump(), "secret": secret})


async def write(work: Work, body: NoteIn) -> Note:
    if body.title == "重复":
        raise Conflict("已有这篇", errors=[FieldError("body.title", "重复")])
    if body.title == "不行":
        raise Invalid("不行就是不行")
    note = Note(id=new_id(), town=work.town, **body.model_dump())
    return work.create(NOTES, note, "written")


async def correct(work: Work, note: Note, patch: BaseModel) -> Note:
    return work.change(NOTES, note.model_copy(update=patch.model_dump(exclude_unset=True)), "corrected")


async def close(work: Work, note: Note, body: CloseIn) -> Note:
    if note.state == "closed":
        raise Conflict("已经关了")
    return work.change(NOTES, note.model_copy(update={"state": "closed"}), "closed")


BOTH = ("office", "county")
notes = resource(
    "notes",
    NOTES,
    body=NoteIn,
    create=write,
    change=correct,
    view=shown,
    equals=("title", "colour", "words", "pages"),
    read=BOTH,
    write="office",
    label="笔记",
)


@route("GET", "/towns/{town}/search", roles=BOTH)
async def search(call: Call[SearchIn]) -> Found:
    return Found(as_of=call.query.as_of, words=call.query.words)


@route("POST", "/towns/{town}/files", roles=["office"], limit=4096, accepts=["image/png"])
async def upload(call: Call[None, Upload]) -> Size:
    return Size(filename=call.body.filename, content_type=call.body.content_type, size=len(call.body.data))


@route("GET", "/areas/{prefix}/years/{year}", roles=["county", "service"])
async def board(call: Call) -> dict[str, str]:
    return dict(call.path)


@route("GET", "/broken", roles=["office"])
async def broken(call: Call) -> Found:
    raise RuntimeError("姓名 13900000000")


@route("GET", "/stream", roles=["office"], produces=["text/plain"])
async def stream(call: Call) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(call.request)
    await response.write(b"first ")
    match call.request.headers.get("X-Break"):
        case "fault":
            raise RuntimeError("half way")
        case "problem":
            raise Unavailable("数据库暂时不可用，请稍后再试")
    await response.write_eof(b"last")
    return response


@route("GET", "/p/{code}", roles=PUBLIC, root=True, quiet=True, produces=["text/html"])
async def page(call: Call) -> web.Response:
    if call.path["code"] == "broken":
        raise RuntimeError(call.path["code"])
    return web.Response(text=f"<p>{call.actor.sub}</p>", content_type="text/html")


@route("POST", "/p/{code}", roles=PUBLIC, root=True, quiet=True, produces=["text/html"])
async def post(call: Call) -> web.Response:
    form = await call.request.post()
    return web.Response(text=f"<p>{len(form)}</p>", content_type="text/html")


def sample(name: str = "notes") -> Api:
    api = Api(name, title="笔记")
    api.add(*notes, notes.command("close", CloseIn, close, write={"office"}, label="关闭"))
    api.add(search, upload, board, broken, stream, page, post)
    return api


@dataclass
class MemoryStore:
    """Commits whole units or nothing; `before_commit` lets a test write in between."""

    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    before_commit: Callable[[], None] = lambda: None
    service: str = "notes"
    process: str = "p1"
    clock: Clock = CLOCK
    trouble: Trouble = field(default_factory=Trouble)

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),  # noqa: ARG002 - pages are sorted by id, no more is needed here
        limit: int = 0,
        fields: Sequence[str] = (),  # noqa: ARG002 - what is kept is small
    ) -> list[dict[str, Any]]:
        wanted = conditions_of(query)
        found = [d for (name, _), d in self.documents.items() if name == collection and matches(d, wanted)]
        found.sort(key=lambda document: str(document["_id"]))
        return found[:limit] if limit else found

    async def arrival(
        self,
        condition: Callable[[], Awaitable[bool]],
        *,
        within: float,  # noqa: ARG002 - nothing arrives here
    ) -> bool:
        return await condition()

    def reading(self, town: str, actor: str) -> Work:
        return Work(town, actor, self.clock, self)

    @property
    def database(self) -> Database:
        raise NotImplementedError("files need a real one")

    async def commit(self, unit: Unit) -> None:
        assert unit.also is None, "what goes with a transaction needs a real one"
        writes = {place: write for work in unit.works for place, write in work.writes.items()}
        passed = any(self._passed(p, write) for p, write in writes.items() if write.mode != "project")
        if passed or unit.overtaken:
            raise Superseded
        for place, write in writes.items():
            if write.mode == "remove":
                del self.documents[place]
            elif write.mode == "lock":
                self.documents[place]["held"] = self.documents[place].get("held", 0) + 1
            elif write.mode == "put" or write.record.version > self._version(place):
                self.documents[place] = write.collection.store(write.record)
        self.answers |= {key.key: (key.digest, answer) for key, answer in unit.answers}

    async def execute(
        self, *, town: str, actor: str, run: Callable[[Work], Awaitable[T]], retry: bool = True
    ) -> T:
        while True:
            work = self.reading(town, actor)
            result = await run(work)
            self.before_commit()
            try:
                await self.commit(Unit([work]))
            except Superseded:
                if not retry:
                    raise Stale from None
            else:
                return result

    async def execute_once(
        self,
        *,
        town: str,
        actor: str,
        run: Callable[[Work], Awaitable[T]],
        answer: Callable[[T], Answer],
        key: IdempotencyKey | None,
        traceparent: str | None = None,
    ) -> T | Answer:
        while True:
            if key is not None and key.key in self.answers:
                digest, stored = self.answers[key.key]
                if digest != key.digest:
                    raise Conflict("这个键已用于另一个请求")
                return stored
            work = Work(town, actor, self.clock, self, traceparent)
            result = await run(work)
            kept = [(key, answer(result))] if key is not None else []
            self.before_commit()
            with suppress(Superseded):
                await self.commit(Unit([work], kept))
                return result

    def _passed(self, place: tuple[str, str], write: Write) -> bool:
        """Whether the document was changed, or locked before another write, since it was read."""
        held = self.documents.get(place, {}).get("held", 0)
        locked = write.mode != "lock" and write.seen is not None and write.seen.locks != held
        return locked or self._version(place) != write.base

    def _version(self, place: tuple[str, str]) -> int:
        return int(self.documents.get(place, {"version": 0})["version"])
