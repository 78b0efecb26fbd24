"""The command line: every command is there, and listing them imports none."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from services.cli import serving
from services.cli.__main__ import COMMANDS, app
from shared.settings import Settings

ENGLISH: Final = re.compile(
    r"Usage|Options|Arguments|Commands|OPTIONS|COMMAND|ARGS|Show this|env var|default|required|<str>|<int|<list"
)
TYPERS: Final = {"help", "install_completion", "show_completion"}
"""Options that typer adds."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"lvzhi {name}" in " ".join(shown.output.split()).replace("root", "lvzhi")


def test_an_option_of_serve_leaves_the_setting_of_its_name_to_the_environment() -> None:
    """An option's default would go before it otherwise."""
    settings = {name: f"LVZHI_{name.upper()}" for name in Settings.model_fields} | {"data": "LVZHI_DATA_DIR"}
    options = {option.name: option.envvar for option in dict(_pages(get_command(app)))[("serve",)].params}
    shadowing = {name: variable for name, variable in options.items() if name in settings}
    assert set(shadowing) == {"host", "port", "data", "forget_unreadable"}
    assert shadowing == {name: settings[name] for name in shadowing}


def test_the_environment_says_where_serve_listens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Settings] = []

    async def serve(settings: Settings) -> None:
        asked.append(settings)

    monkeypatch.setattr(serving, "_serve", serve)
    given = {"LVZHI_HOST": "0.0.0.0", "LVZHI_PORT": "8090", "LVZHI_FORGET_UNREADABLE": "true"}
    for arguments in ([], ["--port", "8091"]):
        result = CliRunner().invoke(app, ["serve", "--data", str(tmp_path), *arguments], env=given)
        assert result.exit_code == 0, result.output
    assert [(one.host, one.port, one.forget_unreadable) for one in asked] == [
        ("0.0.0.0", 8090, True),
        ("0.0.0.0", 8091, True),
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "总结.doc"], "docx"),
        (["-o", "总结.docx", "--as-of", "2020-13-01"], "--as-of 2020-13-01：没有这一天"),
    ],
)
def test_a_report_that_cannot_be_written_closes_no_year(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(
        app, ["report", "340281199", "2020", "--url", "http://127.0.0.1:1", *arguments]
    )
    assert (result.exit_code, told in result.output) == (1, True)
    assert "没有封账" in result.output


def test_the_list_has_each_with_what_it_does_in_one_line() -> None:
    lines = {
        tuple(line.split(maxsplit=1)) for line in CliRunner().invoke(app, ["--help"]).output.splitlines()
    }
    assert {(name, does) for name, (does, _) in COMMANDS.items()} <= lines


def _pages(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, one in dict(getattr(command, "commands", {})).items():
        yield from _pages(one, *path, name)


@pytest.mark.parametrize("columns", [40, 80])
def test_every_page_is_whole_and_in_chinese(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    pages = list(_pages(get_command(app)))
    assert len(pages) > len(COMMANDS)
    for path, command in pages:
        shown = CliRunner().invoke(app, [*path, "--help"], prog_name="lvzhi")
        assert shown.exit_code == 0
        assert shown.stdout.startswith(f"用法：lvzhi {' '.join(path)}".rstrip())
        assert ENGLISH.findall(shown.stdout) == []
        assert ("--install-completion" in shown.stdout) == (path == ())
        packed = "".join(shown.stdout.split())
        words = [command.help, *(p.help for p in command.params if p.name not in TYPERS)]
        assert [w for w in words if w and "".join(w.split()) not in packed] == []
        broken = [line for line in shown.stdout.splitlines() if line.lstrip()[:1] in tuple("，。；：、）》”")]
        assert [line for line in broken if line.strip()] == []


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
    assert listed.stdout.splitlines()[-1] == str(
        ["services", "services.cli", "services.cli.__main__", "services.cli.help"]
    )
