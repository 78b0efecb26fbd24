"""The Python files of the project, read once, for the tests that look at them."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One file: where it lies, its text and its syntax tree."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """Blank ones cost nothing."""
        return sum(1 for line in self.text.splitlines() if line.strip())


def sources(*folders: str) -> list[Source]:
    return [source for folder in folders for source in _read(folder)]


@cache
def _read(folder: str) -> list[Source]:
    return [Source(path, path.read_text("utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def nodes(tree: ast.AST) -> Sequence[ast.AST]:
    """All nodes of a tree, which is walked once in a process."""
    return tuple(ast.walk(tree))


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the string nodes that only explain: docstrings, also those after a constant."""
    return {
        id(node.value)
        for node in nodes(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
