"""Export of the data held about one person."""

import structlog

from services.activities.handlers import people
from services.activities.repository import PEOPLE
from services.activities.routes.roles import OFFICE
from services.activities.schemas import PersonExport
from shared.endpoints.personal_data import note_read
from shared.http import Call, route

log = structlog.get_logger(__name__)


@route("GET", "/towns/{town}/people/{id}/export", roles=OFFICE)
async def export_person(call: Call) -> PersonExport:
    """履职登记所存关于一个人的全部内容：考勤、请假、议案、建议、缺席；每次读取留有日志。"""
    person = await call.subject(PEOPLE)
    log.info("personal data read", person=person.id, reader=call.actor.sub)
    note_read(call.work, [f"person/{person.id}"], ("export",))
    return await people.everything_about(call.work, person)
