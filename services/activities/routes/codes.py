"""Routes of opinion codes of stations: issue, list, withdraw."""

from dataclasses import dataclass
from typing import Any, Final

from services.activities import schemas
from services.activities.domain.codes import OpinionCode
from services.activities.handlers import codes
from services.activities.pages import view
from services.activities.repository import OPINION_CODES
from services.activities.routes.roles import OFFICE, READERS
from shared.http import Call, Reply, route
from shared.http.listing import Listing

LISTING: Final = Listing(OPINION_CODES, ("station_id",), day="issued_on")


@dataclass(frozen=True)
class Codes:
    """`voters_url`: of the settings."""

    voters_url: str = ""

    def _out(self, call: Call, code: OpinionCode) -> schemas.CodeOut:
        url = view.address(self.voters_url or str(call.request.url.origin()), code.id)
        return schemas.CodeOut.model_validate({**code.model_dump(), "url": url})

    @route("POST", "/towns/{town}/stations/{id}/opinion_codes", roles=OFFICE, status=201)
    async def issue_opinion_code(self, call: Call[None, schemas.Nothing]) -> Reply[schemas.CodeOut]:
        """为站点发一个意见二维码，选民扫码留言，不需要登录。"""
        code = await codes.issue_code(call.work, call.path["id"])
        place = call.request.rel_url.with_path(f"/activities/v1/towns/{call.town}/opinion_codes/{code.id}")
        return Reply(self._out(call, code), version=code.version, headers={"Location": place.raw_path})

    @route("GET", "/towns/{town}/opinion_codes", roles=READERS, query=LISTING.query("codes"))
    async def list_opinion_codes(self, call: Call[Any]) -> schemas.CodePage:
        """意见二维码的列表，可按站点查。"""
        page = await LISTING.page(call.work, call.query)
        items = [self._out(call, code) for code in page.records]
        return schemas.CodePage(items=items, next_cursor=page.next_cursor, total=page.total)

    @route("POST", "/towns/{town}/opinion_codes/{id}:revoke", roles=OFFICE, guarded=True)
    async def revoke_opinion_code(self, call: Call[None, schemas.Nothing]) -> Reply[schemas.CodeOut]:
        """停用一个二维码，已收到的意见不变。"""
        code = await codes.revoke_code(call.work, await call.subject(OPINION_CODES), call.body)
        return Reply(self._out(call, code), version=code.version)
