"""`lvzhi verify FILE.docx`: a document's numbers counted again from feeds or saved logs, and told to people."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import recount
from recount.log import SOURCES
from recount.verdict import Recount, period
from services.cli.client import Client
from services.cli.verifying import Unverifiable, fed

_CLASSES = {
    "date": "日期",
    "ordinal": "次序",
    "structure": "编号",
    "quotation": "引用记录原文",
    "finding": "待核事项所列（未重算）",
}


async def feeds(client: Client, town: str) -> list[Any]:
    """Every event of the town's three sources."""
    return [
        event
        for name in SOURCES
        for event in await fed(client, f"{client.url}/{name}/v1/towns/{town}/events")
    ]


def about(file: bytes, town: str, days: tuple[date | None, date | None]) -> tuple[str, date, date]:
    """Town and period, as asked for or as the document says. Errors: Unverifiable."""
    try:
        said = period(recount.read(file))
    except recount.NotReadable as error:
        raise Unverifiable(str(error)) from error
    first, last = days[0] or said[1], days[1] or said[2]
    if not (town or said[0]) or first is None or last is None:
        raise Unverifiable("文件的属性里没有镇和统计期（另存时可能丢失），请用 --town、--from、--to 写明")
    return town or said[0], first, last


def recounted(
    file: bytes, events: Iterable[Any], town: str, first: date, last: date, *, sealed: bool = False
) -> Recount:
    """Errors: Unverifiable."""
    try:
        log = recount.Log.of(town, events)
        if not any(log.streams.values()):
            raise Unverifiable(f"日志中没有 {town} 的事件，无从核验")
        return recount.verify(recount.read(file), log, first, last, sealed=sealed)
    except (recount.Broken, recount.NotReadable) as error:
        raise Unverifiable(str(error)) from error


def tell(found: Recount, say: Callable[[str], None]) -> None:
    """Each number that is not borne out with its place, then the sum of it."""
    for fault in found.faults:
        say(f"{fault.kind.value}  {fault}")
    for note in found.notes:
        say(note)
    say(summary(found))


def summary(found: Recount) -> str:
    kinds = [fault.kind.value for fault in found.faults]
    parts = "，".join(f"{kind} {kinds.count(kind)} 个" for kind in ("不符", "不明", "未绑定"))
    passed = "，".join(f"{_CLASSES[kind]} {n} 个" for kind, n in sorted(found.passed.items()))
    return f"重算 {found.total} 个数字：相符 {found.right} 个，{parts}" + (
        f"；另有{passed}" if passed else ""
    )
