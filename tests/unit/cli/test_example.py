"""The folder of the example: begun anew where it was interrupted, never somebody else's."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.example import CREDENTIALS, FOLDER, UNFINISHED, example_folder
from services.host.sandbox import Credentials
from shared.errors import CannotStart
from shared.process.serve import key_store
from shared.settings import Settings

KNOWN = Credentials(town="340281199", year=2020, people=[], programs=[])


def test_a_new_folder_is_marked_until_the_example_is_in_it(tmp_path: Path) -> None:
    folder, known = example_folder(tmp_path)
    assert known is None
    assert (folder / UNFINISHED).exists()


def test_what_an_interrupted_import_left_is_deleted(tmp_path: Path) -> None:
    folder, _ = example_folder(tmp_path)
    (folder / "store").mkdir()
    (folder / CREDENTIALS).write_text("{", "utf-8")
    again, known = example_folder(tmp_path)
    assert (again, known) == (folder, None)
    assert [path.name for path in folder.iterdir()] == [UNFINISHED]


def test_a_complete_example_keeps_its_credentials(tmp_path: Path) -> None:
    folder, _ = example_folder(tmp_path)
    (folder / CREDENTIALS).write_text(KNOWN.model_dump_json(), "utf-8")
    (folder / UNFINISHED).unlink()
    assert example_folder(tmp_path) == (folder, KNOWN)


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    there = tmp_path / FOLDER / "store"
    there.mkdir(parents=True)
    with pytest.raises(CannotStart, match="不是试用的示例"):
        example_folder(tmp_path)
    assert there.exists()


def test_the_example_has_keys_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "example"
    (folder / "store").mkdir(parents=True)
    key_store(Settings(data_dir=folder))
    asked = ["token", "--area", "340281199", "--role", "office", "--data"]
    refused = CliRunner().invoke(app, [*asked, str(tmp_path / "data")])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"--data {folder}" in refused.stderr
    done = CliRunner().invoke(app, [*asked, str(folder)])
    assert (done.exit_code, done.stdout.count("."), done.stderr) == (0, 2, "")
