"""Backups of a MongoDB that has some of the services: what is not there is named, and left out only knowingly."""

from pathlib import Path

import pytest

from services.host.backup.folder import Folder
from services.host.installation import SERVICES
from shared.storage.mongo import connected
from tests.integration.host.test_backups import PEOPLE, TOWN, done, lvzhi, opened

pytestmark = [pytest.mark.own_servers]
HERE = ("reports", "roster")


async def test_a_service_that_is_not_there_is_left_out_only_knowingly(
    tmp_path: Path, mongo_url: str, database_prefix: str
) -> None:
    server = {"MONGODB_URL": mongo_url, "LVZHI_DATABASE_PREFIX": database_prefix}
    async with opened(tmp_path / "data", mongodb_url=mongo_url, database_prefix=database_prefix) as office:
        await office.client.json("PUT", f"/roster/v1/towns/{TOWN}", {"name": "示例镇"})
        await office.client.json("POST", PEOPLE, {"name": "赵示例901"})
    async with connected(mongo_url, app_name="test") as client:
        for service in set(SERVICES) - set(HERE):  # as where they are on replica sets of their own
            await client.drop_database(f"{database_prefix}{service}")
    folder = Folder(tmp_path / "kept")
    backup = ("backup", folder.path, "--without-keys")

    status, said = await lvzhi(*backup, **server)
    assert (status, "没有 activities、ratings、accounts 的数据" in said, "--service" in said) == (
        1,
        True,
        True,
    )
    status, said = await lvzhi(*backup, "--service", "roster", "--service", "ratings", **server)
    assert (status, "没有 ratings 的数据" in said) == (1, True)
    status, said = await lvzhi(*backup, "--service", "rooster", **server)
    assert (status, "没有这个服务：rooster" in said) == (1, True)
    assert folder.ids() == []

    await done(*backup, *(word for service in HERE for word in ("--service", service)), **server)
    assert folder.newest().services == list(HERE)
    assert "逐条相符" in await done("drill", folder.path)
