"""The Python files of the project, read once, for the tests that look at them."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("roster", "activities", "ratings", "reports", "accounts")


@dataclass(frozen=True)
class Source:
    """One file: where it lies, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """Blank ones cost nothing."""
        return sum(1 for line in self.text.splitlines() if line.strip())


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    texts = [(path, path.read_text("utf-8")) for path in files]
    return tuple(Source(path, text, ast.parse(text, str(path))) for path, text in texts)


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the string nodes that only explain: docstrings, also those after a constant."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
