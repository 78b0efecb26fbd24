"""Where the keys of boxes lie in an installation that was told where its data is."""

from pathlib import Path

import pytest

from services.host.standalone import services
from shared.settings import Settings
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import voting
from tests.fixtures.apps import Drive


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
