"""Who may import whom, as the contracts in pyproject.toml say; and only what pyproject.toml declares."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT, sources

# Comes with its own package, which is declared.
PART_OF = {"pydantic-core": "pydantic"}
OURS = {"services", "shared", "recount", "tests", "benchmarks", "examples", "scripts"}


def test_every_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_circle_exists() -> None:
    """File by file, imports for types and inside functions included."""
    modules = {_module(source.path): source.tree for source in sources("services", "shared", "recount")}
    imports = {name: _known(tree, set(modules)) - {name} for name, tree in modules.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_what_runs_imports_only_what_is_declared() -> None:
    undeclared = _undeclared(("services", "shared", "recount"), _project()["dependencies"])
    assert undeclared.pop("opentelemetry", []) in ([], ["shared/observability/tracing.py"]), (
        "an extra, imported by one module"
    )
    assert undeclared == {}


def test_what_tests_imports_only_what_is_declared() -> None:
    project = _project()
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    assert _undeclared(("tests", "benchmarks", "examples"), project["dependencies"] + extras) == {}


def test_the_services_have_no_program_of_another_licence_inside() -> None:
    """SecantusDB is GPL-2.0-only: a program beside ours, not a part of it."""
    everything = sources("services", "shared", "recount", "tests", "benchmarks", "examples")
    assert [source.name for source in everything if "secantus" in _imported(source.tree)] == []


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _undeclared(folders: tuple[str, ...], requirements: list[str]) -> dict[str, list[str]]:
    declared = {_normal(re.split(r"[<>=!~\[; ]", line)[0]) for line in requirements}
    homes = packages_distributions()
    missing: dict[str, list[str]] = {}
    for source in sources(*folders):
        for module in _imported(source.tree) - OURS - sys.stdlib_module_names:
            names = {PART_OF.get(_normal(home), _normal(home)) for home in homes.get(module, [module])}
            if not names & declared:
                missing.setdefault(module, []).append(source.name)
    return missing


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _known(tree: ast.Module, modules: set[str]) -> set[str]:
    """Those of `modules` that a file imports. A name imported from a package counts as the module of that name."""
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                named.add(module if module in modules else node.module)
    return named & modules


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
