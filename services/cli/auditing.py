"""`lvzhi check` and `rebuild`: consistency of a running system over HTTP, and rebuilding of read models."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.cli.citing import false_citations
from services.cli.client import Client, Refused
from services.cli.office import Echo, Unfinished
from services.cli.verifying import Logs, read_feed
from services.host.installation import LEDGERS, SERVICES, TITLES
from shared.chain import Link, verdict
from shared.endpoints.heads import Head
from shared.envelope import GENESIS, Event, service_of, source_of

ARRIVAL_SECONDS: Final = 10.0
"""Maximum time an event may take to arrive before it is reported missing."""
REBUILD_SECONDS: Final = 300.0
POLL_SECONDS: Final = 0.2
_PAGE: Final = 1000


@dataclass
class Audit:
    """Result of an audit: numbers of records and events, and the faults in order, without duplicates."""

    records: int = 0
    events: int = 0
    faults: dict[str, None] = field(default_factory=dict)

    def add_fault(self, where: str, message: str) -> None:
        self.faults[f"{where}：{message}"] = None


@dataclass
class EventLogs(Logs):
    """Logs that also keep the events, in order."""

    events: list[Event] = field(default_factory=list)

    def add_event(self, event: Event) -> None:
        super().add_event(event)
        self.events.append(event)


async def services_of(client: Client) -> tuple[str, ...]:
    """The services of a system: all, or all but accounts where people and programs are another issuer's alone. Errors:
    Refused, Away."""
    try:
        await client.json("GET", "/accounts/health/live")
    except Refused as refused:
        if refused.status != 404:
            raise
        return LEDGERS
    return SERVICES


async def towns(client: Client, area: str) -> list[str]:
    """Codes of the divisions of an area with any events: towns, and the county whose accounts these are. Errors:
    Refused, Away."""
    if len(area) == 9:
        return [area]
    codes: set[str] = set()
    for service in await services_of(client):
        answer = await client.json("GET", f"/{service}/v1/heads", area=area)
        codes |= {item["source"].split("/")[1] for item in answer["items"]}
    return sorted(codes)


async def audit(client: Client, town: str) -> Audit:
    """Check every service's log, its records, and the copies of the other services. Errors: Refused, Away."""
    result = Audit()
    services = await services_of(client)
    answers = {s: await client.json("GET", f"/{s}/v1/towns/{town}/integrity") for s in services}
    read = {service: EventLogs() for service in services}
    logs = {service: await _log(client, service, town, read[service], result) for service in services}
    for service, answer in answers.items():
        result.records += sum(answer["records"].values())
        result.events += len(logs[service])
        for fault in answer["faults"]:
            place = fault["subject"] if fault["subject"].startswith("/") else f"{service} {fault['subject']}"
            prefix = (
                ""
                if fault["rule"] in ("log", "state") or not place.startswith("/")
                else f"（{TITLES[service]}）"
            )
            result.add_fault(f"{place}{prefix}", fault["message"])
        _compare_copies(service, answer["copies"], logs, result)
    for service in services:
        await _compare_received(client, service, town, logs, result)
    _compare_citations(town, read, logs["roster"], result)
    return result


async def _log(client: Client, service: str, town: str, read: EventLogs, result: Audit) -> list[Link]:
    """Read and verify the service's feed, and compare it with the checkpoint it signs."""
    path = f"/{service}/v1/towns/{town}"
    checkpoint = await client.json("GET", f"{path}/head")
    head = Head.model_validate({name: checkpoint[name] for name in Head.model_fields})
    source = source_of(town, service)
    await read_feed(client, f"{client.url}{path}/events", read)
    links = read.streams.pop(source, [])
    for fault in [*read.invalid, *(f"日志里有 {other} 的事件" for other in read.streams)]:
        result.add_fault(source, fault)
    for fault in verdict(source, links).faults:
        result.add_fault(source, fault)
    reached = next((link.hash for link in links if link.sequence == head.sequence), GENESIS)
    if reached != head.hash:
        result.add_fault(source, f"签名的末号声明是第 {head.sequence} 号，日志中没有它，或者散列不同")
    return links


def _compare_copies(
    service: str, copies: Mapping[str, Mapping[str, int]], logs: Mapping[str, Sequence[Link]], result: Audit
) -> None:
    """Check that every copy has the latest version of its source, and that none is missing."""
    latest: dict[str, Link] = {}
    for other, links in logs.items():
        if other != service:
            latest |= {link.subject.partition("/")[2]: link for link in links if link.version is not None}
    for collection, versions in copies.items():
        nouns = set()
        for id, version in versions.items():
            link = latest.get(id)
            if link is None:
                result.add_fault(f"{service} {collection}/{id}", "副本在来源的日志中没有")
                continue
            nouns.add(link.subject.partition("/")[0])
            if version != link.version:
                message = f"副本是第 {version} 版，来源已是第 {link.version} 版（第 {link.sequence} 号）"
                result.add_fault(f"{service} {collection}/{id}", message)
        for id, link in latest.items():
            if link.subject.partition("/")[0] in nouns and id not in versions:
                result.add_fault(f"{service} {collection}/{id}", f"缺少副本（来源第 {link.sequence} 号）")


def _compare_citations(
    town: str, read: Mapping[str, EventLogs], roster: Sequence[Link], result: Audit
) -> None:
    """Check the roster hashes that records cite, if the roster's log verifies."""
    source = source_of(town, "roster")
    if verdict(source, roster).faults:
        return
    others = [event for service in ("activities", "ratings") for event in read[service].events]
    for event in false_citations(read["roster"].events, others):
        message = (
            f"引用的名册散列与名册第 {event.data['roster_sequence']} 号时 {event.data['held_on']} 的名册不符"
            f"（第 {event.sequence} 号）"
        )
        result.add_fault(f"{event.source} {event.subject}", message)


async def _compare_received(
    client: Client, service: str, town: str, logs: Mapping[str, Sequence[Link]], result: Audit
) -> None:
    """Check that sequences and hashes of received events equal those of the source's log."""
    for mark in await _positions(client, service, town, logs):
        source, other = mark["source"], service_of(mark["source"])
        stated = {link.sequence: link.hash for link in logs.get(other, ())}
        where = f"{TITLES[service]}收到的 {source}"
        if mark["upto"] < max(stated, default=0):
            result.add_fault(where, f"只到第 {mark['upto']} 号，来源已到第 {max(stated)} 号")
        async for sequence, hash in _received_events(client, f"/{service}/v1/towns/{town}/heard/{other}"):
            if sequence in stated and stated[sequence] != hash:
                result.add_fault(where, f"第 {sequence} 号的散列与来源的不同")
            elif sequence not in stated and sequence <= max(stated, default=0):
                result.add_fault(where, f"第 {sequence} 号在来源的日志中没有")


async def _positions(
    client: Client, service: str, town: str, logs: Mapping[str, Sequence[Link]]
) -> list[dict[str, Any]]:
    """The service's position in every other stream, after waiting for events in transit."""
    deadline = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    while True:
        marks = (await client.json("GET", f"/{service}/v1/towns/{town}/heard"))["items"]
        reached = {mark["source"]: mark["upto"] for mark in marks}
        behind = any(
            upto < _last_sequence(logs.get(service_of(source), ())) for source, upto in reached.items()
        )
        if not behind or asyncio.get_running_loop().time() > deadline:
            return list(marks)
        await asyncio.sleep(POLL_SECONDS)


def _last_sequence(links: Sequence[Link]) -> int:
    return max((link.sequence for link in links), default=0)


async def _received_events(client: Client, path: str) -> Any:
    after = 0
    while True:
        items = (await client.json("GET", path, after=after, limit=_PAGE))["items"]
        for item in items:
            yield item["sequence"], item["hash"]
        if len(items) < _PAGE:
            return
        after = items[-1]["sequence"]


async def rebuild(client: Client, service: str, town: str, echo: Echo) -> None:
    """Delete a service's copies of other services' records, and wait until they are rebuilt.

    Errors: Unfinished, Refused, Away.
    """
    answer = await client.json("POST", f"/{service}/v1/towns/{town}:rebuild")
    expected: dict[str, int] = {}
    for source in answer["sources"]:
        head = await client.json("GET", f"/{service_of(source)}/v1/towns/{town}/head")
        expected[source] = head["sequence"]
    deadline = asyncio.get_running_loop().time() + REBUILD_SECONDS
    while missing := await _missing(client, service, town, expected):
        if asyncio.get_running_loop().time() > deadline:
            raise Unfinished(f"重建尚未完成，还差：{'、'.join(missing)}")
        await asyncio.sleep(POLL_SECONDS)
    for source, upto in expected.items():
        echo(f"{TITLES.get(service, service)} 已重新读完 {source}：1–{upto} 号")


async def _missing(client: Client, service: str, town: str, expected: Mapping[str, int]) -> list[str]:
    items = (await client.json("GET", f"/{service}/v1/towns/{town}/heard"))["items"]
    reached = {item["source"]: item["upto"] for item in items}
    return [
        f"{source} 第 {reached.get(source, 0) + 1}–{upto} 号"
        for source, upto in expected.items()
        if reached.get(source, 0) < upto
    ]


def lines_of(town: str, result: Audit) -> Iterator[str]:
    if result.faults:
        yield f"✗ {town}：发现 {len(result.faults)} 处问题"
        yield from (f"    {fault}" for fault in result.faults)
    else:
        yield f"✓ {town}：{result.records} 条记录、{result.events} 件事件互相吻合"
