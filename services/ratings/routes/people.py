"""Export of the data held about one person."""

import structlog

from services.ratings import schemas
from services.ratings.handlers import people
from services.ratings.repository import PEOPLE
from services.ratings.routes.roles import OFFICE
from shared.endpoints.personal_data import note_read
from shared.http import Call, route

log = structlog.get_logger(__name__)


@route("GET", "/towns/{town}/people/{id}/export", roles=OFFICE)
async def export_person(call: Call) -> schemas.PersonExport:
    """测评服务所存关于一个人的全部内容：参加的测评会、已公布的结果、述职报告；每次读取留有日志。"""
    person = await call.subject(PEOPLE)
    log.info("personal data read", person=person.id, reader=call.actor.sub)
    note_read(call.work, [f"person/{person.id}"], ("export",))
    return await people.everything_about(call.work, person)
