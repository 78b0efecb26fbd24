"""The command line: every command is there, and listing them imports none."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import COMMANDS, app


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"lvzhi {name}" in " ".join(shown.output.split()).replace("root", "lvzhi")


def test_the_list_has_each_with_what_it_does_in_one_line() -> None:
    lines = {
        tuple(line.split(maxsplit=1)) for line in CliRunner().invoke(app, ["--help"]).output.splitlines()
    }
    assert {(name, does) for name, (does, _) in COMMANDS.items()} <= lines


def test_an_unknown_command_is_an_error_with_a_suggestion() -> None:
    refused = CliRunner().invoke(app, ["improt"])
    assert refused.exit_code == 2
    assert "import" in refused.output


def test_listing_imports_nothing_of_the_services() -> None:
    program = (
        "import sys\nfrom services.cli.__main__ import app\napp(['--help'], standalone_mode=False)\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('services', 'shared', 'recount', 'rich')))"
    )
    listed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert listed.stdout.splitlines()[-1] == str(["services", "services.cli", "services.cli.__main__"])
