"""Nothing grows past what one reads in one sitting."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, nodes, sources

MODULE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 40
TEST_FUNCTION_LINES = 60  # a story may be told to its end


def test_modules_are_short() -> None:
    assert {s.name: s.lines for s in sources("services", "shared", "recount") if s.lines > MODULE_LINES} == {}


def test_test_files_are_short() -> None:
    tests = sources("tests", "benchmarks", "examples")
    assert {s.name: s.lines for s in tests if s.lines > TEST_FILE_LINES} == {}


def test_functions_are_short() -> None:
    assert _longer_than(FUNCTION_LINES, "services", "shared", "recount") == {}


def test_functions_of_tests_are_short() -> None:
    assert _longer_than(TEST_FUNCTION_LINES, "tests", "benchmarks", "examples") == {}


def _longer_than(limit: int, *folders: str) -> dict[str, int]:
    lengths = {f"{s.name}:{f.lineno} {f.name}": _length(f) for s in sources(*folders) for f in _functions(s)}
    return {name: length for name, length in lengths.items() if length > limit}


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in nodes(source.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end; an explanation at its head costs nothing."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length
