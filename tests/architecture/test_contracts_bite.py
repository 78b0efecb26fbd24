"""A contract that nothing can break guards nothing: one violation of each is planted in a copy, and must be found."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

# contract: (file, import) — the file exists, the import would work.
PLANTED = {
    "services-are-strangers": ("services/reports/errors.py", "services.roster.errors"),
    "shared-is-below": ("shared/clock.py", "services.roster.errors"),
    "shared-goes-one-way": ("shared/storage/mongo.py", "shared.http"),
    "recount-owes-nothing": ("recount/answer.py", "shared.chinese.percent"),
    "nothing-leans-on-recount": ("services/reports/errors.py", "recount"),
    "one-direction": ("services/reports/files/marks.py", "services.reports.schemas"),
    "composition-is-on-top": ("services/roster/errors.py", "services.cli.client"),
    "mongo-in-repositories": ("services/ratings/consumers.py", "bson"),
    "amqp-in-one-package": ("services/ratings/consumers.py", "aio_pika"),
    "http-at-the-edge": ("services/ratings/consumers.py", "aiohttp"),
    "rules-are-pure": ("services/roster/domain.py", "time"),
}


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of the tree with every violation in it."""
    copy = tmp_path_factory.mktemp("planted")
    for folder in ("services", "shared", "recount"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, module in PLANTED.values():
        with _file(copy, name).open("a") as file:
            file.write(f"\nimport {module}\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "1000"},
    )
    assert done.returncode != 0
    return done.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_a_violation_is_found(contract: str, verdicts: str) -> None:
    title = _contracts()[contract]
    importer, imported = PLANTED[contract]
    module = importer.removesuffix(".py").replace("/", ".")
    assert re.search(rf"^{re.escape(title)} BROKEN", verdicts, re.MULTILINE)
    explained = re.search(
        rf"^{re.escape(title)}\n-+\n(.*?)(?=^-{{5,}}$|\Z)", verdicts, re.MULTILINE | re.DOTALL
    )
    assert explained is not None
    assert re.search(
        rf"{re.escape(module)}(\.__init__)? (->|is not allowed to import) {re.escape(imported)}\b",
        explained[1],
    )


def test_every_contract_has_its_violation() -> None:
    assert set(_contracts()) == set(PLANTED)


def _contracts() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in settings["contracts"]}


def _file(copy: Path, name: str) -> Path:
    """A module, or the package it has become."""
    file = copy / name
    return file if file.exists() else file.with_suffix("") / "__init__.py"
