"""What the names of a contract mean, in Chinese and English, and an example of each operation: what the code does not
say itself."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

Words = str | list[str]
"""English alone, where the code has the Chinese; or both, Chinese first."""
Table = Mapping[str, Words]
Exchange = Mapping[str, Any]
"""An example: `path` with query, `sent` and `answer` where they are JSON, `status`."""
EXAMPLES: Final = "examples.json"
"""Beside the table: exchanges by service and name of the operation, `roster_create_people`."""

_ENDING: Final = re.compile(r"(?:In|Out|Fact)?(?:Patch)?$")


@dataclass(frozen=True)
class Vocabulary:
    """`fields`: by name, or `Noun.name` where it means another thing in NounIn, NounOut, NounInPatch, NounFact.
    `operations`: English by name, or `service.name`; their Chinese is the docstring. `tags`: by name; `events`: by
    type. `addresses`: of the installation, by what is there: `token`, where clients obtain one."""

    fields: Table = field(default_factory=dict)
    operations: Table = field(default_factory=dict)
    tags: Table = field(default_factory=dict)
    events: Table = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, Exchange] = field(default_factory=dict)

    def meaning(self, model: str, name: str, stated: str | None = None) -> str:
        """The description of a field; what is `stated` in the code precedes the Chinese of the table."""
        noun = _ENDING.sub("", model)
        return _both(stated, self.fields.get(f"{noun}.{name}") or self.fields.get(name))

    def operation(self, service: str, name: str, stated: str) -> str:
        return _both(stated, self.operations.get(f"{service}.{name}") or self.operations.get(name))

    def example(self, service: str, name: str) -> Exchange:
        """Empty where there is none; a test holds that each operation has one."""
        return self.examples.get(f"{service}_{name}", {})

    def tag(self, name: str) -> str:
        return _both(None, self.tags.get(name))

    def event(self, type: str) -> str:
        return _both(None, self.events.get(type))

    def address(self, name: str) -> str:
        """Empty where the installation has none."""
        return self.addresses.get(name, "")


@cache
def vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a TOML file, which several services may share."""
    examples = path.with_name(EXAMPLES)
    recorded = json.loads(examples.read_text("utf-8")) if examples.exists() else {}
    return Vocabulary(**tomllib.loads(path.read_text("utf-8")), examples=recorded)


def _both(stated: str | None, words: Words | None) -> str:
    """Chinese, an empty line, English. What neither code nor table has is left out; a test holds that nothing is."""
    chinese, english = words if isinstance(words, list) else ("", words or "")
    return bilingual(stated or chinese, english)


def bilingual(chinese: str, english: str) -> str:
    return "\n\n".join(text for text in (chinese, english) if text)


def describe_fields(schema: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of a model, whose title is the name of its class, with all its fields described."""
    if not isinstance(properties := schema.get("properties"), dict):
        return schema
    described = {
        name: declared | ({"description": text} if text else {})
        for name, declared in properties.items()
        for text in [vocabulary.meaning(schema.get("title", ""), name, declared.get("description"))]
    }
    return {**schema, "properties": described}
