"""The doors to the duty files, and to what deputies say of them."""

import structlog

from services.reports.domain.statements import Objection
from services.reports.errors import FileChanged, ObjectionOver
from services.reports.handlers import files, statements
from services.reports.repository import OBJECTIONS
from services.reports.schemas.files import YearQuery
from services.reports.schemas.statements import (
    ConfirmationOut,
    ConfirmIn,
    DutyFileOut,
    GroupFileOut,
    ObjectIn,
    ObjectionOut,
    ObjectionsPage,
    ObjectionsQuery,
    Said,
    SettleIn,
)
from services.reports.settings import Settings
from shared.errors import NotFound
from shared.http import EVERYONE, Api, Call, Reply
from shared.http.paging import cursor_after, id_in
from shared.security.tokens import Actor

READERS = EVERYONE - {"teller"}
SPEAKERS = {"deputy", "leader", "office"}
FILE = "/towns/{town}/deputies/{deputyship_id}/file"
GROUP_FILE = "/towns/{town}/groups/{group_id}/file"
OBJECTION = "/towns/{town}/objections"

log = structlog.get_logger(__name__)


def declare(api: Api, settings: Settings) -> None:
    _read(api)
    _confirm(api)
    _object(api, settings)
    _objections(api)
    _answer(api, settings)


def _read(api: Api) -> None:
    @api.route("GET", FILE, roles=READERS, query=YearQuery)
    async def get_duty_file(call: Call) -> DutyFileOut:
        """履职档案：一名代表一年中应到和实到的会议活动、所提建议、述职测评，是否经本人确认；代表只看本人的，组长只看本组成员的。"""
        return await files.read_deputy(call.work, call.query.year, call.path["deputyship_id"], call.actor)

    @api.route("GET", GROUP_FILE, roles=READERS - {"deputy"}, query=YearQuery)
    async def get_group_file(call: Call) -> GroupFileOut:
        """小组履职档案：成员和组长、制度、计划和完成情况、活动和出席、所提建议，是否经组长确认；组长只看本组的。"""
        return await files.read_group(call.work, call.query.year, call.path["group_id"], call.actor)


def _confirm(api: Api) -> None:
    @api.route("POST", f"{FILE}:confirm", roles=SPEAKERS, body=ConfirmIn, problems=[FileChanged])
    async def confirm_duty_file(call: Call) -> Reply[ConfirmationOut]:
        """代表确认本人一年的履职档案；镇人大办凭代表签字代为登记（on_behalf 和 on）。"""
        spoken = await statements.of_deputy(call.work, call.path["deputyship_id"], call.body, call.actor)
        return await _confirmed(call, spoken)

    @api.route(
        "POST", f"{GROUP_FILE}:confirm", roles=SPEAKERS - {"deputy"}, body=ConfirmIn, problems=[FileChanged]
    )
    async def confirm_group_file(call: Call) -> Reply[ConfirmationOut]:
        """组长确认本组一年的履职档案；镇人大办凭组长签字代为登记（on_behalf 和 on）。"""
        spoken = await statements.of_group(call.work, call.path["group_id"], call.body, call.actor)
        return await _confirmed(call, spoken)


async def _confirmed(call: Call, spoken: statements.Spoken) -> Reply[ConfirmationOut]:
    made = await statements.confirm(call.work, spoken, call.body)
    return Reply(ConfirmationOut.model_validate(made.model_dump()), version=made.version)


def _object(api: Api, settings: Settings) -> None:
    @api.route("POST", f"{FILE}:object", roles=SPEAKERS, body=ObjectIn, status=201)
    async def object_to_duty_file(call: Call) -> Reply[ObjectionOut]:
        """代表对本人履职档案的一条记录或缺漏提出异议，由镇人大办核实答复；也可凭代表书面意见代为登记。"""
        spoken = await statements.of_deputy(call.work, call.path["deputyship_id"], call.body, call.actor)
        return await _opened(call, spoken, settings)

    @api.route("POST", f"{GROUP_FILE}:object", roles=SPEAKERS - {"deputy"}, body=ObjectIn, status=201)
    async def object_to_group_file(call: Call) -> Reply[ObjectionOut]:
        """组长对本组履职档案提出异议，由镇人大办核实答复；也可凭组长书面意见代为登记。"""
        spoken = await statements.of_group(call.work, call.path["group_id"], call.body, call.actor)
        return await _opened(call, spoken, settings)


async def _opened(call: Call, spoken: statements.Spoken, settings: Settings) -> Reply[ObjectionOut]:
    made = await statements.object_to(call.work, spoken, call.body, settings.templates_dir)
    address = {"Location": f"/reports/v1/towns/{call.town}/objections/{made.id}"}
    return Reply(_shown(made, call.actor), version=made.version, headers=address)


def _objections(api: Api) -> None:
    @api.route("GET", OBJECTION, roles=READERS, query=ObjectionsQuery, name="list_objections")
    async def objections(call: Call) -> ObjectionsPage:
        """对履职档案的异议；代表和组长只看本人提出的。异议和答复的文字只给镇人大办和提出人看。"""
        asked = call.query.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        if not call.actor.has(*files.WIDE):
            asked["objectors"] = call.actor.sub
        after, limit = id_in(call.query.cursor), call.query.limit
        found = await call.work.page(OBJECTIONS, asked, after=after, limit=limit + 1)
        return ObjectionsPage(
            items=[_shown(one, call.actor) for one in found[:limit]],
            next_cursor=cursor_after(found[limit - 1].id) if len(found) > limit else None,
        )

    @api.route("GET", f"{OBJECTION}/{{id}}", roles=READERS)
    async def get_objection(call: Call) -> Reply[ObjectionOut]:
        """一件异议和它的答复。"""
        objection = await call.subject(OBJECTIONS)
        if not statements.readable(objection, call.actor):
            raise NotFound(f"找不到编号为 {objection.id} 的记录")
        return Reply(_shown(objection, call.actor), version=objection.version)


def _answer(api: Api, settings: Settings) -> None:
    @api.route(
        "POST",
        f"{OBJECTION}/{{id}}:settle",
        roles={"office"},
        body=SettleIn,
        guarded=True,
        problems=[ObjectionOver],
    )
    async def settle_objection(call: Call) -> Reply[ObjectionOut]:
        """核实后答复异议：已更正（哪一条记录），或维持原记录并说明理由。"""
        objection = await call.subject(OBJECTIONS)
        made = await statements.settle(call.work, objection, call.body, settings.templates_dir)
        return Reply(_shown(made, call.actor), version=made.version)

    @api.route(
        "POST",
        f"{OBJECTION}/{{id}}:withdraw",
        roles=SPEAKERS,
        body=Said,
        guarded=True,
        problems=[ObjectionOver],
    )
    async def withdraw_objection(call: Call) -> Reply[ObjectionOut]:
        """提出人撤回尚未答复的异议；镇人大办凭书面意见代为登记。"""
        objection = await call.subject(OBJECTIONS)
        made = await statements.withdraw(call.work, objection, call.body, call.actor, settings.templates_dir)
        return Reply(_shown(made, call.actor), version=made.version)


def _shown(objection: Objection, actor: Actor) -> ObjectionOut:
    """What was said, for the office and for whoever said it; that the office read it is written down."""
    own = statements.objected(objection, actor)
    if actor.has("office") and not own:
        log.info(
            "private text read", actor=actor.sub, subject=f"objection/{objection.id}", town=objection.town
        )
    return ObjectionOut.of(objection, in_full=own or actor.has("office"))
