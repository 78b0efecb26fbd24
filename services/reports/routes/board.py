"""The county's door: where every town stands in a year or a period, and what towns were told about their closings."""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web

from services.reports.document import render_board_html
from services.reports.domain.board import Board
from services.reports.handlers import readings
from services.reports.routes.documents import HTML, sent
from services.reports.schemas.notices import NoticePage, NoticesQuery
from services.reports.settings import Settings
from shared.http import EVERYONE, Api, Call
from shared.http.paging import cursor_after, id_in

WATCHERS: Final = frozenset({"county", "auditor", "service", "office"})
READERS: Final = EVERYONE - {"teller"}


def declare(api: Api, period_of: Callable[[Call], str], settings: Settings) -> None:
    async def board(call: Call) -> Board:
        """区域一览：各镇总结的状态和合计数字，按代码排列，不排名次；periods 列出还有哪些时段有总结。"""
        return await readings.read_board(
            call.work, call.path["prefix"], period_of(call), settings.seal_seconds
        )

    for path, name in (("years/{year}", "get_board"), ("periods/{period}", "get_board_of_period")):
        api.route("GET", f"/areas/{{prefix}}/{path}", roles=WATCHERS, name=name)(board)

    async def page(call: Call) -> web.StreamResponse:
        """区域一览的网页，可以打印。"""
        found = await board(call)
        name = f"{found.area}-{found.period}"
        content = await asyncio.to_thread(render_board_html, found)
        return sent(f"各镇{found.period}人大工作总结一览", f"{name}.html", HTML, content.encode())

    for path, name in (("years/{year}", "board_html"), ("periods/{period}", "board_html_of_period")):
        api.route("GET", f"/areas/{{prefix}}/{path}/board.html", roles=WATCHERS, name=name, produces=[HTML])(
            page
        )

    @api.route("GET", "/towns/{town}/notices", roles=READERS, query=NoticesQuery)
    async def list_notices(call: Call) -> NoticePage:
        """定期封账的通知：快到日子的，和已经编成、有多少问题要处理的。"""
        return await _notices(call, call.path["town"])

    @api.route("GET", "/areas/{prefix}/notices", roles=WATCHERS, query=NoticesQuery)
    async def list_notices_below(call: Call) -> NoticePage:
        """区域内各镇定期封账的通知，按代码排列。"""
        return await _notices(call, call.path["prefix"])


async def _notices(call: Call, area: str) -> NoticePage:
    query, limit = call.query, call.query.limit
    after = id_in(query.cursor)
    found = await readings.read_notices(call.work, area, query.kind, after=after, limit=limit + 1)
    following = cursor_after(found[limit - 1].id) if len(found) > limit else None
    return NoticePage(items=found[:limit], next_cursor=following)
