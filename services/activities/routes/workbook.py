"""Import and export of the activities as a workbook."""

from services.activities import exports, imports
from services.activities.routes.roles import OFFICE
from services.activities.sheets import SHEETS, VOCABULARY
from shared.endpoints.exports import export_route
from shared.endpoints.imports import ImportQuery, import_route
from shared.endpoints.proposals import convert_route, propose_route
from shared.http import Call, Upload
from shared.workbook import ImportReport, Rows


async def _import(call: Call[ImportQuery, Upload]) -> ImportReport:
    file = call.body
    return await imports.import_workbook(
        call.work, file.data, filename=file.filename, dry_run=call.query.dry_run
    )


async def _export(call: Call) -> Rows:
    return await exports.rows(call.work)


import_workbook = import_route(
    _import,
    query=ImportQuery,
    sheets=SHEETS,
    vocabulary=VOCABULARY,
    roles=OFFICE,
    summary="导入履职工作簿（.xlsx、.xls、.ods、.csv）：逐行报告新增、修改、不变或有误；有一处错误就一行也不写入。",
)
export_workbook = export_route(
    _export,
    sheets=SHEETS,
    filename="履职.xlsx",
    roles=OFFICE,
    summary="导出履职工作簿（.xlsx），表和栏目与导入的相同，含选民意见的内容；再导入不改变任何记录。",
)
propose_import = propose_route(sheets=SHEETS, vocabulary=VOCABULARY, roles=OFFICE)
convert_import = convert_route(sheets=SHEETS, vocabulary=VOCABULARY, roles=OFFICE)
ledger = (import_workbook, propose_import, convert_import, export_workbook)
