"""Routes of staff's text: upload of an edited Word file, and differences from the computed text."""

from dataclasses import dataclass

from services.reports.document.edited import MAX_BYTES
from services.reports.errors import DocumentUnfit, NotComplete, RemovalsUnconfirmed, WrongStatus
from services.reports.handlers import uploaded_text
from services.reports.routes.periods import period_of
from services.reports.routes.reports import check_version
from services.reports.routes.roles import OFFICE, READERS
from services.reports.schemas.uploaded_text import WordingOut, WordingQuery
from services.reports.settings import Settings
from shared.http import Call, Upload, route


@dataclass(frozen=True)
class UploadedText:
    settings: Settings

    @route(
        "PUT",
        "/wording",
        roles=OFFICE,
        limit=MAX_BYTES,
        problems=[DocumentUnfit, NotComplete, RemovalsUnconfirmed, WrongStatus],
    )
    async def put_wording(self, call: Call[WordingQuery, Upload]) -> WordingOut:
        """交回在 Word 或 WPS 中改过的总结（docx）：逐段认出并保留；改动、删去和没有采用的逐个注明，删去较多须确认。"""
        await check_version(call)
        templates, dry_run, confirm = self.settings.templates_dir, call.query.dry_run, call.query.confirm
        return await uploaded_text.take(
            call.work, period_of(call), call.body.data, templates, dry_run=dry_run, confirm=confirm
        )

    @route("GET", "/wording", roles=READERS)
    async def get_wording(self, call: Call) -> WordingOut:
        """人工改写的段落，与系统文字的差别，以及其中不是系统算出的数字。"""
        return await uploaded_text.read(call.work, period_of(call))
