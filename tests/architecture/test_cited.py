"""Tests that documents cite are there."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

CITED = re.compile(r"\b(tests/[\w/.-]+\.py)::(test_\w+)")
PAGES = [path for path in (ROOT / "docs").rglob("*.md") if CITED.search(path.read_text("utf-8"))]


def missing(text: str) -> list[str]:
    return [f"{path}::{name}" for path, name in CITED.findall(text) if name not in _tests(ROOT / path)]


def _tests(path: Path) -> set[str]:
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text("utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_cited_test_exists(page: Path) -> None:
    assert missing(page.read_text("utf-8")) == []


def test_a_test_that_is_gone_is_found() -> None:
    here = "tests/architecture/test_cited.py"
    assert missing(f"`{here}::test_every_cited_test_exists`") == []
    assert missing(f"`{here}::test_gone` tests/no/where.py::test_x") == [
        f"{here}::test_gone",
        "tests/no/where.py::test_x",
    ]


def test_every_failure_of_the_runbook_cites_the_test_that_reproduces_it() -> None:
    _, *entries = (ROOT / "docs" / "runbook.md").read_text("utf-8").split('<a id="')
    assert len(entries) >= 10
    assert [
        entry.partition('"')[0] for entry in entries if not CITED.search(entry.partition("**测试：**")[2])
    ] == []
