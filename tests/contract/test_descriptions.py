"""Everything in the contract says in Chinese and English what it is; the table holds nothing that nobody uses."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.host.contract import openapi
from services.roster.app import DESCRIPTIONS
from shared.http import Api
from shared.http.vocabulary import Vocabulary, Words, vocabulary
from shared.process.asyncapi import asyncapi
from tests.contract.documents import DOCUMENTS, SERVICES, described

HAN, ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")
NAMED = ("operations", "channels", "messages", "headers", "securitySchemes")
"""Members of a document that hold described things by name."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_is_described_in_both_languages(name: str) -> None:
    missing = sorted({where for where, text in _to_describe(described(name), "") if not _bilingual(text)})
    assert missing == [], (
        "add these to services/descriptions.toml: [fields] by name or Noun.name, [operations] by name, [tags], [events]"
    )


def test_the_table_holds_nothing_unused() -> None:
    table, used = vocabulary(DESCRIPTIONS), set[str]()
    parts = {part: entries for part, entries in vars(table).items() if part != "examples"}
    recording = Vocabulary(**{part: _Recording(part, entries, used) for part, entries in parts.items()})  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Api, "vocabulary", recording)
        openapi(list(SERVICES.values()))
        asyncapi(list(SERVICES.values()))
    unused = {f"{part}.{key}" for part, entries in parts.items() for key in entries} - used
    assert unused == set(), "services/descriptions.toml: remove what no contract has"


def test_a_field_is_described_by_its_noun_its_name_or_the_code() -> None:
    words = Vocabulary(fields={"on": ["日期", "Day"], "Task.on": ["到期日", "Due day"], "q": "Words"})
    assert words.meaning("Plan", "on") == "日期\n\nDay"
    for schema in ("Task", "TaskIn", "TaskOut", "TaskInPatch", "TaskPatch", "TaskFact"):
        assert words.meaning(schema, "on") == "到期日\n\nDue day"
    assert words.meaning("Plan", "q", "字词") == "字词\n\nWords"
    assert words.meaning("Plan", "unknown") == ""


class _Recording(dict[str, Words]):
    """Entries of one part of the table that notes which were asked for and there."""

    def __init__(self, part: str, entries: dict[str, Words], used: set[str]) -> None:
        super().__init__(entries)
        self._part, self._used = part, used

    def get(self, key: str, default: Any = None) -> Any:
        if key in self:
            self._used.add(f"{self._part}.{key}")
        return super().get(key, default)


def _to_describe(node: Any, where: str) -> Iterator[tuple[str, str]]:
    """Whatever in a document is to be described: its place, and its description."""
    if isinstance(node, list):
        for item in node:
            if (isinstance(item, dict) and "in" in item) or (
                isinstance(item, dict) and where.endswith("tags")
            ):
                yield f"{where} {item['name']}", item.get("description", "")
            yield from _to_describe(item, where)
    if not isinstance(node, dict):
        return
    if "operationId" in node:
        where = str(node["operationId"])
        yield where, node.get("description", "")
    for key, value in node.items():
        if key in ("properties", "responses", *NAMED) and isinstance(value, dict):
            for name, entry in value.items():
                if isinstance(entry, dict) and ("$ref" not in entry or key == "properties"):
                    yield f"{where} {name}", entry.get("description", "")
        yield from _to_describe(value, f"{where}.{key}" if where.count(".") < 4 else where)


def _bilingual(text: str) -> bool:
    chinese, _, english = text.partition("\n\n")
    return bool(HAN.search(chinese)) and bool(ENGLISH.search(english)) and not HAN.search(english[:1])
