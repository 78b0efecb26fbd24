"""Routes of the county's board and of notices of scheduled closings."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel

from services.reports.document import board_csv_metadata, render_board_csv, render_board_html
from services.reports.domain.board import Board, Breakdown
from services.reports.errors import AreaTooWide, NoFigure
from services.reports.figures import BY_ID
from services.reports.handlers import board, readings
from services.reports.notation import period_text
from services.reports.repository import NOTICES
from services.reports.routes.documents import HTML, sent
from services.reports.routes.periods import period_of
from services.reports.routes.roles import READERS, WATCHERS
from services.reports.schemas import BoardQuery, FiguresQuery
from services.reports.schemas.notices import NoticeKind, NoticeOut, NoticePage
from services.reports.settings import Settings
from services.reports.towns import COUNTY
from shared.http import Call, Filter, Reply, route
from shared.http.listing import Listing
from shared.http.paging import Paging, id_from_cursor

CSV: Final = "text/csv; charset=utf-8; header=present"
CSVW: Final = "application/csvm+json"
NOTICE_LIST: Final = Listing(
    NOTICES, ("period",), {"kind": Filter(NoticeKind, lambda kind: {"kind": kind})}, day="due_on"
)
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Boards:
    settings: Settings
    boards: board.Boards = field(default_factory=board.Boards)

    @route("GET", "", roles=WATCHERS, tagged=True, revalidated=True)
    async def get_board(self, call: Call[BoardQuery]) -> Reply[Board]:
        """区域一览：各镇总结的状态和合计数字，按代码排列，不排名次；periods 列出还有哪些统计期有总结。"""
        query = call.query
        read = await self._read(call, query.ids, after=id_from_cursor(query.cursor), limit=query.limit or 0)
        return _tagged(read)

    @route("GET", "/figures/{id}", roles=WATCHERS, tagged=True, revalidated=True, problems=[NoFigure])
    async def get_breakdown(self, call: Call[Paging]) -> Reply[Breakdown]:
        """合计数字的来源：一个指标在各镇是多少、哪些镇缺数据、哪些镇还没有总结，并给出各镇所依据记录的读取地址。"""
        query, path = call.query, call.path
        read = await self.boards.break_down(
            call.work,
            path["prefix"],
            period_of(call),
            path["id"],
            after=id_from_cursor(query.cursor),
            limit=query.limit,
        )
        return _tagged(read)

    @route("GET", "/board.html", roles=WATCHERS, produces=[HTML])
    async def board_html(self, call: Call) -> web.StreamResponse:
        """区域一览的网页，可以打印。"""
        read = await self._read(call)
        content = await asyncio.to_thread(render_board_html, read)
        name = f"{read.area}-{read.period}.html"
        return sent(f"各乡镇{period_text(read.period)}人大工作总结一览", name, HTML, content.encode())

    @route("GET", "/board.csv", roles=WATCHERS, produces=[CSV], problems=[NoFigure, AreaTooWide])
    async def board_csv(self, call: Call[FiguresQuery]) -> web.StreamResponse:
        """各镇指标的 CSV：每个镇每个指标一行；各列的说明在 board.csv-metadata.json（CSV on the Web）。"""
        area, figures = call.path["prefix"], call.query.ids
        if not figures and len(area) < COUNTY:
            raise AreaTooWide("全部指标一次只给一个县（市、区）的；范围更大的，请用 figures 写明要哪些指标")
        read = await self._read(call, figures or list(BY_ID))
        content = await asyncio.to_thread(render_board_csv, read)
        name = f"{read.area}-{read.period}.csv"
        answer = sent(f"各乡镇{period_text(read.period)}人大工作指标", name, CSV, content.encode())
        answer.headers["Link"] = f'<board.csv-metadata.json>; rel="describedby"; type="{CSVW}"'
        return answer

    @route("GET", "/board.csv-metadata.json", roles=WATCHERS, produces=[CSVW])
    async def board_csv_metadata(self, call: Call) -> web.StreamResponse:
        """board.csv 各列的名称、类型和含义（CSV on the Web 的表格说明）。"""
        read = await self._read(call, limit=1)
        return web.Response(text=board_csv_metadata(read, "board.csv"), content_type=CSVW, charset="utf-8")

    async def _read(
        self, call: Call, figures: Sequence[str] = (), *, after: str | None = None, limit: int = 0
    ) -> Board:
        return await self.boards.read(
            call.work,
            call.path["prefix"],
            period_of(call),
            self.settings.seal_seconds,
            figures,
            after=after,
            limit=limit,
        )


def _tagged(body: T) -> Reply[T]:
    """A response whose entity tag is a digest of what it says."""
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()[:32]
    return Reply(body, headers={"ETag": f'"{digest}"'})


@route("GET", "/towns/{town}/notices", roles=READERS, query=NOTICE_LIST.query("notices"))
async def list_notices(call: Call[Any]) -> NoticePage:
    """定期封账的通知：快到日子的，已经编成、有多少问题要处理的，和通知以后取消的。"""
    return await _notices(call, call.path["town"])


@route("GET", "/areas/{prefix}/notices", roles=WATCHERS, query=NOTICE_LIST.query("notices"))
async def list_notices_below(call: Call[Any]) -> NoticePage:
    """区域内各镇定期封账的通知，按代码排列。"""
    return await _notices(call, call.path["prefix"])


async def _notices(call: Call[Any], area: str) -> NoticePage:
    page = await NOTICE_LIST.page(call.work, call.query, readings.notices_below(call.work, area))
    items = [NoticeOut.model_validate(notice.model_dump()) for notice in page.records]
    return NoticePage(items=items, next_cursor=page.next_cursor, total=page.total)
