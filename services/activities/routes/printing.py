"""Routes that print: sign-in sheets and posters, as pages or as PDF."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, Final, ParamSpec

from aiohttp import web

from services.activities import schemas
from services.activities.handlers import rolls
from services.activities.pages import sign_in, view
from services.activities.pages.view import PAGES
from services.activities.repository import OPINION_CODES, STATIONS, TOWNS
from services.activities.routes.roles import OFFICE
from shared.errors import Busy, FontMissing
from shared.http import Call, route
from shared.http.bulkhead import Bulkhead, off_the_loop
from shared.http.html import HTML

PDF: Final = "application/pdf"


P = ParamSpec("P")


@dataclass(frozen=True)
class Press:
    """Makes PDFs, a few at once. `font`: the file named in the settings."""

    font: Path | None
    bulkhead: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=2, waiting=8, retry_seconds=5))

    async def pdf(
        self, make: Callable[Concatenate[Path | None, P], bytes], *args: P.args, **kwargs: P.kwargs
    ) -> web.Response:
        """Errors: FontMissing, Busy."""
        async with self.bulkhead.turn():
            data = await off_the_loop(make, self.font, *args, **kwargs)
        return web.Response(body=data, content_type=PDF)


@dataclass(frozen=True)
class Printer:
    """`voters_url`: of the settings."""

    press: Press
    voters_url: str = ""

    @route(
        "GET",
        "/towns/{town}/sign_in_sheet",
        roles=OFFICE | {"leader"},
        produces=(HTML, PDF),
        problems=[FontMissing, Busy],
    )
    async def print_sign_in_sheet(self, call: Call[schemas.RollQuery]) -> web.Response:
        """打印签到册：应到人员按姓氏笔画编号，序号可直接用来登记出席情况。"""
        town, roll = await rolls.sheet(call.work, call.query)
        title, day = call.query.title, call.query.held_on
        if _wants_pdf(call):
            from services.activities.pages import printed

            sheet = sign_in.sign_in(call.query.subject(call.town), town, title, day, roll)
            return await self.press.pdf(printed.drawn, sheet)
        return PAGES.answer(view.sign_in_sheet(town, title, day, roll))

    @route(
        "GET",
        "/towns/{town}/reception_register",
        roles=OFFICE | {"leader"},
        produces=(PDF,),
        problems=[FontMissing, Busy],
    )
    async def print_reception_register(self, call: Call[schemas.RegisterQuery]) -> web.Response:
        """打印代表接待选民登记表：一名选民一行，填好以后可以拍照，由系统数出接待人次和意见条数。"""
        from services.activities.pages import printed

        town, station = await rolls.register(call.work, call.query)
        sheet = sign_in.register(call.query.subject(call.town), town, station, call.query.held_on)
        return await self.press.pdf(printed.drawn, sheet)

    @route(
        "GET",
        "/towns/{town}/opinion_codes/{id}/poster",
        roles=OFFICE,
        produces=(HTML, PDF),
        problems=[FontMissing, Busy],
    )
    async def print_poster(self, call: Call[schemas.PosterQuery]) -> web.Response:
        """张贴用的海报，A4 一页，可直接打印。"""
        code = await call.subject(OPINION_CODES)
        town, station = await call.work.get(TOWNS, call.town), await call.work.get(STATIONS, code.station_id)
        url = view.address(call.query.base_url or self.voters_url or str(call.request.url.origin()), code.id)
        words = (town.name if town else None) or "", station.name if station else "", code.id, url
        if _wants_pdf(call):
            from services.activities.pages import printed

            return await self.press.pdf(printed.poster, *words)
        return PAGES.answer(view.poster(*words))


def _wants_pdf(call: Call) -> bool:
    return PDF in call.request.headers.get("Accept", "")
