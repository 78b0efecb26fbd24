"""Read-your-writes across services: a request with `Lvzhi-After: roster=57` waits for event 57 of that service.

Events arrive a moment later, and much later while the broker is down. A workbook that says "everyone" names nobody
whose absence could be noticed; only the sequence of the last event shows whether all of them have arrived. Once they
have, a name that is not known is wrong, and nothing is waited for.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from shared.envelope import source_of
from shared.errors import FieldError, Malformed, Unavailable
from shared.storage.work import ARRIVAL_SECONDS, Work

AFTER: Final = "Lvzhi-After"
_ITEM: Final = re.compile(r"([a-z]{1,30})=(0|[1-9][0-9]{0,14})")


class NotReceivedYet(Unavailable):
    """The events have not arrived within the time to wait; the client should retry."""

    slug, title = "not-heard-yet", "其他服务刚登记的内容还没有传到，请稍后再试"


def seen_elsewhere(headers: Sequence[str]) -> dict[str, int]:
    """{service: sequence}, the highest where one is named twice: lines of a header are one list (RFC 9110 § 5.3).
    Errors: Malformed."""
    header = ",".join(filter(None, headers))
    if not header:  # an empty list is one (§ 5.6.1)
        return {}
    matches = [_ITEM.fullmatch(item.strip()) for item in header.split(",")]
    if not all(matches):
        raise Malformed(
            f"{AFTER} 的形式是“服务=末号”，多个用逗号隔开",
            errors=[FieldError(f"header.{AFTER.lower()}", "格式不对")],
        )
    return dict(
        sorted((item[1], int(item[2])) for item in matches if item is not None)
    )  # the highest comes last


async def await_received(work: Work, seen: Mapping[str, int]) -> None:
    """Wait until the town's streams are complete here up to these sequences. Errors: NotReceivedYet."""
    for service, sequence in seen.items():
        if not await work.reader.arrival(_whole(work, service, sequence), within=ARRIVAL_SECONDS):
            raise NotReceivedYet(f"还没有收到 {service} 的第 {sequence} 号事件")


def _whole(work: Work, service: str, sequence: int) -> Callable[[], Awaitable[bool]]:
    async def whole() -> bool:
        marks = await work.reader.find("sources", {"_id": source_of(work.town, service)}, limit=1)
        return sequence <= (marks[0]["upto"] if marks else 0)

    return whole
