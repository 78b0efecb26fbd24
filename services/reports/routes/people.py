"""Route of the export of data about one person."""

import structlog

from services.reports.handlers import people
from services.reports.routes.roles import OFFICE
from services.reports.schemas.people import PersonExport
from shared.endpoints.personal_data import note_read
from shared.http import Call, route

log = structlog.get_logger(__name__)


@route("GET", "/towns/{town}/people/{id}/export", roles=OFFICE)
async def export_person(call: Call) -> PersonExport:
    """总结服务所存关于一个人的全部内容：对档案的确认和异议、留存的有关事件；每次读取留有日志。"""
    export = await people.everything_about(call.work, call.path["id"])
    log.info("personal data read", person=export.person.id, reader=call.actor.sub)
    note_read(call.work, [f"person/{export.person.id}"], ("export",))
    return export
