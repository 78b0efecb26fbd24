"""The door for the text that staff wrote: handed back as a Word file, shown beside what it was."""

from collections.abc import Callable
from typing import Any

from services.reports.document.edited import MAX_BYTES
from services.reports.errors import DocumentUnfit, WrongStatus
from services.reports.handlers import uploaded_text
from services.reports.schemas.uploaded_text import WordingOut, WordingQuery
from services.reports.settings import Settings
from shared.http import EVERYONE, Call, Upload

Route = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]


def declare(route: Route, period_of: Callable[[Call], str], settings: Settings) -> None:
    """`route` declares an operation under a year and under a period, `period_of` reads which."""

    @route(
        "PUT",
        "/wording",
        roles={"office"},
        query=WordingQuery,
        body=Upload,
        limit=MAX_BYTES,
        problems=[DocumentUnfit, WrongStatus],
    )
    async def put_wording(call: Call) -> WordingOut:
        """交回在 Word 或 WPS 中改过的总结（docx）：逐段认出，重新编制时保留；改动和新添的数字逐个注明。"""
        return await uploaded_text.take(
            call.work, period_of(call), call.body.data, settings.templates_dir, dry_run=call.query.dry_run
        )

    @route("GET", "/wording", roles=EVERYONE - {"teller"})
    async def get_wording(call: Call) -> WordingOut:
        """人工改写的段落，与系统文字的差别，以及其中不是系统算出的数字。"""
        return await uploaded_text.read(call.work, period_of(call))
