"""Who may import whom, as the contracts in pyproject.toml say; and only what pyproject.toml declares."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import files, packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT, nodes, sources

# Comes with its own package, which is declared.
PART_OF = {"pydantic-core": "pydantic"}
RUNS = ("services", "shared", "recount")
TESTS = ("tests", "benchmarks", "examples", "scripts")
OURS = {*RUNS, *TESTS}
PROGRAMS = {
    "check-jsonschema", "cyclonedx-bom", "editables", "hatchling", "httptools", "import-linter", "mypy", "pip-audit",
    "pytest-aiohttp", "pytest-asyncio", "pytest-timeout", "types-pyyaml", "ruff", "secantusdb", "uv", "zensical",
}  # fmt: skip
"""Started, or found by what starts: builders, checkers, plugins of pytest, mypy and uvicorn, the embedded database."""


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
    """What only an extra brings is imported in its own place, where it is installed."""
    places = {"otel": "shared/observability/tracing.py", "scan": "shared/documents/scan/"}
    assert _undeclared(RUNS, _declared() | _declared(*places)) == {}
    for extra, place in places.items():
        files = {file for name in _declared(extra) for file in _importers(*RUNS)[name]}
        assert [file for file in files if not file.startswith(place)] == []


def test_what_runs_declares_only_what_it_imports() -> None:
    assert _declared() - set(_importers(*RUNS)) == set()


def test_what_tests_imports_only_what_is_declared() -> None:
    assert _undeclared(TESTS, _declared() | _declared(*_extras())) == {}


def test_what_tests_declares_only_what_it_imports() -> None:
    assert _declared(*_extras()) - PROGRAMS - set(_importers(*RUNS, *TESTS)) == set()


def test_the_services_have_no_program_of_another_licence_inside() -> None:
    """SecantusDB is GPL-2.0-only: a program beside ours, not a part of it."""
    assert "secantusdb" not in _importers(*RUNS, *TESTS)


def _extras() -> dict[str, list[str]]:
    extras: dict[str, list[str]] = _project()["optional-dependencies"]
    return extras


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _declared(*extras: str) -> set[str]:
    """The distributions of these extras, or those that everybody needs."""
    requirements = [line for extra in extras for line in _extras()[extra]] or _project()["dependencies"]
    return {_normal(re.split(r"[<>=!~\[; ]", line)[0]) for line in requirements}


def _undeclared(folders: tuple[str, ...], declared: set[str]) -> dict[str, list[str]]:
    """Imported packages that none of the declared distributions brings, and where."""
    missing: dict[str, list[str]] = {}
    for source in sources(*folders):
        for module in _foreign(source.tree):
            if not _homes(module) & declared:
                missing.setdefault(module, []).append(source.name)
    return missing


@cache
def _importers(*folders: str) -> Mapping[str, set[str]]:
    """Distributions that are imported from, and the files that do so."""
    found: dict[str, set[str]] = {}
    for source in sources(*folders):
        for home in {home for module in _foreign(source.tree) for home in _homes(module)}:
            found.setdefault(home, set()).add(source.name)
    return found


@cache
def _foreign(tree: ast.Module) -> set[str]:
    """Imported modules of other people's, with their full names."""
    return {name for name in _imported(tree) if name.split(".")[0] not in OURS | sys.stdlib_module_names}


@cache
def _homes(module: str) -> frozenset[str]:
    """The distributions that bring a module. Several share the package `opentelemetry`: those that have it."""
    package = module.partition(".")[0]
    homes = _packages().get(package, [package])
    path = module.replace(".", "/")
    while len(homes) > 1 and path:
        homes = [home for home in homes if _has(home, path)] or homes
        path = path.rpartition("/")[0]
    return frozenset(PART_OF.get(_normal(home), _normal(home)) for home in homes)


def _has(distribution: str, path: str) -> bool:
    return any(name.startswith((f"{path}/", f"{path}.py")) for name in _files(distribution))


@cache
def _files(distribution: str) -> list[str]:
    return [str(file) for file in files(distribution) or ()]


@cache
def _packages() -> Mapping[str, list[str]]:
    return {package: sorted(set(homes)) for package, homes in packages_distributions().items()}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _known(tree: ast.Module, modules: set[str]) -> set[str]:
    """Those of `modules` that a file imports. A name imported from a package counts as the module of that name."""
    named = set()
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                named.add(module if module in modules else node.module)
    return named & modules


def _imported(tree: ast.Module) -> set[str]:
    """Full names, those of what is imported from a module included: `from a import b` imports `a.b`."""
    names = set()
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names
