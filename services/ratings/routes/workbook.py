"""Import and export of the ratings as a workbook."""

from services.ratings import exports, imports, schemas
from services.ratings.routes.roles import COUNTING, OFFICE
from services.ratings.sheets import SHEETS, VOCABULARY
from shared.endpoints.exports import export_route
from shared.endpoints.imports import import_route
from shared.endpoints.proposals import convert_route, propose_route
from shared.http import Call, Upload
from shared.workbook import ImportReport, Rows


async def _import(call: Call[schemas.ImportQuery, Upload]) -> ImportReport:
    query = call.query
    return await imports.import_workbook(
        call.work,
        call.actor,
        call.body.data,
        filename=call.body.filename,
        asked=query.names,
        dry_run=query.dry_run,
    )


import_workbook = import_route(
    _import,
    query=schemas.ImportQuery,
    sheets=SHEETS,
    vocabulary=VOCABULARY,
    roles=OFFICE | COUNTING,
    summary="导入测评工作簿（.xlsx、.xls、.ods、.csv）：办公室导入办法、会议和述职报告，两名计票人各录一遍；有一处错误就一行也不写入。",
)


async def _export(call: Call) -> Rows:
    return await exports.rows(call.work)


export_workbook = export_route(
    _export,
    sheets=SHEETS,
    filename="测评.xlsx",
    roles=OFFICE,
    summary="导出测评工作簿（.xlsx），表和栏目与导入的相同；计票只在结果公布之后，人数不足、不公布的没有。",
)
propose_import = propose_route(sheets=SHEETS, vocabulary=VOCABULARY, roles=OFFICE)
convert_import = convert_route(sheets=SHEETS, vocabulary=VOCABULARY, roles=OFFICE)
ledger = (import_workbook, propose_import, convert_import, export_workbook)
