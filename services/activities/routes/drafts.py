"""Routes of drafts: a leader's entries for the own group, which the office confirms."""

from collections.abc import Mapping
from typing import Any, Final

from services.activities import schemas
from services.activities.domain.drafts import Draft
from services.activities.errors import GroupDissolved, NotOwnGroup, WrongState
from services.activities.handlers import drafts
from services.activities.repository import DRAFTS
from services.activities.routes.roles import OFFICE
from shared.errors import NotFound
from shared.http import Call, Reply, patch_of, route
from shared.http.paging import cursor_after, id_from_cursor

LEADER: Final = frozenset({"leader"})
PATH: Final = "/towns/{town}/activities/drafts"
Patch: Final = patch_of(schemas.ActivityIn)


@route("POST", PATH, roles=LEADER, status=201, problems=[NotOwnGroup])
async def enter_draft(call: Call[None, schemas.ActivityIn]) -> Reply[schemas.DraftOut]:
    """组长登记本组的活动，作为草稿交镇人大办公室确认；确认以前不计入任何数字。"""
    return _reply(await drafts.enter_draft(call.work, call.body))


@route("GET", PATH, roles=OFFICE | LEADER)
async def list_drafts(call: Call[schemas.DraftsQuery]) -> schemas.DraftPage:
    """组长登记的草稿；组长只看自己登记的。"""
    criteria: Mapping[str, Any] = {
        **({"state": call.query.state} if call.query.state is not None else {}),
        **({} if call.actor.has("office") else {"entered_by": call.actor.sub}),
    }
    limit = call.query.limit
    page = await call.work.page(DRAFTS, criteria, after=id_from_cursor(call.query.cursor), limit=limit + 1)
    following = cursor_after(page[limit - 1].id) if len(page) > limit else None
    return schemas.DraftPage(
        items=[schemas.DraftOut.from_draft(draft) for draft in page[:limit]], next_cursor=following
    )


@route("GET", f"{PATH}/{{id}}", roles=OFFICE | LEADER)
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
