"""The command that tells consumers that a service was restored from a backup: its streams begin a new epoch."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.envelope import town_of
from shared.errors import Forbidden
from shared.http import Call, route
from shared.http.call import Store
from shared.storage import outbox
from shared.storage.units import Unit

OPERATORS: Final = frozenset({"service"})


class RestoredIn(BaseModel):
    """`area`: prefix of the codes of the towns whose streams are in the backup."""

    model_config = ConfigDict(extra="forbid")

    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$", description="区划代码或其开头几位")]


class RestoredOut(BaseModel):
    """`epochs`: by source `{time}/{first sequence}`."""

    epochs: dict[str, str]


@route("POST", "/streams:restored", roles=OPERATORS, commits=False)
async def announce_restore(call: Call[object, RestoredIn]) -> RestoredOut:
    """从备份恢复本服务之后执行：各镇的日志由此开始新的一段，其他服务据此自行重建副本；恢复时丢掉的事件列在它们未能处理的事件中。再执行一次又开始一段。"""
    area = call.body.area
    if not call.actor.covers(area):
        raise Forbidden("不在您的辖区内")
    return RestoredOut(epochs=await begin_epochs(call.store, area, call.actor.sub))


async def begin_epochs(store: Store, area: str, actor: str) -> dict[str, str]:
    """By source. The first event of an epoch says so; it is committed with the epoch, or neither is.

    A head that is such an event already begins another epoch all the same: a backup taken right after a restore has it
    too, and what followed it is undone by the next one.
    """
    sources = await outbox.heads(store, f"/{area}")
    works = []
    for source in sources:
        work = store.reading(town_of(source), actor)
        work.announce("stream.restored.v1", f"stream{source}", {"source": source}, begins_epoch=True)
        works.append(work)
    await store.commit(Unit(works))
    begun = await outbox.heads(store, f"/{area}")
    return {source: begun[source].epoch or "" for source in sources}
