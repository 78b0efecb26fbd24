"""Routes of the county's board and of notices of scheduled closings."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from services.reports.document import render_board_html
from services.reports.domain.board import Board
from services.reports.handlers import readings
from services.reports.routes.documents import HTML, sent
from services.reports.routes.periods import period_of
from services.reports.routes.roles import READERS, WATCHERS
from services.reports.schemas import BoardQuery
from services.reports.schemas.notices import NoticePage, NoticesQuery
from services.reports.settings import Settings
from shared.http import Call, route
from shared.http.paging import cursor_after, id_from_cursor


@dataclass(frozen=True)
class Boards:
    settings: Settings

    @route("GET", "", roles=WATCHERS)
    async def get_board(self, call: Call[BoardQuery]) -> Board:
        """区域一览：各镇总结的状态和合计数字，按代码排列，不排名次；periods 列出还有哪些时段有总结。"""
        return await self._read(call, call.query.ids)

    @route("GET", "/board.html", roles=WATCHERS, produces=[HTML])
    async def board_html(self, call: Call) -> web.StreamResponse:
        """区域一览的网页，可以打印。"""
        board = await self._read(call)
        content = await asyncio.to_thread(render_board_html, board)
        name = f"{board.area}-{board.period}.html"
        return sent(f"各乡镇{board.period}人大工作总结一览", name, HTML, content.encode())

    async def _read(self, call: Call, figures: Sequence[str] = ()) -> Board:
        return await readings.read_board(
            call.work, call.path["prefix"], period_of(call), self.settings.seal_seconds, figures
        )


@route("GET", "/towns/{town}/notices", roles=READERS)
async def list_notices(call: Call[NoticesQuery]) -> NoticePage:
    """定期封账的通知：快到日子的，和已经编成、有多少问题要处理的。"""
    return await _notices(call, call.path["town"])


@route("GET", "/areas/{prefix}/notices", roles=WATCHERS)
async def list_notices_below(call: Call[NoticesQuery]) -> NoticePage:
    """区域内各镇定期封账的通知，按代码排列。"""
    return await _notices(call, call.path["prefix"])


async def _notices(call: Call[NoticesQuery], area: str) -> NoticePage:
    query, limit = call.query, call.query.limit
    after = id_from_cursor(query.cursor)
    notices = await readings.read_notices(call.work, area, query.kind, after=after, limit=limit + 1)
    following = cursor_after(notices[limit - 1].id) if len(notices) > limit else None
    return NoticePage(items=notices[:limit], next_cursor=following)
