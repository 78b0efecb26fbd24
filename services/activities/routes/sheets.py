"""Routes of sheets: of one record or a list as PDF; signed ones read from photographs."""

from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from services.activities import repository, schemas
from services.activities.domain.roll import Gathering
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import WrongState
from services.activities.handlers import printing, rolls, scans
from services.activities.pages import activity_sheet, sign_in, suggestion_sheets
from services.activities.pages.suggestion_sheets import Named
from services.activities.repository import ACTIVITIES, SUGGESTIONS
from services.activities.routes.printing import PDF, Press
from services.activities.routes.reasons import activity_seen, viewer
from services.activities.routes.roles import OFFICE
from services.activities.routes.suggestions import records
from shared.documents.pictures import HEIC, SCAN_BYTES, SIGNATURES
from shared.documents.scan.worker import read_file, require_scan
from shared.documents.sheets import Sheet
from shared.errors import Busy, FontMissing, PhotographUnfit, ScanMissing
from shared.http import Call, Upload, route
from shared.http.bulkhead import Bulkhead, off_the_loop

NOT_SAID: Final = "application/octet-stream"


@dataclass(frozen=True)
class SheetPrinter:
    press: Press
    reading: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=1, waiting=8, retry_seconds=5))

    @route(
        "GET",
        "/towns/{town}/suggestions/{id}/sheet",
        roles=OFFICE,
        produces=(PDF,),
        problems=[FontMissing, Busy, WrongState],
    )
    async def print_suggestion(self, call: Call[schemas.SuggestionSheetQuery]) -> web.Response:
        """打印一件建议的登记表（register）、交办单（assign），临期和逾期的印催办单（remind）。"""
        suggestion, query = await call.subject(SUGGESTIONS), call.query
        known = await printing.known_on(call.work, suggestion.assigned_on or suggestion.raised_on)
        if query.form == "register":
            session = await printing.session_name(call.work, suggestion)
            return await self._print(suggestion_sheets.register(_named(suggestion, known, session)))
        if query.form == "assign":
            assigned = suggestion.before_redo()
            step = assigned.assigned()
            return await self._print(suggestion_sheets.assignment(_named(assigned, known), step.return_by))
        on = query.on or call.work.clock.today()
        due_on = suggestion.urged(on, (await printing.rules_on(call.work, on)).reply_warning_days)
        return await self._print(suggestion_sheets.reminder(_named(suggestion, known), due_on, on))

    @route(
        "GET",
        "/towns/{town}/suggestions/summary_sheet",
        roles=OFFICE,
        query=records.listing.choice("SuggestionSummaryQuery"),
        produces=(PDF,),
        problems=[FontMissing, Busy],
    )
    async def print_summary(self, call: Call[Any]) -> web.Response:
        """打印代表建议办理情况汇总表，A4 横排；条件与列表相同。"""
        on = call.work.clock.today()
        known = await printing.known_on(call.work, on)
        suggestions = sorted(
            await records.listing.matching(call.work, call.query), key=lambda suggestion: suggestion.in_order
        )
        lines = [_named(suggestion, known) for suggestion in suggestions]
        chosen = call.query.model_dump(by_alias=True, exclude_none=True)
        return await self._print(suggestion_sheets.summary(known.town, chosen, lines, on))

    @route(
        "GET",
        "/towns/{town}/activities/{id}/sheet",
        roles=OFFICE | {"leader"},
        produces=(PDF,),
        problems=[FontMissing, Busy],
    )
    async def print_activity(self, call: Call) -> web.Response:
        """打印活动登记表，出席情况照签到册的序号排列。"""
        activity = activity_seen(await call.subject(ACTIVITIES), await viewer(call))
        gathered = await printing.gathered(call.work, activity)
        return await self._print(activity_sheet.sheet(activity_sheet.Held(activity, **vars(gathered))))

    @route(
        "POST",
        "/towns/{town}/sheets:read",
        roles=OFFICE | {"leader"},
        commits=False,
        accepts=(*SIGNATURES, *HEIC, NOT_SAID),
        limit=SCAN_BYTES,
        status=200,
        problems=[ScanMissing, PhotographUnfit, FontMissing, Busy],
    )
    async def read_sheets(self, call: Call[schemas.RollQuery, Upload]) -> schemas.SheetsRead:
        """识读签到册、接待登记表的照片或扫描件（JPEG、PNG、HEIC、PDF）：提出出席、请假和人次，拿不准的格子附图；什么也不登记，照片不保存。"""
        from services.activities.pages import printed

        require_scan()
        query = call.query
        roster_sequence = await repository.roster_sequence(call.work)  # not that of after the reading
        town, roll = await rolls.sheet(call.work, query)
        sheets = [sign_in.sign_in(query.subject(call.town), town, "", query.held_on, roll)]
        if query.of is Gathering.RECEPTION and query.station_id is not None:
            register = schemas.RegisterQuery(held_on=query.held_on, station_id=query.station_id)
            names = await rolls.register(call.work, register)
            sheets.append(sign_in.register(register.subject(call.town), *names, query.held_on))
        async with self.reading.turn():
            layouts = [await off_the_loop(printed.layout, self.press.font, sheet) for sheet in sheets]
            pages = await read_file(call.body.data, layouts, cut=True)
        return scans.proposal(roll, roster_sequence, layouts, pages)

    async def _print(self, sheet: Sheet) -> web.Response:
        from services.activities.pages import printed

        return await self.press.pdf(printed.drawn, sheet)


def _named(suggestion: Suggestion, known: printing.Known, session: str = "") -> Named:
    lead, day = suggestion.lead_deputyship_id, suggestion.raised_on
    return Named(
        suggestion,
        known.town,
        lead=known.deputy(lead, day) if lead else "",
        place=known.place(lead, day) if lead else "",
        co=tuple(known.deputy(id, day) for id in suggestion.co_deputyship_ids),
        session=session,
        deadline=suggestion.deadline_if_any(known.rules),
    )
