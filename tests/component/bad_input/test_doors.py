"""What every service's door refuses alike: broken bodies, wrong types, other towns, stale versions, used keys."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.component.bad_input.conftest import OTHER_TOWN, Bad, Desk
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo
JSON = {"Content-Type": "application/json"}
TOO_LARGE = 1024 * 1024 + 1


@dataclass(frozen=True)
class Door:
    """One address that takes a body, what it takes, and fields of it by kind; "" where it has none of the kind."""

    method: str
    path: str
    body: dict[str, Any]
    text: str
    day: str
    number: str = ""

    def sent(self, **changes: Any) -> dict[str, Any]:
        return {**self.body, **changes}

    def bad(self, label: str, status: int = 422, code: str = "invalid-input", **more: Any) -> Bad:
        return Bad(label, self.method, self.path, status=status, code=code, **more)

    def raw(self, label: str, data: bytes, status: int = 400, code: str = "malformed", **more: Any) -> Bad:
        headers = more.pop("headers", JSON)
        return self.bad(label, status, code, data=data, headers=headers, **more)


PERSON = Door("POST", "/people", {"name": "丁示例01"}, "name", "", "born_year")
STATION = Door("POST", "/stations", {"name": "第二活动室"}, "name", "opened_on")
ACTIVITY = Door(
    "POST", "/activities", {"kind": "visit", "held_on": "2020-05-01"}, "title", "held_on", "voters_count"
)
SCHEME = Door("POST", "/schemes", {"name": "办法"}, "name", "", "min_raters")
SETTINGS = Door("PUT", "/years/2020/settings", {"theme": "实干"}, "theme", "signed_on")
DOORS = [
    ("roster", PERSON),
    ("roster", STATION),
    ("activities", ACTIVITY),
    ("ratings", SCHEME),
    ("reports", SETTINGS),
]


def bodies(door: Door) -> Iterator[Bad]:
    """Bytes that are not the JSON they claim to be."""
    whole = json.dumps(door.body).encode()
    yield door.raw("cut off", whole[:-1])
    yield door.raw("no JSON", b"<name/>")
    yield door.raw("comment", whole + b" // thanks")
    yield door.raw("two documents", whole + whole)
    yield door.raw("UTF-16", whole.decode().encode("utf-16"))
    yield door.raw(
        "GB18030", json.dumps(door.sent(**{door.text: "丁"}), ensure_ascii=False).encode("gb18030")
    )
    yield door.raw("byte order mark", b"\xef\xbb\xbf" + whole)
    yield door.raw("half a character", b'{"' + door.text.encode() + b'":"\\ud83d"}')
    yield door.raw("deep lists", b'{"' + door.text.encode() + b'":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    yield door.raw("deep objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    twice = f'{{"{door.text}":"甲",{json.dumps(door.sent(**{door.text: "乙"}))[1:]}'
    yield door.raw("a field twice", twice.encode(), at=f"body.{door.text}")
    for label, document in (("list", b"[]"), ("null", b"null"), ("text", b'"x"'), ("number", b"1")):
        yield door.raw(label, document, 422, "invalid-input", at="body")
    for kind in ("text/plain", "application/xml", "application/json; charset=gbk"):
        yield door.raw(kind, whole, 415, "unsupported-type", headers={"Content-Type": kind})
    packed = {**JSON, "Content-Encoding": "gzip"}
    yield door.raw("not gzip", b"\x1f\x8bgarbage", headers=packed)
    bomb = gzip.compress(b'{"' + door.text.encode() + b'":"' + b"a" * 50_000_000 + b'"}')
    yield door.raw("gzip bomb", bomb, 413, "too-large", headers=packed)
    yield door.raw("too large", b" " * TOO_LARGE, 413, "too-large")


def values(door: Door) -> Iterator[Bad]:
    """Values of the wrong type or size, each named."""
    yield door.bad("unknown field", body=door.sent(shoe_size=42), at="body.shoe_size")
    yield door.bad("id", body=door.sent(id="mine"), at="body.id")
    yield door.bad("version", body=door.sent(version=9), at="body.version")
    texts = (7, 1.5, True, ["x"], {"x": 1}, "甲\0乙", "甲\x07", "甲\ufffe", "甲\u202e乙", "长" * 20_001)
    days = ("2020-02-30", "2019-02-29", "2020-13-01", "2020-1-1", "20200101", "2020-01-01T00:00:00", "昨天", 20200101,
            True, "0001-01-01", "9999-12-31", "-2020-01-01", "2020-00-10")  # fmt: skip
    numbers = ("1", 1.5, True, [1], -1, 2**53, 2**63, 2**64, 10**400)
    for name, wrong in ((door.text, texts), (door.day, days), (door.number, numbers)):
        for value in wrong if name else ():
            body = door.sent(**{name: value})
            yield door.bad(f"{name} {str(value)[:20]}", body=body, at=f"body.{name}")
    for literal in ("NaN", "1e999", "-Infinity") if door.number else ():
        raw = json.dumps(door.sent(**{door.number: 0}))[:-2] + literal + "}"
        yield door.raw(literal, raw.encode(), 422, "invalid-input", at=f"body.{door.number}")


def callers(door: Door) -> Iterator[Bad]:
    """Nobody, somebody else, somebody from elsewhere."""
    for label, token in (
        ("no token", ""),
        ("garbage", "aaa.bbb.ccc"),
        ("long", "a" * 7000),
        ("not ASCII", "é"),
    ):
        yield door.bad(label, 401, "unauthenticated", body=door.body, token=token)
    for header in ("Basic eDp5", "Bearer", "bearer x y"):
        yield door.bad(header, 401, "unauthenticated", body=door.body, headers={"Authorization": header})
    yield door.bad("other town", 403, "forbidden", body=door.body, area=OTHER_TOWN)
    yield door.bad("whole county", 403, "forbidden", body=door.body, area="340281", roles=("county",))
    for role in ("deputy", "auditor", "service", "leader"):
        yield door.bad(role, 403, "forbidden", body=door.body, roles=(role,))


@pytest.mark.parametrize(("service", "door"), DOORS)
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_bodies_values_and_callers(desk: Desk, door: Door) -> None:
    await desk.all_refused([*bodies(door), *values(door), *callers(door)])


RECORDS = [
    ("roster", "people", "person", {"occupation": "教师"}),
    ("roster", "deputyships", "serving", {"constituency": "第一选区"}),
    ("activities", "opinions", "opinion", {"category": "交通"}),
    ("activities", "suggestions", "suggestion", {"category": "交通"}),
    ("ratings", "schemes", "scheme", {"min_raters": 5}),
    ("ratings", "meetings", "draft", {"constituency": "第一选区"}),
]


@pytest.mark.parametrize(("service", "kind", "name", "change"), RECORDS)
async def test_stale_strange_and_used(desk: Desk, kind: str, name: str, change: dict[str, Any]) -> None:
    path = f"/{kind}/{desk.ids[name]}"
    first = await desk.driver.call("PATCH", path, change)
    assert first.status == 200, first.json
    stale = f'"{first.json["version"] - 1}"'
    at = "header.if-match"
    other = {next(iter(change)): "甲" if isinstance(next(iter(change.values())), str) else 7}
    await desk.all_refused(
        [
            Bad("stale", "PATCH", path, other, 412, "stale-version", headers={"If-Match": stale}),
            Bad("weak", "PATCH", path, other, 412, "stale-version", headers={"If-Match": f"W/{stale}"}),
            Bad("ahead", "PATCH", path, other, 412, "stale-version", headers={"If-Match": '"99"'}),
            Bad("words", "PATCH", path, other, 400, "malformed", at, headers={"If-Match": "the last one"}),
            Bad("quote", "PATCH", path, other, 400, "malformed", at, headers={"If-Match": '"1'}),
            Bad("unknown id", "PATCH", f"/{kind}/nobody", other, 404, "not-found"),
            Bad("operator as id", "PATCH", f"/{kind}/%7B%22$ne%22:1%7D", other, 404, "not-found"),
            Bad("control as id", "GET", f"/{kind}/%00%0a", None, 404, "not-found"),
            Bad("unknown field", "PATCH", path, {"shoe_size": 1}, at="body.shoe_size"),
            Bad("null", "PATCH", path, {"id": None}, at="body.id"),
            Bad("replaced", "PUT", path, other, 405, "method-not-allowed"),
            Bad("deleted", "DELETE", path, None, 405, "method-not-allowed"),
            Bad("another's", "GET", path, None, 404, "not-found", area=OTHER_TOWN),
        ]
    )


@pytest.mark.parametrize(("service", "door"), DOORS[:4])
async def test_batches_and_keys(desk: Desk, door: Door) -> None:
    many, keyed = f"{door.path}:batch", {"Idempotency-Key": "k-1"}
    good = [door.body, door.body]
    assert (await desk.driver.call("POST", door.path, door.body, headers=keyed)).status == 201
    spaced = {"Idempotency-Key": "k 1"}
    other = door.sent(**{door.text: "另一个"})
    await desk.all_refused(
        [
            Bad("too many", "POST", many, {"items": [door.body] * 2001}, at="body.items"),
            Bad("none", "POST", many, {"items": []}, at="body.items"),
            Bad("no list", "POST", many, {"items": door.body}, at="body.items"),
            Bad("one unknown field", "POST", many, {"items": [*good, door.sent(x=1)]}, at="body.items.2.x"),
            Bad(
                "one wrong", "POST", many, {"items": [*good, {door.text: 1}]}, at=f"body.items.2.{door.text}"
            ),
            Bad("used key", "POST", door.path, other, 409, "conflict", headers=keyed),
            Bad(
                "spaced key",
                "POST",
                door.path,
                other,
                400,
                "malformed",
                "header.idempotency-key",
                headers=spaced,
            ),
        ]
    )


LISTS = [("roster", "people"), ("activities", "activities"), ("ratings", "meetings")]


@pytest.mark.parametrize(("service", "kind"), LISTS)
async def test_questions(desk: Desk, kind: str) -> None:
    wrong = ["limit=0", "limit=-1", "limit=x", f"limit={10**30}", "limit=1&limit=2", "cursor=%00",
             "cursor=eA==", "shoe_size=1", "%24where=1", "name%5B%24ne%5D=1"]  # fmt: skip
    feed = ["after=-1", "after=x", f"after={10**13}", f"after={2**64}", "limit=1001", "wait=61", "since=1"]
    area = f"//{desk.driver.alive.service.name}/v1/events?area={TOWN}&after"
    cursors = ["e30x", "W10", "eyJ4Ijoic3RyIn0", "eyJ4IjotMX0", "eyJ4IjoxZTl9", "WzFd" * 500, "W1tb" * 1500]
    places = {
        question: f"query.{question.partition('=')[0]}" for question in (*wrong, *feed) if "%" not in question
    }
    await desk.all_refused(
        [
            *(Bad(q, "GET", f"/{kind}?{q}", at=places.get(q, "")) for q in wrong),
            *(Bad(q, "GET", f"/events?{q}", at=places[q]) for q in feed),
            *(Bad(cursor[:20], "GET", f"{area}={cursor}", at="query.after") for cursor in cursors),
            Bad("one item asked", "GET", f"/{kind}/none?x=1", at="query.x"),
            Bad("no town", "GET", "//roster/v1/towns/34028119/people", None, 404, "not-found"),
            Bad("another town's log", "GET", "/events", None, 404, "not-found", area=OTHER_TOWN),
        ]
    )


@pytest.mark.parametrize("service", ["roster"])
async def test_an_endless_body_is_cut_off(desk: Desk) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 100_000

    before = await desk.everything()
    url, headers = (
        f"/roster/v1/towns/{TOWN}/people",
        {"Authorization": f"Bearer {desk.driver.token()}", **JSON},
    )
    async with desk.driver.client.post(url, data=endless(), headers=headers) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (413, "too-large")
    assert await desk.everything() == before
