"""Routes of mandates: create, change, suspend, end; and the list of deputies on a day."""

from services.roster.domain.deputyships import Deputyship
from services.roster.handlers import deputyships, roster
from services.roster.repository import DEPUTYSHIPS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.deputyships import (
    DeputyIn,
    DeputyshipIn,
    DeputyshipPatch,
    EndIn,
    ResignIn,
    ResumeIn,
    SuspendIn,
    VoidIn,
)
from services.roster.schemas.roster import AsOf, RosterOn
from shared.chinese import strokes
from shared.errors import Conflict
from shared.http import EVERYONE, Call, Order, Reply, resource, route


@route("GET", "/towns/{town}/deputies", roles=EVERYONE)
async def deputies_on(call: Call[AsOf]) -> RosterOn:
    """某一天的代表名册（默认今天），按姓氏笔画排列，附散列值备查；q 按姓名或拼音首字母查找。"""
    query = call.query
    return await roster.roster_on(call.work, query.as_of or call.work.clock.today(), query.q)


@route("POST", "/towns/{town}/deputies", roles=OFFICE, status=201, problems=[Conflict])
async def register_deputy(call: Call[None, DeputyIn]) -> Reply[Deputyship]:
    """登记一名新代表：人员和代表资格一次登记，要么都登记，要么都不登记。"""
    deputyship = await deputyships.register_deputy(call.work, call.body)
    return Reply(deputyship, version=deputyship.version)


records = resource(
    "deputyships",
    DEPUTYSHIPS,
    body=DeputyshipIn,
    patch=DeputyshipPatch,
    create=deputyships.start_deputyship,
    change=deputyships.change_deputyship,
    equals=("person_id", "level", "status", "group_id"),
    order=Order("strokes", tuple[str, str, str, str], deputyships.stroke_values, strokes.leading),
    words_of=deputyships.words_of,
    read=EVERYONE,
    write=OFFICE,
    label="代表资格",
)
resign = records.command(
    "resign", ResignIn, deputyships.resign_deputyship, write=OFFICE, label="登记提出辞职及其处理"
)
end = records.command("end", EndIn, deputyships.end_deputyship, write=OFFICE, label="终止代表资格")
suspend = records.command(
    "suspend", SuspendIn, deputyships.suspend_deputyship, write=OFFICE, label="暂停执行代表职务"
)
resume = records.command(
    "resume", ResumeIn, deputyships.resume_deputyship, write=OFFICE, label="恢复执行代表职务"
)
void = records.command(
    "void", VoidIn, deputyships.void_deputyship, write=OFFICE, label="作废误登记的代表资格，须写明原因"
)
