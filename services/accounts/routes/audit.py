"""The route of the audit."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, Field

from services.accounts import repository
from services.accounts.domain.audit import Kind
from services.accounts.domain.retention import RULES
from services.accounts.schemas.audit import AuditPage, EntryOut
from shared.clock import BEIJING
from shared.days import Day
from shared.http import EVERYONE, Call, route
from shared.http.paging import Paging, cursor_after, id_from_cursor
from shared.norms import Retention

READERS: Final = frozenset({"office", "county", "auditor"})


class AuditQuery(Paging):
    kind: Annotated[Kind | None, Field(description="只要这一种")] = None
    from_: Annotated[Day | None, Field(alias="from", description="从这一天起")] = None
    to: Annotated[Day | None, Field(description="到这一天为止")] = None

    @property
    def since(self) -> datetime | None:
        return _midnight(self.from_) if self.from_ is not None else None

    @property
    def until(self) -> datetime | None:
        return _midnight(self.to) + timedelta(days=1) if self.to is not None else None


def _midnight(day: date) -> datetime:
    """At which a day begins in China."""
    return datetime.combine(day, time(), BEIJING)


class RetentionOut(BaseModel):
    items: list[Retention]


@route("GET", "/retention", roles=EVERYONE)
async def read_retention(call: Call) -> RetentionOut:  # noqa: ARG001 - the same for everybody
    """各类信息保存多久、依据什么；到期由系统删除，删除了多少记在日志里。"""
    return RetentionOut(items=list(RULES))


@route("GET", "/towns/{town}/audit", roles=READERS)
async def read_audit(call: Call[AuditQuery]) -> AuditPage:
    """审计：登录和被拒绝的登录、账号和权限的变动、找回、查看个人信息，近的在前；县级账号的在县的代码下（340281000）。"""
    query, limit = call.query, call.query.limit
    before = id_from_cursor(query.cursor)
    entries = await repository.entries_before(
        call.work, before, limit + 1, kind=query.kind, since=query.since, until=query.until
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
