"""Keys of ballot boxes: bound to the database at the start, destroyed periodically once their box is counted."""

import asyncio
from functools import partial

import structlog

from services.ratings import repository
from services.ratings.ballots import INSTALLATION, BoxKeys
from services.ratings.handlers.boxes import delete_ballots
from services.ratings.repository import TALLIES
from services.ratings.settings import Settings
from shared.errors import CannotStart
from shared.ids import new_id
from shared.process.service import Running
from shared.process.turns import Turns
from shared.storage.mongo import Database
from shared.storage.paging import Place

log = structlog.get_logger(__name__)


async def destroy_keys(alive: Running) -> None:
    """Destroy keys of counted boxes, every `box_keys_seconds`; also after a restart."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    turns = Turns(alive.service.name, "destroy_keys")
    spent = partial(destroy_spent, alive, BoxKeys(settings.box_keys_dir), turns)
    await turns.every(settings.box_keys_seconds, spent)


async def destroy_spent(alive: Running, keys: BoxKeys, turns: Turns) -> None:
    """Only keys of boxes that this database has counted: any other may be of a vote somebody else is holding."""

    async def counted() -> list[Place]:
        names = await asyncio.to_thread(list, keys.stored())
        return await repository.counted_boxes(alive.store, names) if names else []

    await turns.each("boxes", counted, partial(_destroy, alive, keys))


async def _destroy(alive: Running, keys: BoxKeys, box: Place) -> None:
    tally = await alive.store.reading(box.town, "").require(TALLIES, box.id)
    await delete_ballots(alive.store, tally)
    await asyncio.to_thread(keys.destroy, tally.id, tally.box_key)
    log.info("box key destroyed", town=tally.town)


async def bind_installation(keys: BoxKeys, database: Database) -> None:
    """Bind the data folder and the database to each other: the id of the installation stands in both.

    Errors: CannotStart when they are of two installations, as the keys of open boxes would be looked for in vain.
    """
    stored = await repository.installation(database, keys.installation or new_id())
    if (own := keys.bind(stored)) != stored:
        folder = keys.folder.parent
        raise CannotStart(
            f"数据文件夹 {folder} 属于另一个安装（{own}，数据库是 {stored}），打开中的票箱会找不到钥匙；"
            f"请改用原来的文件夹；确定要换到这里的，把 {folder / INSTALLATION} 的内容改成 {stored}"
        )
