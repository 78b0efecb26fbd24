"""Routes of closings of a period."""

from dataclasses import dataclass

from services.reports import schemas
from services.reports.handlers import closings
from services.reports.routes.periods import period_of
from services.reports.routes.roles import OFFICE, READERS
from services.reports.settings import Settings
from shared.http import Call, Reply, route


@dataclass(frozen=True)
class Closings:
    settings: Settings

    @route("POST", "/closings", roles=OFFICE, status=201)
    async def request_closing(self, call: Call[None, schemas.ClosingIn]) -> Reply[schemas.ClosingOut]:
        """封账：请各来源封存本年度记录，齐全并核对无误后自动编制总结。"""
        progress = await closings.request_closing(call.work, period_of(call), call.body)
        out = await closings.progress_out(call.work, progress, self.settings.seal_seconds)
        return Reply(out, version=progress.version)

    @route("GET", "/closings/{id}", roles=READERS)
    async def get_closing(self, call: Call) -> Reply[schemas.ClosingOut]:
        """封账进行到哪一步，还在等待哪些来源。"""
        out = await closings.closing_out(
            call.work, period_of(call), call.path["id"], self.settings.seal_seconds
        )
        return Reply(out, version=out.version)
