"""Keys that are lost while the records are there: they are put back from a backup, and no record is deleted for it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.host.standalone import running_system
from shared.errors import CannotStart
from shared.settings import Settings
from tests.integration.host.test_backups import PEOPLE, PHONE, TOWN, done, lvzhi, opened

pytestmark = [pytest.mark.own_servers]


@dataclass(frozen=True)
class Place:
    """A data folder with a person who came in after its backup."""

    data: Path
    kept: Path
    identity: Path
    person: str

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    async def put_back(self) -> str:
        arguments = ("restore", self.kept, "--data", self.data, "--keys-only", "--identity", self.identity)
        return await done(*arguments)


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    data, kept, identity = tmp_path / "data", tmp_path / "kept", tmp_path / "key"
    await done("backup-key", identity)
    async with opened(data) as office:
        await office.client.json("PUT", f"/roster/v1/towns/{TOWN}", {"name": "示例镇"})
        await done("backup", kept, "--data", data, "--recipient", f"{identity}.public")
        person = await office.client.json("POST", PEOPLE, {"name": "赵示例901", "phone": PHONE})
    return Place(data, kept, identity, person["id"])


async def test_lost_keys_are_put_back_and_no_record_is_lost(place: Place) -> None:
    shutil.rmtree(place.keys)
    with pytest.raises(CannotStart, match="--keys-only"):
        async with running_system(Settings(port=0, data_dir=place.data)):
            pass
    restored = ("restore", place.kept, "--data", place.data)
    status, said = await lvzhi(*restored)
    assert (status, "已有记录，不覆盖" in said, "只要放回密钥的，改用 --keys-only" in said) == (1, True, True)

    assert "personal-data-keys" in await place.put_back()
    async with opened(place.data) as office:
        person = await office.client.json("GET", f"{PEOPLE}/{place.person}")
        assert person["phone"] == PHONE
        await office.check()
    assert "都有" in await place.put_back()


async def test_a_key_that_is_there_is_left_and_named(place: Place) -> None:
    """As after a rotation, and as after a start that made a new key in the place of the lost one."""
    await done("account", "rotate-key", "--withdraw", "--data", place.data)
    signing, original = place.keys / "signing-key.json", (place.keys / "personal-data-keys").read_bytes()
    rotated = signing.read_bytes()
    (place.keys / "personal-data-keys").write_text(f"k1:{'B' * 43}=")
    said = await place.put_back()
    assert "没有动：keys/personal-data-keys、keys/signing-key.json。" in said

    (place.keys / "personal-data-keys").rename(place.data / "aside")
    assert "放回了 keys/personal-data-keys\n" in await place.put_back()
    assert (place.keys / "personal-data-keys").read_bytes() == original
    assert signing.read_bytes() == rotated


async def test_it_is_not_mixed_with_what_deletes(place: Place) -> None:
    refused = ("restore", place.kept, "--data", place.data, "--keys-only")
    assert (await lvzhi(*refused, "--replace", "--identity", place.identity))[0] == 1
    assert (await lvzhi(*refused, "--service", "roster", "--identity", place.identity))[0] == 1
    status, said = await lvzhi(*refused)
    assert (status, "--identity" in said) == (1, True)
