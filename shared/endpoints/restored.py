"""The command that tells consumers that a service was restored from a backup: its streams begin a new epoch."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.clock import timestamp
from shared.errors import Forbidden, Unavailable
from shared.http import Call, route
from shared.http.call import Store
from shared.storage import mongo, outbox
from shared.storage.units import Superseded, Unit

OPERATORS: Final = frozenset({"service"})
ATTEMPTS: Final = 8


class RestoredIn(BaseModel):
    """`area`: prefix of the codes of the towns whose streams are in the backup."""

    model_config = ConfigDict(extra="forbid")

    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$", description="区划代码或其开头几位")]


class RestoredOut(BaseModel):
    """`epochs`: by source `{time}/{first sequence}`."""

    epochs: dict[str, str]


@route("POST", "/streams:restored", roles=OPERATORS, commits=False)
async def announce_restore(call: Call[object, RestoredIn]) -> RestoredOut:
    """从备份恢复本服务之后执行：各镇的日志由此开始新的一段，其他服务据此自行重建副本；恢复时丢掉的事件留在它们的死信中。"""
    area = call.body.area
    if not call.actor.covers(area):
        raise Forbidden("不在您的辖区内")
    return RestoredOut(epochs=await begin_epochs(call.store, area, call.actor.sub))


async def begin_epochs(store: Store, area: str, actor: str) -> dict[str, str]:
    """By source. Raises Unavailable where others keep writing."""
    for _ in range(ATTEMPTS):
        try:
            return await _begin(store, area, actor)
        except Superseded:
            continue
    raise Unavailable("日志正在写入，请稍后再试")


async def _begin(store: Store, area: str, actor: str) -> dict[str, str]:
    """The first event of an epoch says so; it is committed with the epoch, or neither is."""
    heads = dict(await outbox.heads(store, f"/{area}"))
    now = timestamp(store.clock.now())
    epochs = {source: f"{now}/{sequence + 1}" for source, sequence in heads.items()}
    works = []
    for source, epoch in epochs.items():
        work = store.reading(source.split("/")[1], actor)
        work.announce("stream.restored.v1", f"stream{source}", {"source": source, "epoch": epoch})
        works.append(work)

    async def begin(session: mongo.Session | None) -> None:
        writes: list[mongo.WriteModel] = [
            mongo.UpdateOne({"_id": source, "sequence": heads[source]}, {"$set": {"epoch": epoch}})
            for source, epoch in epochs.items()
        ]
        if writes and await mongo.bulk_write(store.database["streams"], writes, session) != len(writes):
            raise Superseded("streams")

    await store.commit(Unit(works, also=begin))
    return epochs
