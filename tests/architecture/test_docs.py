"""What a service offers stands on its card, every module says what it owns, every decision has the same five parts."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from services.host.installation import SERVICES
from shared.errors import Problem
from shared.settings import Settings as CommonSettings
from tests.architecture.sources import ROOT, docstrings, nodes, sources

DECISION_PARTS = ("Context", "Decision", "Consequences", "Enforced by", "Revisit when")


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_stands_on_the_card(service: str) -> None:
    paths = {operation.path.removeprefix(f"/{service}/v1") for operation in _built(service).api.operations}
    assert _absent(service, paths) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_stands_on_the_card(service: str) -> None:
    assert _absent(service, _built(service).published) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_stream_it_listens_to_stands_on_the_card(service: str) -> None:
    """The card may be briefer than the table: `roster.person.*` for `roster.person.*.v1`."""
    told = [word for word in re.findall(r"`([^`]+)`", _card(service)) if "." in word]
    patterns = _built(service).subscription.table
    assert [pattern for pattern in patterns if not any(fnmatchcase(pattern, word) for word in told)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_collection_stands_on_the_card(service: str) -> None:
    assert _absent(service, {collection.name for collection in _built(service).collections}) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_of_its_own_stands_on_the_card(service: str) -> None:
    own = set(type(_built(service).settings).model_fields) - set(CommonSettings.model_fields)
    assert _absent(service, {f"LVZHI_{name.upper()}" for name in own}) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_error_of_its_own_stands_on_the_card(service: str) -> None:
    """Each once, and none of those that every service shares."""
    told = re.findall(r"`([a-z-]+)`", _card(service).partition("\n## Errors\n")[2].partition("\n## ")[0])
    assert sorted(told) == sorted(_slugs(service))


@pytest.mark.parametrize("service", SERVICES)
def test_no_row_of_the_card_stands_twice(service: str) -> None:
    firsts = Counter(
        re.findall(r"^\| (?!GET|POST|PUT|PATCH|DELETE|---)([^|]+?) \|", _card(service), re.MULTILINE)
    )
    assert [first for first, number in firsts.items() if number > 1] == []


def test_every_module_says_what_it_owns() -> None:
    everything = sources("services", "shared", "recount", "tests", "benchmarks", "examples")
    assert [s.name for s in everything if s.text.strip() and ast.get_docstring(s.tree) is None] == []


def test_docstrings_say_errors_in_one_way() -> None:
    """Errors: with their names, as everywhere else."""
    told = [
        f"{source.name}:{node.lineno}"
        for source in sources("services", "shared", "recount", "scripts", "tests", "benchmarks", "examples")
        if "Raises" in source.text
        for node in nodes(source.tree)
        if isinstance(node, ast.Constant)
        and id(node) in docstrings(source.tree)
        and re.search(r"\bRaises:? [A-Z]", str(node.value))
    ]
    assert told == []


def test_every_decision_has_its_five_parts() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert decisions
    incomplete = {
        file.name: missing
        for file in decisions
        if (missing := [part for part in DECISION_PARTS if f"\n## {part}\n" not in file.read_text("utf-8")])
    }
    assert incomplete == {}


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    index = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    assert re.findall(r"^\| \[\d{4}\]\((.+?\.md)\)", index, re.MULTILINE) == [file.name for file in files]


def test_every_variable_of_the_compose_file_is_explained() -> None:
    file = (ROOT / "docker-compose.yml").read_text("utf-8")
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)|^ +([A-Z_]+):$", file, re.MULTILINE))
    asked = {passed or handed_on for passed, handed_on in asked}
    assert asked == set(
        re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    )


@cache
def _built(service: str) -> Any:
    settings = importlib.import_module(f"services.{service}.settings").Settings()
    return importlib.import_module(f"services.{service}.app").build(settings)


@cache
def _card(service: str) -> str:
    return (ROOT / "services" / service / "README.md").read_text("utf-8")


def _absent(service: str, words: Any) -> list[str]:
    """Those not on the card within backticks, a path with or without a query."""
    return sorted(word for word in words if not _told(service, word))


def _told(service: str, word: str) -> bool:
    """Commands may follow their resource in one row: `/things/{id}:open` `:close`."""
    if re.search(rf"`{re.escape(word)}(\?[^`]*)?`", _card(service)):
        return True
    resource, colon, command = word.rpartition(":")
    rows = _card(service).splitlines()
    return bool(colon) and any(f"`{resource}" in row and f"`:{command}`" in row for row in rows)


def _slugs(service: str) -> Iterator[str]:
    module = importlib.import_module(f"services.{service}.errors")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Problem) and value.__module__ == module.__name__:
            yield value.slug
