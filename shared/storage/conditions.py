"""Conditions of a query, evaluated on documents that are not stored yet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Condition = tuple[str, Callable[[Any, Any], bool], Any]


def conditions_of(query: Mapping[str, Any]) -> list[Condition]:
    """The conditions of a query on pending documents: field, test, operand. Errors: ValueError for others."""
    tests = [
        (path, operator, operand)
        for path, wanted in query.items()
        for operator, operand in (wanted if isinstance(wanted, Mapping) else {"$eq": wanted}).items()
    ]
    unknown = [path for path in query if path.startswith("$") or "." in path]
    unknown += [operator for _, operator, _ in tests if operator not in _TESTS]
    if unknown:
        raise ValueError(f"a unit of work cannot search by {', '.join(unknown)}")
    return [(path, _TESTS[operator], operand) for path, operator, operand in tests]


def matches(document: Mapping[str, Any], conditions: Sequence[Condition]) -> bool:
    for path, test, operand in conditions:  # noqa: SIM110 - imports spend half their time here
        if not test(document.get(path), operand):
            return False
    return True


def _equal(value: Any, operand: Any) -> bool:
    return bool(value == operand) or (isinstance(value, list) and operand in value)


_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "$eq": _equal,
    "$ne": lambda value, operand: not _equal(value, operand),
    "$in": lambda value, operand: any(_equal(value, choice) for choice in operand),
    "$nin": lambda value, operand: not any(_equal(value, choice) for choice in operand),
    "$lt": lambda value, operand: value is not None and value < operand,
    "$lte": lambda value, operand: value is not None and value <= operand,
    "$gt": lambda value, operand: value is not None and value > operand,
    "$gte": lambda value, operand: value is not None and value >= operand,
}
