"""Routes of drafts: a leader's entries for the own group, which the office confirms."""

from typing import Any, Final

from services.activities import schemas
from services.activities.domain.drafts import Draft
from services.activities.errors import GroupDissolved, NotOwnGroup, WrongState
from services.activities.handlers import drafts
from services.activities.repository import DRAFTS
from services.activities.routes.roles import OFFICE
from shared.errors import NotFound
from shared.http import Call, Reply, patch_of, route
from shared.http.listing import Listing

LEADER: Final = frozenset({"leader"})
PATH: Final = "/towns/{town}/activities/drafts"
Patch: Final = patch_of(schemas.ActivityIn)
LISTING: Final = Listing(
    DRAFTS,
    ("state",),
    day="entered_on",
    words=lambda draft: (draft.title, draft.entry.get("place"), draft.reason),
)


@route("POST", PATH, roles=LEADER, status=201, problems=[NotOwnGroup])
async def enter_draft(call: Call[None, schemas.ActivityIn]) -> Reply[schemas.DraftOut]:
    """组长登记本组的活动，作为草稿交镇人大办公室确认；确认以前不计入任何数字。"""
    return _reply(await drafts.enter_draft(call.work, call.body))


@route("GET", PATH, roles=OFFICE | LEADER, query=LISTING.query("drafts"))
async def list_drafts(call: Call[Any]) -> schemas.DraftPage:
    """组长登记的草稿；组长只看自己登记的。"""
    own = {} if call.actor.has("office") else {"entered_by": call.actor.sub}
    page = await LISTING.page(call.work, call.query, LISTING.within(call.work, **own))
    items = [schemas.DraftOut.from_draft(draft) for draft in page.records]
    return schemas.DraftPage(items=items, next_cursor=page.next_cursor, total=page.total)


@route("GET", f"{PATH}/{{id}}", roles=OFFICE | LEADER, revalidated=True)
async def get_draft(call: Call) -> Reply[schemas.DraftOut]:
    """查看一份草稿；退回的写明原因。"""
    draft = await call.subject(DRAFTS)
    if not call.actor.has("office") and draft.entered_by != call.actor.sub:
        raise NotFound(f"找不到编号为 {draft.id} 的记录")
    return _reply(draft)


@route("PATCH", f"{PATH}/{{id}}", roles=LEADER, body=Patch, problems=[NotOwnGroup, WrongState])
async def correct_draft(call: Call[None, Any]) -> Reply[schemas.DraftOut]:
    """组长更正自己登记的草稿；退回的更正以后重新等待确认。"""
    return _reply(await drafts.correct_draft(call.work, await call.subject(DRAFTS), call.body))


@route("POST", f"{PATH}/{{id}}:confirm", roles=OFFICE, guarded=True, problems=[WrongState, GroupDissolved])
async def confirm_draft(call: Call[None, schemas.Nothing]) -> Reply[schemas.DraftOut]:
    """确认草稿：与镇人大办公室登记的活动完全一样；只能确认一次。"""
    return _reply(await drafts.confirm_draft(call.work, await call.subject(DRAFTS), call.body))


@route("POST", f"{PATH}/{{id}}:decline", roles=OFFICE, guarded=True, problems=[WrongState])
async def decline_draft(call: Call[None, schemas.ReasonIn]) -> Reply[schemas.DraftOut]:
    """退回草稿，写明原因，组长看得到。"""
    return _reply(await drafts.decline_draft(call.work, await call.subject(DRAFTS), call.body))


def _reply(draft: Draft) -> Reply[schemas.DraftOut]:
    return Reply(schemas.DraftOut.from_draft(draft), version=draft.version)
