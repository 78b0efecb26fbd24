"""Routes of paper: ballots to print, and photographs of ballots and count sheets as a third reading."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web

from services.ratings import repository, schemas
from services.ratings.ballots import Tally
from services.ratings.domain import Meeting, State, expect
from services.ratings.errors import MeetingState
from services.ratings.handlers import scans
from services.ratings.repository import TOWNS
from services.ratings.routes.counts import meeting_counted
from services.ratings.routes.roles import COUNTING, OFFICE
from shared.documents.pictures import HEIC, SCAN_BYTES, SIGNATURES
from shared.documents.scan.worker import read_file, require_scan
from shared.errors import Busy, FontMissing, PhotographUnfit, ScanMissing
from shared.http import Call, Upload, route
from shared.http.bulkhead import Bulkhead, off_the_loop

PDF: Final = "application/pdf"
NOT_SAID: Final = "application/octet-stream"


@dataclass(frozen=True)
class Paper:
    """`font`: the file named in the settings."""

    font: Path | None
    printing: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=2, waiting=8, retry_seconds=5))
    reading: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=1, waiting=4, retry_seconds=20))

    @route(
        "GET",
        "/towns/{town}/meetings/{id}/paper_ballots",
        roles=OFFICE | COUNTING,
        produces=(PDF,),
        problems=[FontMissing, Busy],
    )
    async def print_ballots(self, call: Call) -> web.Response:
        """打印纸质选票的样张：每个评议群体一种，照张数复印；没有编号，认不出是谁投的。"""
        from services.ratings.pages import printed

        meeting = await meeting_counted(call)
        town, names = await self._known(call, meeting)
        async with self.printing.turn():
            data = await off_the_loop(printed.paper_ballots, self.font, meeting, town, names)
        return web.Response(body=data, content_type=PDF)

    @route(
        "POST",
        "/towns/{town}/meetings/{id}/sheets:read",
        roles=OFFICE | COUNTING,
        commits=False,
        quiet=True,
        accepts=(*SIGNATURES, *HEIC, NOT_SAID),
        limit=SCAN_BYTES,
        status=200,
        problems=[MeetingState, ScanMissing, PhotographUnfit, FontMissing, Busy],
    )
    async def read_ballots(self, call: Call[None, Upload]) -> schemas.ThirdReading:
        """第三遍：识读纸质选票和计票表的照片或扫描件，与两遍录入对照；两遍录齐以后才可以，不代替计票。图片不保存；计票表上涂的票数只告诉录这一张的计票人，计票人只知道自己录的与自己的表是否不一致，何处不一致只有不计票的办公室人员看得到。"""
        from services.ratings.pages import printed

        require_scan()
        meeting, _ = await self._keyed(call)
        town, names = await self._known(call, meeting)
        async with self.reading.turn():
            papers, layouts = await off_the_loop(printed.layouts, self.font, meeting, town, names)
            ballots = [number for number, (entry, _) in enumerate(papers) if not entry]
            pages = await read_file(call.body.data, layouts, cut=True, copies=ballots)
        kinds = [
            scans.Paper(entry, place, layout.read_pages)
            for (entry, place), layout in zip(papers, layouts, strict=True)
        ]
        meeting, tally = await self._keyed(call)  # reading took minutes, in which sheets are keyed again
        return await scans.third_reading(call.work, meeting, tally, call.actor, kinds, pages)

    async def _keyed(self, call: Call[None, Upload]) -> tuple[Meeting, Tally]:
        meeting = await meeting_counted(call)
        expect(meeting, State.OPEN, doing="识读选票")
        return meeting, await scans.keyed(call.work, meeting)

    async def _known(self, call: Call[None, Upload] | Call, meeting: Meeting) -> tuple[str, dict[str, str]]:
        town = await call.work.get(TOWNS, call.town)
        names = await repository.names(call.work, meeting.deputyship_ids, meeting.held_on)
        return (town.name_on(meeting.held_on) if town else ""), names
