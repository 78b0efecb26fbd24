"""The HTTP door of the activities service: parse, call one use case, answer."""

from services.activities import exports, imports
from services.activities.integrity import CHECKS, READ_MODEL
from services.activities.pages.door import declare
from services.activities.routes import (
    activities,
    calendars,
    codes,
    evidence,
    meetings,
    opinions,
    people,
    plans,
    rolls,
    suggestions,
)
from services.activities.routes.door import OFFICE, api
from services.activities.sheets import SHEETS
from shared.endpoints.dead_letters import add_dead_letters
from shared.endpoints.exports import add_exports
from shared.endpoints.feed import add_feeds
from shared.endpoints.heads import add_heads
from shared.endpoints.imports import add_imports
from shared.endpoints.integrity import add_integrity
from shared.endpoints.rebuild import add_rebuild
from shared.http import Call
from shared.workbook import ImportReport, Rows

__all__ = [
    "activities",
    "api",
    "calendars",
    "codes",
    "evidence",
    "meetings",
    "opinions",
    "people",
    "plans",
    "rolls",
    "suggestions",
]


async def _import(call: Call) -> ImportReport:
    return await imports.import_workbook(call.work, call.body.data, dry_run=call.query.dry_run)


add_imports(
    api,
    _import,
    roles=OFFICE,
    summary="导入履职工作簿（.xlsx）：逐行报告新增、修改、不变或有误；有一处错误就一行也不写入。",
)


async def _export(call: Call) -> Rows:
    return await exports.rows(call.work)


add_exports(
    api,
    _export,
    sheets=SHEETS,
    filename="履职.xlsx",
    roles=OFFICE,
    summary="导出履职工作簿（.xlsx），表和栏目与导入的相同，含选民意见的内容；再导入不改变任何记录。",
)
declare(api)
add_feeds(api)
add_dead_letters(api)
add_heads(api)
add_rebuild(api, READ_MODEL)
add_integrity(api, CHECKS)
