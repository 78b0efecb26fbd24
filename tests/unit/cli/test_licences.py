"""`lvzhi licences`: every package that is installed says its licence and gives its text."""

import re
import tomllib
from importlib.metadata import distribution

from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.licences import licence, notices
from tests.architecture.sources import ROOT


def test_every_package_that_runs_says_its_licence_and_gives_its_text() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = [distribution(re.split("[^\\w-]", line)[0]) for line in project["dependencies"]]
    assert len(packages) > 20
    assert [package.name for package in packages if not licence(package)] == []
    without = {package.name: licence(package) for package in packages if not list(notices(package))}
    assert without == {"chinesecalendar": "MIT License"}  # its wheel carries no text; it is told by name


def test_the_embedded_database_comes_with_the_text_of_its_licence() -> None:
    store = distribution("secantusdb")
    assert "GPL" in licence(store)
    assert any("GNU GENERAL PUBLIC LICENSE" in text for _, text in notices(store))


def test_the_command_prints_all_of_them() -> None:
    printed = CliRunner().invoke(app, ["licences"]).output
    assert "\naiohttp " in printed
    assert "GNU GENERAL PUBLIC LICENSE" in printed
