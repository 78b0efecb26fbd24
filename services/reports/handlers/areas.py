"""The report of an area, compiled from the editions that are accepted when it is asked for; nothing of it is kept."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from services.reports import towns
from services.reports.area import AreaYear, check_area, compile_area
from services.reports.domain import Report, ReportStatus
from services.reports.domain.area import HandedIn, HandIn, settled
from services.reports.domain.periods import Period, period
from services.reports.errors import AreaTooWide, NoReport
from services.reports.notation import period_text
from services.reports.repository import edition_of
from shared.envelope import GENESIS, source_of
from shared.errors import Busy
from shared.storage import outbox
from shared.storage.work import Work

_TRIES: Final = 3


async def compiled(
    work: Work, area: str, name: str, *, signed_on: date | None = None, check: bool = False
) -> Report:
    """The report of the area, or its check document. Errors: AreaTooWide, NoReport where none is accepted, Busy."""
    if len(area) < towns.COUNTY:
        raise AreaTooWide(f"总结按县（市、区）编写，区划代码写 {towns.COUNTY} 位")
    if len(area) > towns.COUNTY:  # it would speak of the whole county, and count a part of its towns
        raise NoReport(f"总结按县（市、区）编写，区划代码写 {towns.COUNTY} 位；一个乡镇的看它自己的总结")
    handed_in = await _unmoved(work, area, name)
    if not any(town.report for town in handed_in):
        raise NoReport(f"{area}还没有接收过{period_text(name)}的乡镇总结")
    county = await towns.county_name(work.reader, [town.town for town in handed_in])
    year = AreaYear(area, county, _period(name, handed_in), handed_in)
    report = await asyncio.to_thread(compile_area, year, signed_on)
    return await asyncio.to_thread(check_area, year, report) if check else report


def _period(name: str, handed_in: Sequence[HandedIn]) -> Period:
    """The period of a name; a term begins with the first of the towns'."""
    reports = [town.report for town in handed_in if town.report]
    first = min(report.from_on or date(report.year, 1, 1) for report in reports)
    span = period(name, lambda _: (first, max(report.as_of for report in reports)))
    if span is None:
        raise NoReport(f"没有统计期 {name}")
    return span


async def _unmoved(work: Work, area: str, name: str) -> list[HandedIn]:
    """What the towns have handed in, read while none of their streams of reports moved, so that the heads say the same.
    Errors: Busy."""
    for _ in range(_TRIES):
        heads = await _heads(work, area)
        handed_in = await _handed_in(work, area, name, heads)
        if await _heads(work, area) == heads:
            return handed_in
    raise Busy("各乡镇的总结正在变动，请稍后再试")


async def _heads(work: Work, area: str) -> Mapping[str, outbox.Head]:
    return await outbox.heads(work.reader, f"/{area}")


async def _handed_in(work: Work, area: str, name: str, heads: Mapping[str, outbox.Head]) -> list[HandedIn]:
    below = await towns.below(work.reader, area, name)
    steps: dict[str, list[tuple[int, ReportStatus]]] = defaultdict(list)
    ids: dict[str, str] = {}
    for step in await towns.editions_below(work.reader, area, name):
        steps[step.town].append((step.number, step.status))
        ids[step.town] = step.report_id
    found = []
    for code in below.codes:
        state, accepted, pending = settled(sorted(steps[code]))
        if code in below.gone and state is HandIn.NONE:
            continue
        head = heads.get(source_of(code, "reports"))
        row = below.rows.get(code)
        found.append(
            HandedIn(
                town=code,
                name=below.names.get(code, ""),
                state=state,
                report=await edition_of(work.reader, ids[code], accepted) if accepted else None,
                pending=pending,
                sequence=head.sequence if head else 0,
                hash=head.hash if head else GENESIS,
                **(row.model_dump(include={"submitted_on", "late", "extended_until"}) if row else {}),
            )
        )
    return found
