"""The folder of the example: begun anew where it was interrupted, never somebody else's."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.example import CREDENTIALS, FOLDER, UNFINISHED, example_folder
from services.host.sandbox import Credentials
from shared.errors import CannotStart

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


@pytest.mark.parametrize(("folder", "told"), [("data", True), ("data/example", False)])
def test_a_token_that_the_example_does_not_know_is_minted_with_a_word(
    tmp_path: Path, folder: str, told: bool
) -> None:
    (tmp_path / "data" / "example" / "store").mkdir(parents=True)
    asked = ["token", "--area", "340281199", "--role", "office", "--data", str(tmp_path / folder)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    assert done.stdout.count(".") == 2
    assert (f"--data {tmp_path / 'data' / 'example'}" in done.stderr) is told
