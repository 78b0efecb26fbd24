"""The ledgers of `ledgers.toml`, which says where each form was seen."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ledger:
    """A ledger: rows from the first, merged areas, and what is expected: columns by sheet, and records by sheet."""

    name: str
    source: str
    rows: Sequence[Sequence[Any]]
    into: Mapping[str, Mapping[str, str]]
    records: Mapping[str, int]
    page: str = "Sheet1"
    merged: Sequence[str] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


LEDGERS = tuple(
    Ledger(**ledger)
    for ledger in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["ledger"]
)
ROSTERS = LEDGERS[:5]
