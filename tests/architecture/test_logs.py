"""A log line quotes no error: what of an error may be written is decided in one place, `shared.observability.logs`."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import nodes, sources

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
QUOTING = {
    "repr",
    "str",
    "ascii",
    "format",
    "format_map",
    "format_exc",
    "format_exception",
    "format_exception_only",
}
HARMLESS = {"type", "faults"}
"""What may be called with an error: `faults` names places and no values."""
SLUG = "slug"


def test_no_log_line_quotes_an_error() -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources("services", "shared")
        for call in _quoting(source.tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "log.warning('waits', reason=repr(error)[:200])",
        "log.warning('waits', reason=str(error))",
        "log.warning(f'waits {error}')",
        "log.warning('waits', reason='%s' % error)",
        "log.warning('waits', reason=error.args)",
        "log.warning('waits', told=''.join(traceback.format_exception(error)))",
        "log.warning('waits', about=(error.detail,))",
    ],
)
def test_a_line_that_quotes_is_found(line: str) -> None:
    assert list(_quoting(_handled(line)))


@pytest.mark.parametrize(
    "line",
    [
        "log.warning('waits', reason=error, exc_info=error)",
        "log.warning('waits', reason=type(error).__name__)",
        "log.exception('fault', route=route)",
        "log.info('erased', subject=f'opinion/{opinion.id}', code=error.slug)",
    ],
)
def test_a_line_that_does_not_is_left_alone(line: str) -> None:
    assert not list(_quoting(_handled(line)))


def _handled(line: str) -> ast.Module:
    return ast.parse(f"try:\n    pass\nexcept Exception as error:\n    {line}")


def _quoting(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of a logger with an error but as a whole value, or with a text made on the way."""
    caught = {node.name for node in nodes(tree) if isinstance(node, ast.ExceptHandler)}
    for call in nodes(tree):
        if not isinstance(call, ast.Call) or not _logs(call):
            continue
        values = [*call.args, *(each.value for each in call.keywords)]
        if any(_quotes(value, caught) for value in values if not _is(value, caught)):
            yield call


def _logs(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in LEVELS
        and isinstance(function.value, ast.Name)
        and function.value.id in {"log", "logger", "logging"}
    )


def _is(value: ast.expr, caught: set[str | None]) -> bool:
    return isinstance(value, ast.Name) and value.id in caught


def _quotes(value: ast.AST, caught: set[str | None]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in caught
    if isinstance(value, ast.Attribute) and value.attr == SLUG:
        return False
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        if name in QUOTING:
            return True
        if name in HARMLESS:
            return False
    return any(_quotes(child, caught) for child in ast.iter_child_nodes(value))
