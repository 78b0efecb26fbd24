"""The county's board: a row for each town and period, kept as it happens, and what is read from the rows."""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from services.reports import towns
from services.reports.board import MISSING, Tally, packed, read
from services.reports.domain.board import AreaPeriod, Board, BoardRow, Breakdown, Standing, TownShare
from services.reports.domain.hand_in import Window, last_day, window_of
from services.reports.errors import NoFigure
from services.reports.events_in import SOURCES
from services.reports.figures import BY_ID
from services.reports.repository import AREA_PERIODS, BOARD, Progress, ReportRecord
from shared.http.paging import cursor_after
from shared.storage.reader import Reader
from shared.storage.work import Work

KEPT: Final = 4
"""Areas and periods whose amounts are kept in memory."""


async def note(work: Work, period: str, **changes: Any) -> None:
    """Enter what has become known of a period into the town's row."""
    before = await _standing(work, period)
    after = before.model_copy(update=changes)
    if not before.version:
        work.create(BOARD, after, "noted")
    elif after != before:
        work.change(BOARD, after, "noted")


async def hold(work: Work, period: str) -> None:
    """Read the town's row before anything is decided by its report and closings, all of whose steps change the row: of
    two works that hold it so, the second to commit runs again."""
    row = await _standing(work, period)
    if row.version:
        work.lock(BOARD, row)
    else:
        work.create(BOARD, row, "noted")


async def _standing(work: Work, period: str) -> Standing:
    id = f"{work.town}:{period}"
    return await work.get(BOARD, id) or Standing(id=id, town=work.town, period=period)


async def note_report(work: Work, record: ReportRecord) -> None:
    """Enter an edition, and name its period among those of the county."""
    county = f"{work.town[: towns.COUNTY]}:{record.period}"
    work.project(AREA_PERIODS, AreaPeriod(id=county, town=work.town, version=1, period=record.period))
    await note(work, record.period, **of_report(record))


def of_report(record: ReportRecord) -> dict[str, Any]:
    """What a row says of a report."""
    return {
        "status": record.status,
        "edition": record.version,
        "as_of": record.as_of,
        "blocks": record.blocks,
        "warnings": record.warnings,
        "submitted_on": record.submitted_on,
        "submitted_at": record.submitted_at,
        "accepted_at": record.accepted_at,
        "late": record.receipt.late if record.receipt else False,
        "figures": packed(record.figures),
    }


async def note_progress(work: Work, progress: Progress) -> None:
    """Enter how a closing stands."""
    await note(work, progress.period, **of_progress(progress))


def of_progress(progress: Progress) -> dict[str, Any]:
    waiting = progress.state == "waiting"
    return {
        "closing_id": progress.id if waiting else None,
        "waiting_since": progress.started_at if waiting else None,
        "trouble": tuple(sorted(progress.trouble)) if waiting else (),
    }


@dataclass(frozen=True)
class Boards:
    """Reads boards; the amounts of the latest areas are kept, and only rows of another version are read again."""

    _kept: OrderedDict[tuple[str, str], Tally] = field(default_factory=OrderedDict, init=False)

    async def read(
        self,
        work: Work,
        area: str,
        period: str,
        seal_seconds: float,
        figures: Sequence[str] = (),
        *,
        after: str | None = None,
        limit: int = 0,
    ) -> Board:
        """The board of all towns whose code begins with `area`, with these figures of each town; of its rows up to
        `limit` after the town `after`. Errors: NoFigure."""
        for id in figures:
            defined(id)
        below, tally = await self._area(work.reader, area, period)
        codes, names, rows = below.codes, below.names, below.rows
        now = work.clock.now()
        states = {code: _state(rows.get(code), now, seal_seconds) for code in codes}
        shown = _page(codes, after, limit)
        sealed = await _sealed(work.reader, [rows[code] for code in shown if code in rows])
        around = [kept.window for kept in await towns.window_records(work.reader, area, period)]
        windows = around + [kept.window for kept in await towns.windows_below(work.reader, area, period)]
        today = work.clock.today()
        asked = [code for code in shown if code not in below.gone]
        overdue = {code for code in asked if _late(code, rows.get(code), windows, today)}
        return Board(
            area=area,
            year=int(period) if period.isdecimal() else None,
            period=period,
            periods=await towns.periods_below(work.reader, area),
            towns=[
                _row(
                    code, names.get(code, ""), states[code], rows.get(code), sealed, tally, figures
                ).model_copy(update={"late": code in overdue})
                for code in shown
            ],
            counts=dict(Counter(states.values())),
            figures=tally.roll_ups(),
            window=window_of(area, around),
            next_cursor=_following(codes, shown),
        )

    async def break_down(
        self, work: Work, area: str, period: str, id: str, *, after: str | None = None, limit: int = 0
    ) -> Breakdown:
        """What each town has of a figure. Errors: NoFigure."""
        defined(id)
        below, tally = await self._area(work.reader, area, period)
        codes, names, rows = below.codes, below.names, below.rows
        words = {code: tally.amount(code, id) for code in codes}
        shown = _page(codes, after, limit)
        return Breakdown(
            area=area,
            period=period,
            figure=tally.roll_up(BY_ID[id]),
            definition=BY_ID[id].definition,
            lacking=[code for code in codes if words[code] == MISSING],
            no_report=[code for code in codes if code not in rows or not rows[code].edition],
            items=[
                _share(code, names.get(code, ""), period, id, words[code], rows.get(code)) for code in shown
            ],
            next_cursor=_following(codes, shown),
        )

    async def _area(self, reader: Reader, area: str, period: str) -> tuple[towns.Below, Tally]:
        below = await towns.below(reader, area, period)
        rows = below.rows
        tally = self._kept.setdefault((area, period), Tally())
        self._kept.move_to_end((area, period))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        for gone in [town for town in tally.versions if town not in rows]:
            tally.remove(gone)
        changed = [row.id for row in rows.values() if tally.versions.get(row.town) != row.version]
        tally.put(await towns.amounts(reader, area, period, changed))
        return below, tally


def defined(id: str) -> None:
    """Errors: NoFigure."""
    if id not in BY_ID:
        raise NoFigure(f"没有编号为 {id} 的指标")


def is_late(since: datetime, now: datetime, seal_seconds: float) -> bool:
    """Whether a closing waits for longer than the limit. One that began as far ahead of the clock was requested by a
    process of another clock, and may have waited for any time: small differences of clocks say nothing."""
    return abs(now - since) > timedelta(seconds=seal_seconds)


def _state(row: Standing | None, now: datetime, seal_seconds: float) -> str:
    """As `closings.state_of`."""
    if row is not None and row.waiting_since is not None:
        late = is_late(row.waiting_since, now, seal_seconds)
        return "incomplete" if late or row.trouble else "compiling"
    return row.status if row is not None and row.status else "none"


def _late(town: str, row: Standing | None, windows: Sequence[Window], today: date) -> bool:
    """Whether the latest submission was late; before there is one, whether the last day is over."""
    if row is not None and row.submitted_on:
        return row.late
    window, until = window_of(town, windows), row.extended_until if row is not None else None
    day = last_day(window, until)
    return day is not None and day < today


async def _sealed(reader: Reader, rows: Sequence[Standing]) -> Mapping[str, set[str]]:
    """Services that have sealed, by closing that is still waited for."""
    sealed: dict[str, set[str]] = {row.closing_id: set() for row in rows if row.closing_id}
    for seal in await towns.seals_of_closings(reader, list(sealed)):
        sealed[seal.closing_id].add(seal.service)
    return sealed


def _row(
    code: str,
    name: str,
    state: str,
    row: Standing | None,
    sealed: Mapping[str, set[str]],
    tally: Tally,
    figures: Sequence[str],
) -> BoardRow:
    if row is None:
        return BoardRow(town=code, name=name, status=state)
    about: dict[str, Any] = {"town": code, "name": name, "status": state}
    about |= row.model_dump(include={"due_on", "extended_until"})
    if row.closing_id:
        had = sealed[row.closing_id] - set(row.trouble)
        about["waiting_for"] = tuple(service for service in SOURCES if service not in had)
    if row.edition:
        about |= row.model_dump(include={"as_of", "blocks", "warnings"}) | {"version": row.edition}
        about |= {"missing": tally.lacking(code), "figures": tuple(tally.figures(code, figures))}
    about |= row.model_dump(include={"submitted_on", "submitted_at", "accepted_at"})
    return BoardRow(**about)


def _share(code: str, name: str, period: str, id: str, word: str | None, row: Standing | None) -> TownShare:
    if word is None:
        status = "no_figure" if row is not None and row.edition else "no_report"
        return TownShare(town=code, name=name, status=status)
    address = f"/reports/v1/towns/{code}/periods/{period}/report/records?figure={id}"
    return TownShare(town=code, name=name, records=address, **dict(read(word)))


def _page(codes: Sequence[str], after: str | None, limit: int) -> Sequence[str]:
    behind = [code for code in codes if after is None or code > after]
    return behind[:limit] if limit else behind


def _following(codes: Sequence[str], shown: Sequence[str]) -> str | None:
    return cursor_after(shown[-1]) if shown and shown[-1] != codes[-1] else None
