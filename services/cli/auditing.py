"""Whether a running system is at one with itself, asked over HTTP; and read models made anew from the logs."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.cli.citing import false_citations
from services.cli.client import Client
from services.cli.office import Say, Unfinished
from services.cli.verifying import Logs, read_feed
from shared.chain import Link, verdict
from shared.endpoints.heads import Head
from shared.envelope import GENESIS, Event, service_of, source_of

SERVICES: Final = ("roster", "activities", "ratings", "reports")
TITLES: Final = {"roster": "名册", "activities": "履职", "ratings": "测评", "reports": "总结"}
ARRIVAL_SECONDS: Final = 10.0
"""How long events may be on their way before they are called missing."""
REBUILD_SECONDS: Final = 300.0
POLL_SECONDS: Final = 0.2
_PAGE: Final = 1000


@dataclass
class Audit:
    """What was looked at, and what is wrong with it, each once, in the order found."""

    records: int = 0
    events: int = 0
    faults: dict[str, None] = field(default_factory=dict)

    def blame(self, where: str, message: str) -> None:
        self.faults[f"{where}：{message}"] = None


@dataclass
class Read(Logs):
    """With the events themselves, in the order they came."""

    events: list[Event] = field(default_factory=list)

    def take(self, event: Event) -> None:
        super().take(event)
        self.events.append(event)


async def towns(client: Client, area: str) -> list[str]:
    """Towns of an area of which anything was ever said. Errors: Refused, Away."""
    if len(area) == 9:
        return [area]
    found: set[str] = set()
    for service in SERVICES:
        answer = await client.json("GET", f"/{service}/v1/heads", area=area)
        found |= {item["source"].split("/")[1] for item in answer["items"]}
    return sorted(found)


async def audit(client: Client, town: str) -> Audit:
    """Every service's log, its records against it, and what the others took in of it. Errors: Refused, Away."""
    made = Audit()
    told = {s: await client.json("GET", f"/{s}/v1/towns/{town}/integrity") for s in SERVICES}
    read = {service: Read() for service in SERVICES}
    logs = {service: await _log(client, service, town, read[service], made) for service in SERVICES}
    for service, answer in told.items():
        made.records += sum(answer["records"].values())
        made.events += len(logs[service])
        for fault in answer["faults"]:
            place = fault["subject"] if fault["subject"].startswith("/") else f"{service} {fault['subject']}"
            prefix = (
                ""
                if fault["rule"] in ("log", "state") or not place.startswith("/")
                else f"（{TITLES[service]}）"
            )
            made.blame(f"{place}{prefix}", fault["message"])
        _compare_copies(service, answer["copies"], logs, made)
    for service in SERVICES:
        await _compare_heard(client, service, town, logs, made)
    _compare_citations(town, read, logs["roster"], made)
    return made


async def _log(client: Client, service: str, town: str, read: Read, made: Audit) -> list[Link]:
    """The service's feed, verified, and held to the head it signs."""
    path = f"/{service}/v1/towns/{town}"
    said = await client.json("GET", f"{path}/head")
    head = Head.model_validate({name: said[name] for name in Head.model_fields})
    source = source_of(town, service)
    await read_feed(client, f"{client.url}{path}/events", read)
    links = read.streams.pop(source, [])
    for fault in [*read.strange, *(f"日志里有 {other} 的事件" for other in read.streams)]:
        made.blame(source, fault)
    for fault in verdict(source, links).faults:
        made.blame(source, fault)
    reached = next((link.hash for link in links if link.sequence == head.sequence), GENESIS)
    if reached != head.hash:
        made.blame(source, f"签名的末号声明是第 {head.sequence} 号，日志中没有它，或者散列不同")
    return links


def _compare_copies(
    service: str, copies: Mapping[str, Mapping[str, int]], logs: Mapping[str, Sequence[Link]], made: Audit
) -> None:
    """Every copy is at the version its own service last stated, and none is missing."""
    latest: dict[str, Link] = {}
    for other, links in logs.items():
        if other != service:
            latest |= {link.subject.partition("/")[2]: link for link in links if link.version is not None}
    for collection, versions in copies.items():
        nouns = set()
        for id, version in versions.items():
            link = latest.get(id)
            if link is None:
                made.blame(f"{service} {collection}/{id}", "副本在来源的日志中没有")
                continue
            nouns.add(link.subject.partition("/")[0])
            if version != link.version:
                message = f"副本是第 {version} 版，来源已是第 {link.version} 版（第 {link.sequence} 号）"
                made.blame(f"{service} {collection}/{id}", message)
        for id, link in latest.items():
            if link.subject.partition("/")[0] in nouns and id not in versions:
                made.blame(f"{service} {collection}/{id}", f"缺少副本（来源第 {link.sequence} 号）")


def _compare_citations(town: str, read: Mapping[str, Read], roster: Sequence[Link], made: Audit) -> None:
    """The rosters that records cite, held to a roster's log that is whole; another proves nothing."""
    source = source_of(town, "roster")
    if verdict(source, roster).faults:
        return
    others = [event for service in ("activities", "ratings") for event in read[service].events]
    for event in false_citations(read["roster"].events, others):
        message = (
            f"引用的名册散列与名册第 {event.data['roster_sequence']} 号时 {event.data['held_on']} 的名册不符"
            f"（第 {event.sequence} 号）"
        )
        made.blame(f"{event.source} {event.subject}", message)


async def _compare_heard(
    client: Client, service: str, town: str, logs: Mapping[str, Sequence[Link]], made: Audit
) -> None:
    """Numbers and hashes of what was taken in are those of the source's log."""
    for mark in await _heard_all(client, service, town, logs):
        source, other = mark["source"], service_of(mark["source"])
        stated = {link.sequence: link.hash for link in logs.get(other, ())}
        where = f"{TITLES[service]}收到的 {source}"
        if mark["upto"] < max(stated, default=0):
            made.blame(where, f"只到第 {mark['upto']} 号，来源已到第 {max(stated)} 号")
        async for sequence, hash in _heard(client, f"/{service}/v1/towns/{town}/heard/{other}"):
            if sequence in stated and stated[sequence] != hash:
                made.blame(where, f"第 {sequence} 号的散列与来源的不同")
            elif sequence not in stated and sequence <= max(stated, default=0):
                made.blame(where, f"第 {sequence} 号在来源的日志中没有")


async def _heard_all(
    client: Client, service: str, town: str, logs: Mapping[str, Sequence[Link]]
) -> list[dict[str, Any]]:
    """How far the service heard the others, once nothing is on its way any more."""
    deadline = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    while True:
        marks = (await client.json("GET", f"/{service}/v1/towns/{town}/heard"))["items"]
        reached = {mark["source"]: mark["upto"] for mark in marks}
        behind = any(upto < _reach(logs.get(service_of(source), ())) for source, upto in reached.items())
        if not behind or asyncio.get_running_loop().time() > deadline:
            return list(marks)
        await asyncio.sleep(POLL_SECONDS)


def _reach(links: Sequence[Link]) -> int:
    return max((link.sequence for link in links), default=0)


async def _heard(client: Client, path: str) -> Any:
    after = 0
    while True:
        items = (await client.json("GET", path, after=after, limit=_PAGE))["items"]
        for item in items:
            yield item["sequence"], item["hash"]
        if len(items) < _PAGE:
            return
        after = items[-1]["sequence"]


async def rebuild(client: Client, service: str, town: str, say: Say) -> None:
    """Throw a service's copies of others away, and wait until they are whole again.

    Errors: Unfinished, Refused, Away.
    """
    answer = await client.json("POST", f"/{service}/v1/towns/{town}:rebuild")
    wanted: dict[str, int] = {}
    for source in answer["sources"]:
        head = await client.json("GET", f"/{service_of(source)}/v1/towns/{town}/head")
        wanted[source] = head["sequence"]
    deadline = asyncio.get_running_loop().time() + REBUILD_SECONDS
    while missing := await _missing(client, service, town, wanted):
        if asyncio.get_running_loop().time() > deadline:
            raise Unfinished(f"重建尚未完成，还差：{'、'.join(missing)}")
        await asyncio.sleep(POLL_SECONDS)
    for source, upto in wanted.items():
        say(f"{TITLES.get(service, service)} 已重新读完 {source}：1–{upto} 号")


async def _missing(client: Client, service: str, town: str, wanted: Mapping[str, int]) -> list[str]:
    items = (await client.json("GET", f"/{service}/v1/towns/{town}/heard"))["items"]
    reached = {item["source"]: item["upto"] for item in items}
    return [
        f"{source} 第 {reached.get(source, 0) + 1}–{upto} 号"
        for source, upto in wanted.items()
        if reached.get(source, 0) < upto
    ]


def told(town: str, made: Audit) -> Iterator[str]:
    if made.faults:
        yield f"✗ {town}：发现 {len(made.faults)} 处问题"
        yield from (f"    {fault}" for fault in made.faults)
    else:
        yield f"✓ {town}：{made.records} 条记录、{made.events} 件事件互相吻合"
