"""`lvzhi verify FILE.docx`: recounts a document's numbers from feeds or saved logs, and prints the result."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import recount
from recount.log import SOURCES
from recount.standing import REPORTS
from services.cli import witnessing
from services.cli.auditing import towns
from services.cli.client import Client
from services.cli.terminal import fail
from services.cli.verifying import Unverifiable, feed_events

TO_CONFIRM = 3
"""Exit status where nothing is wrong and somebody has to look; 2 is that of a command that is not understood."""
TOWN_DIGITS = 9
_CLASSES = {
    "date": "日期",
    "ordinal": "次序",
    "structure": "编号",
    "quotation": "引用记录原文",
    "finding": "待核事项所列（未重算）",
    "wording": "编制时的文字",
}


async def feeds(client: Client, town: str) -> list[Any]:
    """All events of the town's three sources and of its reports."""
    return [
        event
        for name in (*SOURCES, REPORTS)
        for event in await feed_events(client, f"{client.url}/{name}/v1/towns/{town}/events")
    ]


async def area_feeds(client: Client, area: str) -> list[Any]:
    """All events of the sources and of the reports of every town of an area."""
    return [
        event
        for town in await towns(client, area)
        if len(town) == TOWN_DIGITS
        for event in await feeds(client, town)
    ]


async def published_keys(client: Client) -> Mapping[str, Any]:
    """The JWK set with which the system signs its summaries."""
    return _key_set(await client.json("GET", "/reports/jwks.json"))


def keys_in(path: Path) -> Mapping[str, Any]:
    """A JWK set that was saved before: one that was collected, or that of `reports`. Errors: Unverifiable, also for one
    named after another service, whose keys may sign no summary; BadCheckpoint."""
    try:
        text = path.read_text("utf-8")
        keys = _key_set(json.loads(text))
    except (OSError, ValueError) as error:
        raise Unverifiable(f"{path} 不是 JWK 密钥集") from error
    service = witnessing.service_named(path.as_posix())
    if service not in ("", "reports") and not witnessing.is_collected(text):
        raise Unverifiable(
            f"{path} 是另一个服务（{service}）的公钥，总结由 reports 签名：请给出 reports.json"
        )
    return keys


def _key_set(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict) or not isinstance(content.get("keys"), list):
        raise Unverifiable("给出的不是 JWK 密钥集")
    return content


def about(file: bytes, town: str, days: tuple[date | None, date | None]) -> tuple[str, date, date]:
    """(town, first day, last day) as given, else from the document's properties. Errors: Unverifiable."""
    try:
        stated = recount.period(recount.read(file))
    except recount.NotReadable as error:
        raise Unverifiable(str(error)) from error
    first, last = days[0] or stated[1], days[1] or stated[2]
    if not (town or stated[0]) or first is None or last is None:
        raise Unverifiable("文件的属性里没有乡镇和统计期（另存时可能丢失），请用 --town、--from、--to 写明")
    return town or stated[0], first, last


def recounted_all(
    files: Sequence[bytes],
    events: Sequence[Any],
    scopes: Sequence[tuple[str, date, date]],
    *,
    sealed: bool = False,
    keys: Mapping[str, Any] | None = None,
) -> list[recount.Recount]:
    """Results of files with the scope of each. Errors: Unverifiable, also where they are not of the same edition."""
    if of_area(scopes):
        results = _recounted_areas(files, events, keys)
    else:
        results = [
            recounted(file, events, *scope, sealed=sealed, keys=keys)
            for file, scope in zip(files, scopes, strict=True)
        ]
    if not recount.same_edition(map(recount.read, files)):
        raise Unverifiable("给出的文件不是同一版总结的")
    return results


def recounted(
    file: bytes,
    events: Sequence[Any],
    town: str,
    first: date,
    last: date,
    *,
    sealed: bool = False,
    keys: Mapping[str, Any] | None = None,
) -> recount.Recount:
    """Result of a recount; `sealed`: as of the document's seals; `keys`: JWK set of the system that compiled it.

    Errors: Unverifiable.
    """
    try:
        log = recount.Log.from_events(town, events)
        if not any(log.streams.values()):
            raise Unverifiable(f"日志中没有 {town} 的事件，无从核验")
        reports = recount.Log.from_events(town, events, (REPORTS,))
        return recount.verify(recount.read(file), log, first, last, sealed=sealed, keys=keys, reports=reports)
    except (recount.Broken, recount.NotReadable) as error:
        raise Unverifiable(str(error)) from error


def of_area(scopes: Sequence[tuple[str, date, date]]) -> bool:
    """Whether the files are the report of an area."""
    return len(scopes[0][0]) < TOWN_DIGITS


def _recounted_areas(
    files: Sequence[bytes], events: Sequence[Any], keys: Mapping[str, Any] | None
) -> list[recount.Recount]:
    """Results of the reports of an area, always as of what they were compiled from. Errors: Unverifiable."""
    try:
        return [recount.verify_area(recount.read(file), events, keys=keys) for file in files]
    except (recount.Broken, recount.NotReadable) as error:
        raise Unverifiable(str(error)) from error


def print_results(results: Sequence[recount.Recount], echo: Callable[[str], None]) -> str:
    """Print the results; returns why they do not pass, empty where they do."""
    for result in results:
        print_result(result, echo)
    if any(result.faults for result in results):
        return "核验没有通过"
    if not all(result.correct for result in results):
        return "文件中没有注明出处的数字：没有可以核验的内容"
    return ""


def conclude(results: Sequence[recount.Recount], echo: Callable[[str], None], *, confirmed: bool) -> None:
    """Print the results; end the command where they do not pass, with TO_CONFIRM where somebody has to look."""
    if trouble := print_results(results, echo):
        fail(trouble)
    if asked := to_confirm(results, confirmed=confirmed):
        fail(asked, status=TO_CONFIRM)
    echo("核验通过")


def to_confirm(results: Sequence[recount.Recount], *, confirmed: bool = False) -> str:
    """What somebody has to look at where there are no faults; empty where there is nothing. `confirmed`: the changes
    and the edition were looked at, which says nothing of who signed."""
    asked = []
    if (places := sum(len(result.beside) for result in results)) and not confirmed:
        asked.append(f"有 {places} 处改动可能改变意思，逐处看过以后请用 --confirm 确认")
    if any(result.doubt for result in results) and not confirmed:
        asked.append("这一版不是现行的，或者日志中没有，要核验的确实是这一版的，请用 --confirm 确认")
    if any(result.signer_unknown for result in results):
        asked.append("没有核对随文的证明是谁签的，请用 --keys 给出编制系统的公钥（/reports/jwks.json）")
    return "；".join(["没有查出不符", *asked]) if asked else ""


def print_result(result: recount.Recount, echo: Callable[[str], None]) -> None:
    """Print what was recounted, faults with their places, what was reworded or is to be confirmed, and a summary."""
    for line in result.scope:
        echo(line)
    for fault in result.faults:
        echo(f"{fault.kind.value}  {fault}")
    for reworded in result.reworded:
        echo(f"改写  {reworded}")
    for beside in result.beside:
        echo(f"待确认  {beside}")
    if result.doubt:
        echo(f"待确认  {result.doubt}")
    for note in result.notes:
        echo(note)
    echo(summary(result))


def summary(result: recount.Recount) -> str:
    kinds = [fault.kind.value for fault in result.faults]
    parts = "，".join(f"{kind} {kinds.count(kind)} 个" for kind in ("不符", "不明", "未绑定"))
    others = "，".join(
        f"{kind} {kinds.count(kind)} 处" for kind in ("改动", "读不出", "证明不符") if kind in kinds
    )
    parts += f"；{others}" if others else ""
    parts += f"；改写 {len(result.reworded)} 段" if result.reworded else ""
    parts += f"；待确认 {len(result.beside)} 处" if result.beside else ""
    passed = "，".join(f"{_CLASSES[kind]} {n} 个" for kind, n in sorted(result.passed.items()))
    return f"重算 {result.total} 个数字：相符 {result.correct} 个，{parts}" + (
        f"；另有{passed}" if passed else ""
    )
