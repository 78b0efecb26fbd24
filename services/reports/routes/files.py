"""The doors to the duty files."""

from services.reports.handlers import files
from services.reports.schemas.files import DutyFile, GroupFile, YearQuery
from shared.http import EVERYONE, Api, Call

READERS = EVERYONE - {"teller"}
FILE = "/towns/{town}/deputies/{deputyship_id}/file"
GROUP_FILE = "/towns/{town}/groups/{group_id}/file"


def declare(api: Api) -> None:
    @api.route("GET", FILE, roles=READERS, query=YearQuery)
    async def get_duty_file(call: Call) -> DutyFile:
        """履职档案：一名代表一年中应到和实到的会议活动、所提建议、述职测评；代表只看本人的，组长只看本组成员的。"""
        return await files.read_deputy(call.work, call.query.year, call.path["deputyship_id"], call.actor)

    @api.route("GET", GROUP_FILE, roles=READERS - {"deputy"}, query=YearQuery)
    async def get_group_file(call: Call) -> GroupFile:
        """小组履职档案：成员和组长、制度、计划和完成情况、活动和出席、所提建议；组长只看本组的。"""
        return await files.read_group(call.work, call.query.year, call.path["group_id"], call.actor)
