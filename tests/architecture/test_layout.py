"""The services keep one set of files, so that who knows one finds his way in all."""

import ast
import re

import pytest

from recount.log import SOURCES
from services.accounts import consumers
from services.cli.books import WORKBOOKS
from services.cli.drilling import CHECKS
from services.console import api
from services.console.repository import BOOKS
from services.host import installation
from services.host.installation import SERVICES
from services.host.standalone import services
from services.reports import events_in
from shared.settings import Settings
from tests.architecture.sources import ROOT, nodes, sources

MODULES = (
    *("__main__", "app", "settings", "errors", "domain", "schemas", "events_out", "events_in"),
    *("repository", "handlers", "routes", "consumers"),
)
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "lib",
    "tools",
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("module", MODULES)
def test_a_service_has_the_module(service: str, module: str) -> None:
    folder = ROOT / "services" / service
    as_module, as_package = folder / f"{module}.py", folder / module / "__init__.py"
    assert as_module.exists() != as_package.exists(), f"{as_module} or {as_package}, one of the two"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_card(service: str) -> None:
    assert (ROOT / "services" / service / "README.md").exists()


def test_there_are_no_other_services() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
    assert folders == {*SERVICES, "cli", "console", "host"}


def test_shared_is_seen_at_a_glance() -> None:
    rooms = {
        path.stem for path in (ROOT / "shared").iterdir() if path.stem not in ("__init__", "__pycache__")
    }
    assert len(rooms) <= 20


def test_every_folder_of_modules_is_a_package() -> None:
    loose = {
        s.path.parent
        for s in sources("services", "shared", "recount")
        if not (s.path.parent / "__init__.py").exists()
    }
    assert loose == set()


def test_every_module_is_named_after_what_it_owns() -> None:
    assert [
        s.name for s in sources("services", "shared", "recount") if s.path.stem in NAMES_THAT_SAY_NOTHING
    ] == []


def test_what_a_service_offers_is_put_together_in_its_app_alone() -> None:
    """Nothing is registered by importing a module: an Api is made by `app.build`."""
    makers = {s.name for s in sources("services") if _made(s.tree, "Api") or _made(s.tree, "Service")}
    assert makers == {f"services/{service}/app.py" for service in SERVICES}


def _made(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in nodes(tree)
    )


def test_services_name_the_others_as_the_installation_does() -> None:
    """They may not import what puts them together, so each has the names it needs."""
    assert api.SERVICES == SERVICES
    assert BOOKS == SOURCES == events_in.SOURCES == installation.SOURCES
    assert consumers.LEDGERS == installation.LEDGERS
    assert {service.name for service in services(Settings())} == set(SERVICES)
    assert tuple(CHECKS) == SERVICES
    assert tuple(WORKBOOKS) == installation.SOURCES


def test_what_tests_of_several_folders_need_is_no_test_itself() -> None:
    """It is in `tests/fixtures`, or in a module of its own beside what it speaks of."""
    found = {
        (source.name, node.module)
        for source in sources("tests", "benchmarks")
        for node in nodes(source.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and re.match(r"tests\.(.+\.)?test_", node.module)
        and node.module.rpartition(".")[0] != ".".join(source.path.relative_to(ROOT).parent.parts)
    }
    assert found == set()
