"""Which rows are not to blame: those that refer to a row of the same workbook which is wrong itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Final, Protocol

from shared.chinese.characters import key
from shared.workbook.model import Row, Workbook
from shared.workbook.reports import Complaint, Outcome

_UNKNOWN: Final = object()
"""A part of a key whose cell could not be read."""


class Result(Protocol):
    """What became of a row; as in `importing`."""

    row: Row
    complaints: dict[str, Complaint]
    unresolved: dict[str, tuple[tuple[Any, ...], Complaint]]

    @property
    def outcome(self) -> Outcome: ...


class Faulty:
    """Keys of the rows that were not applied, by sheet."""

    def __init__(self, read: Workbook) -> None:
        self._read = read
        self._keys: dict[str, dict[int, tuple[Any, ...]]] = {}
        for row in read:
            if not read.sound(row):
                self._add(row)

    def settle(self, results: Iterable[Result]) -> None:
        """Decide what was unresolved in the rows of a sheet, and remember which of its rows were not applied."""
        kept = list(results)
        blamed = self._to_blame(kept)
        for result in kept:
            for reference, complaint in result.unresolved.values():
                if reference in blamed:
                    result.complaints.setdefault(complaint.cell, complaint)
            if result.outcome in ("wrong", "waiting"):
                self._add(result.row)

    def _to_blame(self, results: Iterable[Result]) -> set[tuple[Any, ...]]:
        """References that no wrong row explains. A row without a readable key explains one."""
        missing = _by_sheet(refers for result in results for refers, _ in result.unresolved.values())
        blamed: set[tuple[Any, ...]] = set()
        for sheet, references in missing.items():
            keys = list(self._keys.get(sheet, {}).values())
            nameless = sum(all(part is _UNKNOWN for part in parts) for parts in keys)
            explained = _Explained(keys)
            open_ones = {refers for refers in references if refers[1:] not in explained}
            if len(open_ones) > nameless:
                blamed |= open_ones
        return blamed

    def _add(self, row: Row) -> None:
        sheet = self._read.sheets[row.sheet]
        parts = tuple(_UNKNOWN if name in row.unfit else _same(row[name]) for name in sheet.key)
        if parts:
            self._keys.setdefault(row.sheet, {})[row.number] = parts


def _by_sheet(references: Iterable[tuple[Any, ...]]) -> dict[str, set[tuple[Any, ...]]]:
    found: dict[str, set[tuple[Any, ...]]] = {}
    for refers in references:
        found.setdefault(refers[0], set()).add(refers)
    return found


class _Explained:
    """Keys, or first parts of keys, that one of these may be: all parts of it that are known are equal."""

    def __init__(self, keys: Iterable[tuple[Any, ...]]) -> None:
        self._whole: set[tuple[Any, ...]] = set()
        self._partly: list[tuple[Any, ...]] = []
        for parts in keys:
            if _UNKNOWN in parts:
                self._partly.append(parts)
            else:
                self._whole.update(parts[:length] for length in range(1, len(parts) + 1))

    def __contains__(self, wanted: tuple[Any, ...]) -> bool:
        wanted = tuple(map(_same, wanted))
        return wanted in self._whole or any(_may_be(wanted, parts) for parts in self._partly)


def _may_be(wanted: tuple[Any, ...], parts: tuple[Any, ...]) -> bool:
    pairs = [(one, other) for one, other in zip(wanted, parts, strict=False) if other is not _UNKNOWN]
    return bool(pairs) and all(one == other for one, other in pairs)


def _same(value: Any) -> Any:
    """A part of a key for comparison; what cannot be seen in a name is a problem of its own row."""
    if not isinstance(value, str):
        return value
    return key("".join(character for character in value if unicodedata.category(character) != "Cf"))
