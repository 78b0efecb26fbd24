"""Public routes of the cards of deputies and stations, and their addresses. No token, script or cookie."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ETag, web

from services.reports.errors import NoCard
from services.reports.handlers.cards import Cards
from services.reports.pages import view
from services.reports.pages.view import PAGES
from services.reports.routes.roles import OFFICE
from services.reports.schemas.cards import AddressQuery, CardAddress, CardAddresses
from shared.errors import Busy, Problem
from shared.http import PUBLIC, Call, route
from shared.http.html import HTML, qr_svg
from shared.http.rates import Rates

KEPT_SECONDS: Final = 60
"""How long a card may be kept on the way: who is suspended is shown no longer than that."""
CARD_TIMES: Final = 120
UNKNOWN_TIMES: Final = 600
"""Requests in a window, for one card, and for all that is not there."""
WINDOW_SECONDS: Final = 60
_PATHS: Final = {"deputy": "deputies", "station": "stations"}


@dataclass(frozen=True)
class CardPages:
    cards: Cards = field(default_factory=Cards)
    shown: Rates = field(default_factory=lambda: Rates("cards", CARD_TIMES, WINDOW_SECONDS))
    unknown: Rates = field(default_factory=lambda: Rates("unknown-cards", UNKNOWN_TIMES, WINDOW_SECONDS))

    @route(
        "GET",
        "/public/towns/{town}/deputies/{id}",
        roles=PUBLIC,
        quiet=True,
        tagged=True,
        revalidated=True,
        produces=(HTML,),
    )
    async def show_deputy(self, call: Call) -> web.Response:
        """代表的公开页：姓名、选区、小组、接待日和今年的履职次数；镇人大办公室打开以后才有，不需要登录。"""
        return await self._show(call, "deputy")

    @route(
        "GET",
        "/public/towns/{town}/stations/{id}",
        roles=PUBLIC,
        quiet=True,
        tagged=True,
        revalidated=True,
        produces=(HTML,),
    )
    async def show_station(self, call: Call) -> web.Response:
        """活动阵地的公开页：名称、选区、小组、接待日和今年的活动次数。"""
        return await self._show(call, "station")

    @route(
        "GET",
        "/reports/p/{town}/{id}",
        roles=PUBLIC,
        root=True,
        quiet=True,
        tagged=True,
        revalidated=True,
        produces=(HTML,),
    )
    async def show_card(self, call: Call) -> web.Response:
        """公开页的短地址，印在二维码里。"""
        return await self._show(call, None)

    @route("GET", "/towns/{town}/public_cards", roles=OFFICE, problems=[Busy])
    async def list_addresses(self, call: Call[AddressQuery]) -> CardAddresses:
        """本镇公开页的短地址和二维码，张贴用；没有打开的为空。"""
        shown = await self.cards.shown(call.work)
        base = call.query.base_url or str(call.request.url.origin())
        items = [
            CardAddress(
                kind=card.kind,
                id=card.id,
                name=card.name,
                path=f"/reports/v1/public/towns/{call.town}/{_PATHS[card.kind]}/{card.id}",
                url=(url := view.address(base, call.town, card.id)),
                qr=qr_svg(url),
            )
            for card in shown.values()
        ]
        return CardAddresses(public=await self.cards.switched_on(call.work), items=items)

    async def _show(self, call: Call, kind: str | None) -> web.Response:
        town, id = call.path["town"], call.path["id"]
        try:
            card = await self.cards.card(call.work, id, kind)
            self.shown.take(f"{town}/{card.id}")
        except NoCard as unknown:
            return self._refusal(unknown)
        except Problem as problem:
            return PAGES.refusal(problem, view.message(problem.title))
        text = view.page(card)
        page = PAGES.answer(text)
        page.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        page.etag = tag = hashlib.sha256(text.encode()).hexdigest()[:32]
        if ETag(tag) in (call.request.if_none_match or ()):
            return web.Response(status=304, headers={"ETag": f'"{tag}"'})
        return page

    def _refusal(self, unknown: NoCard) -> web.Response:
        """In the same words, whatever the reason."""
        try:
            self.unknown.take("")
        except Problem as busy:
            return PAGES.refusal(busy, view.message(busy.title))
        return PAGES.refusal(unknown, view.message(unknown.title))
