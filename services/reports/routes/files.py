"""Routes of the duty files: reading and confirming."""

from services.reports.errors import FileChanged
from services.reports.handlers import files, statements
from services.reports.routes.roles import READERS, SPEAKERS
from services.reports.schemas.files import YearQuery
from services.reports.schemas.statements import (
    ConfirmationOut,
    ConfirmIn,
    DutyFileOut,
    FilesOut,
    GroupFileOut,
)
from shared.http import Call, Reply, route

FILE = "/towns/{town}/deputies/{deputyship_id}/file"
GROUP_FILE = "/towns/{town}/groups/{group_id}/file"


@route("GET", FILE, roles=READERS)
async def get_duty_file(call: Call[YearQuery]) -> DutyFileOut:
    """履职档案：一名代表一年中应到和实到的会议活动、所提建议、述职测评，是否经本人确认；代表只看本人的，组长只看本组成员的。"""
    return await files.read_deputy(call.work, call.query.year, call.path["deputyship_id"], call.actor)


@route("GET", GROUP_FILE, roles=READERS - {"deputy"})
async def get_group_file(call: Call[YearQuery]) -> GroupFileOut:
    """小组履职档案：成员和组长、制度、计划和完成情况、活动和出席、所提建议，是否经组长确认；组长只看本组的。"""
    return await files.read_group(call.work, call.query.year, call.path["group_id"], call.actor)


@route("GET", "/towns/{town}/files", roles=READERS - {"deputy"})
async def list_files(call: Call[YearQuery]) -> FilesOut:
    """一年的履职档案各到了哪一步：谁确认了、确认后变了几行、有几件异议待答复；组长只看本组和本组成员的。"""
    return await files.standings(call.work, call.query.year, call.actor)


@route("POST", f"{FILE}:confirm", roles=SPEAKERS, problems=[FileChanged])
async def confirm_duty_file(call: Call[None, ConfirmIn]) -> Reply[ConfirmationOut]:
    """代表确认本人一年的履职档案；镇人大办凭代表签字代为登记（on_behalf 和 on）。"""
    statement = await statements.deputy_statement(
        call.work, call.path["deputyship_id"], call.body, call.actor
    )
    return await _confirmed(call, statement)


@route("POST", f"{GROUP_FILE}:confirm", roles=SPEAKERS - {"deputy"}, problems=[FileChanged])
async def confirm_group_file(call: Call[None, ConfirmIn]) -> Reply[ConfirmationOut]:
    """组长确认本组一年的履职档案；镇人大办凭组长签字代为登记（on_behalf 和 on）。"""
    statement = await statements.group_statement(call.work, call.path["group_id"], call.body, call.actor)
    return await _confirmed(call, statement)


async def _confirmed(call: Call[None, ConfirmIn], statement: statements.Statement) -> Reply[ConfirmationOut]:
    confirmation = await statements.confirm(call.work, statement, call.body)
    return Reply(ConfirmationOut.model_validate(confirmation.model_dump()), version=confirmation.version)
