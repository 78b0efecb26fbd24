"""Examples of the contract: whether an exchange fits its operation, and which of two shows more."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.architecture.sources import ROOT

FILE: Final = ROOT / "services" / "examples.json"
ROOM: Final = 1600
"""Characters of an example. Of what fits in, the longest shows most; of what does not, the shortest is kept."""
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
EVENTS: Final = "application/cloudevents-batch+json"
Node = dict[str, Any]
Exchange = dict[str, Any]
"""`path` with query, `sent` and `answer` where they are JSON, `status`."""


def kept() -> dict[str, Exchange]:
    """The examples in the file, by operationId of the merged document."""
    examples: dict[str, Exchange] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return examples


def keep(examples: Mapping[str, Exchange]) -> None:
    FILE.write_text(json.dumps(dict(sorted(examples.items())), ensure_ascii=False, indent=1) + "\n", "utf-8")


class Contract:
    """The merged document, by which exchanges are recognised and checked."""

    def __init__(self, document: Node) -> None:
        self._schemas = {"components": document["components"]}
        self.operations: dict[str, tuple[str, str, Node]] = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }
        # Fixed words go before variables, as `people/duplicates` before `people/{id}`.
        by_generality = sorted(
            self.operations, key=lambda name: [p.startswith("{") for p in self.operations[name][1].split("/")]
        )
        self._forms = [
            (name, self.operations[name][0], form_of(self.operations[name][1])) for name in by_generality
        ]

    def name(self, method: str, path: str) -> str | None:
        """The operation that a request asks for."""
        return next((n for n, known, form in self._forms if known == method and form.fullmatch(path)), None)

    def misfits(self, name: str, exchange: Exchange) -> Iterator[str]:
        """Why an exchange is no example of the operation as it is now."""
        _, path, operation = self.operations[name]
        if not form_of(path).fullmatch(exchange["path"].partition("?")[0]):
            yield f"{exchange['path']} is not {path}"
        answer = operation["responses"].get(str(exchange["status"]))
        if answer is None:
            yield f"{exchange['status']} is not declared"
            return
        yield from self._part(operation.get("requestBody", {}), exchange, "sent")
        yield from self._part(answer, exchange, "answer")

    def _part(self, declared: Node, exchange: Exchange, part: str) -> Iterator[str]:
        from jsonschema import Draft202012Validator

        schema = shown(declared)
        is_needed = declared.get("required", part == "answer") and not _may_be_a_page(declared)
        if schema is None or (part not in exchange and not is_needed):
            return
        if part not in exchange:
            yield f"{part} is missing"
            return
        for error in Draft202012Validator(schema | self._schemas).iter_errors(exchange[part]):
            yield f"{part} {error.json_path}: {error.message[:200]}"


def _may_be_a_page(declared: Node) -> bool:
    """Whether there is content besides that which an example shows."""
    return any(kind not in (JSON, EVENTS, FORM) for kind in declared.get("content", {}))


def form_of(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z_]+\\\}", "[^/:?]+", re.escape(path)))


def shown(declared: Node) -> Node | None:
    """The schema of the content that an example shows: JSON, events, or a form."""
    content = declared.get("content", {})
    schema: Node | None = next(
        (content[kind]["schema"] for kind in (JSON, EVENTS, FORM) if kind in content), None
    )
    return schema


def better(new: Exchange, old: Exchange | None) -> bool:
    if old is None:
        return True
    ours, theirs = (len(json.dumps(one, ensure_ascii=False)) for one in (new, old))
    if (ours <= ROOM) != (theirs <= ROOM):
        return ours <= ROOM
    return ours > theirs if ours <= ROOM else ours < theirs
