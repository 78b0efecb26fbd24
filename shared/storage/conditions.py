"""Conditions of a query, evaluated on documents that are not stored yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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


def wanted_value(conditions: Sequence[Condition]) -> tuple[str, str | int] | None:
    """The field and the text or number of the first condition that a field equals one, or holds it in its list."""
    equalities = ((path, operand) for path, test, operand in conditions if test is _equal)
    return next(((path, operand) for path, operand in equalities if isinstance(operand, str | int)), None)


def values_at(document: Mapping[str, Any], path: str) -> Iterable[str | int]:
    """The texts and numbers that a field equals, or holds in its list."""
    value = document.get(path)
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str | int)]


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
