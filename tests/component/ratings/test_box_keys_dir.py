"""Where the keys of boxes lie in an installation that was told where its data is."""

import asyncio
import os
from pathlib import Path

import pytest

from services.host.standalone import services
from services.ratings.app import build
from services.ratings.ballots import BoxKeys
from services.ratings.driver import destroy_spent
from services.ratings.settings import Settings as RatingsSettings
from shared.errors import CannotStart
from shared.process.turns import Turns
from shared.settings import Settings
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import slips, vote, voting
from tests.fixtures.apps import TOWN, Drive
from tests.probes import eventually


async def test_keys_of_boxes_lie_in_the_data_folder_of_the_installation(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, elsewhere = tmp_path / "installation", tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (ratings,) = (one for one in services(Settings(data_dir=data)) if one.name == "ratings")
    town = Town(await drive(ratings))
    await voting(town)
    assert len(list((data / "box-keys").iterdir())) == 1
    assert list(elsewhere.iterdir()) == []


async def test_a_vote_goes_on_where_its_data_folder_is_opened_again(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(await drive(build(RatingsSettings(data_dir=tmp_path))))
    meeting, codes = await voting(town)
    for code in codes[:10]:
        await vote(town, code)
    (elsewhere := tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(elsewhere)
    again = Town(await drive(build(RatingsSettings(data_dir=tmp_path))))
    assert (await again.lead(meeting, "close")).status == 200
    await again.lead(meeting, "publish")
    assert (await again.get(f"meetings/{meeting}/results")).json["returned"] == 10


async def test_keys_that_the_database_does_not_know_are_left_alone(drive: Drive, tmp_path: Path) -> None:
    keys = BoxKeys(tmp_path / "box-keys")
    keys.make("foreign")
    os.utime(next(keys.folder.rglob("foreign.key")), (0, 0))
    town = Town(await drive(build(RatingsSettings(data_dir=tmp_path))))
    meeting, _ = await voting(town)
    await town.lead(meeting, "close")

    def only_the_counted_one_is_gone() -> bool:
        return list(keys.stored()) == ["foreign"]

    await eventually(only_the_counted_one_is_gone)


async def test_a_folder_of_another_installation_is_refused(drive: Drive, tmp_path: Path) -> None:
    await drive(build(RatingsSettings(data_dir=tmp_path / "own")))
    BoxKeys(tmp_path / "other" / "box-keys").bind("another")
    with pytest.raises(CannotStart, match="属于另一个安装（another，数据库是 "):
        await drive(build(RatingsSettings(data_dir=tmp_path / "other")))


async def test_a_new_folder_takes_the_id_that_the_database_has(drive: Drive, tmp_path: Path) -> None:
    for name in ("own", "new"):
        await drive(build(RatingsSettings(data_dir=tmp_path / name)))
    own, new = ((tmp_path / name / "installation").read_text() for name in ("own", "new"))
    assert own == new


async def test_openings_at_once_leave_one_key(drive: Drive, tmp_path: Path) -> None:
    town = Town(await drive(build(RatingsSettings(data_dir=tmp_path))))
    meeting = await town.meeting(method="online")
    await slips(town, meeting, 3)
    answers = await asyncio.gather(*(town.lead(meeting, "open") for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 5
    assert list(BoxKeys(tmp_path / "box-keys").stored()) == [meeting]


async def test_a_key_that_cannot_be_deleted_holds_up_no_other(drive: Drive, tmp_path: Path) -> None:
    town = Town(await drive(build(RatingsSettings(data_dir=tmp_path, box_keys_seconds=3600))))
    keys = BoxKeys(tmp_path / "box-keys")
    held = [(await voting(town))[0] for _ in range(3)]
    for meeting in held:
        assert (await town.lead(meeting, "close")).status == 200
    file = next(keys.folder.rglob(f"{held[1]}.key"))
    file.unlink()
    file.mkdir()
    await destroy_spent(town.driver.alive, keys, Turns("ratings", "test"))
    assert list(keys.stored()) == [held[1]]


async def test_a_box_that_cannot_be_read_keeps_the_key_of_no_other(drive: Drive, tmp_path: Path) -> None:
    town = Town(await drive(build(RatingsSettings(data_dir=tmp_path, box_keys_seconds=3600))))
    keys, turns = BoxKeys(tmp_path / "box-keys"), Turns("ratings", "test")
    broken, other = [(await voting(town))[0] for _ in range(2)]
    for meeting in (broken, other):
        assert (await town.lead(meeting, "close")).status == 200
    tallies = town.driver.alive.store.database["tallies"]
    await tallies.update_one({"_id": broken, "town": TOWN}, {"$set": {"slips": "?"}})
    await destroy_spent(town.driver.alive, keys, turns)
    assert list(turns.failing) == [f"boxes/{broken}"]
    assert other not in keys.stored()
    assert broken in keys.stored()
