"""Routes of objections to duty files."""

from dataclasses import dataclass
from typing import Any, Final

import structlog

from services.reports.domain.statements import Objection
from services.reports.errors import ObjectionOver
from services.reports.handlers import files, statements
from services.reports.repository import OBJECTIONS
from services.reports.routes.files import FILE, GROUP_FILE
from services.reports.routes.roles import OFFICE, READERS, SPEAKERS
from services.reports.schemas.statements import (
    FileYear,
    ObjectIn,
    ObjectionOut,
    ObjectionsPage,
    SettleIn,
    StatementIn,
)
from services.reports.settings import Settings
from shared.errors import NotFound
from shared.http import Call, Filter, Reply, route
from shared.http.listing import Listing
from shared.security.tokens import Actor

OBJECTION = "/towns/{town}/objections"
LISTING: Final = Listing(
    OBJECTIONS,
    ("state", "deputyship_id", "group_id"),
    {"year": Filter(FileYear, lambda year: {"year": year})},
    day="opened_on",
    words=lambda objection: (objection.label,),  # its text is not for every reader
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Objections:
    settings: Settings

    @route("POST", f"{FILE}:object", roles=SPEAKERS, status=201)
    async def object_to_duty_file(self, call: Call[None, ObjectIn]) -> Reply[ObjectionOut]:
        """代表对本人履职档案的一条记录或缺漏提出异议，由镇人大办核实答复；也可凭代表书面意见代为登记。"""
        statement = await statements.deputy_statement(
            call.work, call.path["deputyship_id"], call.body, call.actor
        )
        return await self._opened(call, statement)

    @route("POST", f"{GROUP_FILE}:object", roles=SPEAKERS - {"deputy"}, status=201)
    async def object_to_group_file(self, call: Call[None, ObjectIn]) -> Reply[ObjectionOut]:
        """组长对本组履职档案提出异议，由镇人大办核实答复；也可凭组长书面意见代为登记。"""
        statement = await statements.group_statement(call.work, call.path["group_id"], call.body, call.actor)
        return await self._opened(call, statement)

    async def _opened(
        self, call: Call[None, ObjectIn], statement: statements.Statement
    ) -> Reply[ObjectionOut]:
        objection = await statements.object_to(call.work, statement, call.body, self.settings.templates_dir)
        address = {"Location": f"/reports/v1/towns/{call.town}/objections/{objection.id}"}
        return Reply(_shown(objection, call.actor), version=objection.version, headers=address)

    @route("GET", OBJECTION, roles=READERS, query=LISTING.query("objections"))
    async def list_objections(self, call: Call[Any]) -> ObjectionsPage:
        """对履职档案的异议；代表和组长只看本人提出的。异议和答复的文字只给镇人大办和提出人看。"""
        own = {} if call.actor.has(*files.WIDE) else {"objectors": call.actor.sub}
        page = await LISTING.page(call.work, call.query, LISTING.within(call.work, **own))
        items = [_shown(objection, call.actor) for objection in page.records]
        return ObjectionsPage(items=items, next_cursor=page.next_cursor, total=page.total)

    @route("GET", f"{OBJECTION}/{{id}}", roles=READERS, revalidated=True)
    async def get_objection(self, call: Call) -> Reply[ObjectionOut]:
        """一件异议和它的答复。"""
        objection = await call.subject(OBJECTIONS)
        if not statements.readable(objection, call.actor):
            raise NotFound(f"找不到编号为 {objection.id} 的记录")
        return Reply(_shown(objection, call.actor), version=objection.version)

    @route("POST", f"{OBJECTION}/{{id}}:settle", roles=OFFICE, guarded=True, problems=[ObjectionOver])
    async def settle_objection(self, call: Call[None, SettleIn]) -> Reply[ObjectionOut]:
        """核实后答复异议：已更正（哪一条记录），或维持原记录并说明理由。"""
        objection = await call.subject(OBJECTIONS)
        settled = await statements.settle(call.work, objection, call.body, self.settings.templates_dir)
        return Reply(_shown(settled, call.actor), version=settled.version)

    @route("POST", f"{OBJECTION}/{{id}}:withdraw", roles=SPEAKERS, guarded=True, problems=[ObjectionOver])
    async def withdraw_objection(self, call: Call[None, StatementIn]) -> Reply[ObjectionOut]:
        """提出人撤回尚未答复的异议；镇人大办凭书面意见代为登记。"""
        objection, templates = await call.subject(OBJECTIONS), self.settings.templates_dir
        withdrawn = await statements.withdraw(call.work, objection, call.body, call.actor, templates)
        return Reply(_shown(withdrawn, call.actor), version=withdrawn.version)


def _shown(objection: Objection, actor: Actor) -> ObjectionOut:
    """The objection with its texts for the office and the objector; access by the office is logged."""
    own = statements.objected(objection, actor)
    if actor.has("office") and not own:
        log.info(
            "private text read", actor=actor.sub, subject=f"objection/{objection.id}", town=objection.town
        )
    return ObjectionOut.from_objection(objection, in_full=own or actor.has("office"))
