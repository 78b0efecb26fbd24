"""The route of the audit."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from services.accounts import repository
from services.accounts.domain.audit import Kind
from services.accounts.domain.retention import RULES
from services.accounts.schemas.audit import AuditPage, EntryOut
from shared.http import EVERYONE, Call, route
from shared.http.paging import Paging, cursor_after, id_from_cursor
from shared.norms import Retention

READERS: Final = frozenset({"office", "county", "auditor"})


class AuditQuery(Paging):
    kind: Annotated[Kind | None, Field(description="只要这一种")] = None


class RetentionOut(BaseModel):
    items: list[Retention]


@route("GET", "/retention", roles=EVERYONE)
async def read_retention(call: Call) -> RetentionOut:  # noqa: ARG001 - the same for everybody
    """各类信息保存多久、依据什么；到期由系统删除，删除了多少记在日志里。"""
    return RetentionOut(items=list(RULES))


@route("GET", "/towns/{town}/audit", roles=READERS)
async def read_audit(call: Call[AuditQuery]) -> AuditPage:
    """审计：登录和被拒绝的登录、账号和权限的变动、找回、查看个人信息，近的在前；县级账号的在县的代码下（340281000）。"""
    limit = call.query.limit
    entries = await repository.entries_before(
        call.work, id_from_cursor(call.query.cursor), limit + 1, kind=call.query.kind
    )
    accounts = await repository.accounts_of(call.store, {entry.actor for entry in entries})
    names = {account.subject: account.name for account in accounts}
    return AuditPage(
        items=[
            EntryOut(**entry.model_dump(exclude={"town", "version"}), actor_name=names.get(entry.actor))
            for entry in entries[:limit]
        ],
        next_cursor=cursor_after(entries[limit - 1].id) if len(entries) > limit else None,
    )
