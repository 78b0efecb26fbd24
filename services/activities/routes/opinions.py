"""Routes of voters' opinions. Only the office sees their text and contact data."""

import structlog

from services.activities import schemas
from services.activities.domain.opinions import Opinion
from services.activities.handlers import contacts, opinions
from services.activities.repository import CONTACTS, OPINIONS
from services.activities.routes.roles import OFFICE, READERS
from shared.endpoints.personal_data import note_read
from shared.endpoints.voiding import OF_VOIDED
from shared.http import Call, Reply, resource, route
from shared.security.tokens import Actor
from shared.storage.work import Work

log = structlog.get_logger(__name__)


def opinion_out(opinion: Opinion, actor: Actor) -> schemas.OpinionOut:
    """The opinion for an actor. Only the office gets the text, and each such read is logged."""
    in_full = actor.has("office")
    if in_full and (opinion.text or opinion.answer):
        log.info("private text read", actor=actor.sub, subject=f"opinion/{opinion.id}", town=opinion.town)
    return schemas.OpinionOut.from_opinion(opinion, in_full=in_full)


records = resource(
    "opinions",
    OPINIONS,
    body=schemas.OpinionIn,
    create=opinions.receive_opinion,
    change=opinions.change_opinion,
    view=opinion_out,
    equals=("year", "state", "channel", "station_id", "deputyship_id", "activity_id", "suggestion_id"),
    filters={"voided": OF_VOIDED},
    day="received_on",
    words=lambda opinion: (opinion.category, opinion.forwarded_to),
    read=READERS,
    write=OFFICE,
    label="选民意见",
)
answer = records.command(
    "answer", schemas.OpinionAnswerIn, opinions.answer_opinion, write=OFFICE, label="答复选民"
)
forward = records.command(
    "forward", schemas.OpinionForwardIn, opinions.forward_opinion, write=OFFICE, label="转交有关单位办理"
)
convert = records.command(
    "convert",
    schemas.OpinionConvertIn,
    opinions.convert_opinion,
    write=OFFICE,
    label="转为代表建议，两边互相注明",
)
close = records.command("close", schemas.OpinionCloseIn, opinions.close_opinion, write=OFFICE, label="办结")

void = records.command(
    "void", schemas.ReasonIn, opinions.void_opinion, write=OFFICE, label="作废误登记的意见，须写明原因"
)


async def _erase(work: Work, opinion: Opinion, body: schemas.ReasonIn) -> Opinion:
    log.info("personal data erased", subject=f"opinion/{opinion.id}", actor=work.actor, town=work.town)
    return await opinions.erase_opinion(work, opinion, body)


erase = records.command(
    "erase",
    schemas.ReasonIn,
    _erase,
    write=OFFICE,
    label="永久删除意见的内容、答复和联系方式，须写明原因；照旧计数",
)


@route("PUT", "/towns/{town}/opinions/{id}/contact", roles=OFFICE, creates=True)
async def keep_contact(call: Call[None, schemas.ContactIn]) -> Reply[schemas.ContactOut]:
    """登记选民的联系方式，与意见分开加密保存；办结后按规则包规定的天数自动删除。"""
    opinion = await call.work.require(OPINIONS, call.path["id"])
    before = await call.work.get(CONTACTS, opinion.id)
    call.condition.check(before.version if before is not None else None)
    contact = await contacts.keep_contact(call.work, opinion, before, call.body)
    return Reply(
        schemas.ContactOut.model_validate(contact.model_dump()), status=201 if before is None else 200
    )


@route("GET", "/towns/{town}/opinions/{id}/contact", roles=OFFICE)
async def get_contact(call: Call) -> schemas.ContactOut:
    """选民的联系方式，每次查看都有记录。"""
    contact = await call.subject(CONTACTS)
    log.info("personal data read", subject=f"opinion/{contact.id}", reader=call.actor.sub, town=call.town)
    note_read(call.work, [f"opinion/{contact.id}"], ("name", "phone"))
    return schemas.ContactOut.model_validate(contact.model_dump())


@route("DELETE", "/towns/{town}/opinions/{id}/contact", roles=OFFICE, guarded=True)
async def forget_contact(call: Call) -> None:
    """删除选民的联系方式，意见本身不变。"""
    await contacts.forget_contact(call.work, await call.subject(CONTACTS))
