"""JSON Schemas of the models of an Api, as its OpenAPI document has them."""

from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from shared.envelope import BATCH_CONTENT_TYPE, Event
from shared.http.api import Api
from shared.http.call import Upload
from shared.http.operation import Operation
from shared.http.parameters import Schema
from shared.http.problems import ProblemOut
from shared.http.vocabulary import describe_fields

REF: Final = "#/components/schemas/{model}"
Key = tuple[str, str]
EVENTS: Final[Key] = ("", "events")


class Schemas:
    """JSON Schemas of all bodies, queries and responses, generated together so that they share definitions."""

    def __init__(self, api: Api) -> None:
        requested: list[tuple[Key, JsonSchemaMode, TypeAdapter[Any]]] = [
            (("", "problem"), "serialization", TypeAdapter(ProblemOut))
        ]
        if any(BATCH_CONTENT_TYPE in operation.produces for operation in api.operations):
            requested.append((EVENTS, "serialization", TypeAdapter(list[Event])))
        for operation in api.operations:
            for part, model in (
                ("query", operation.query),
                ("body", operation.body),
                ("form", operation.form),
            ):
                if model is not None and model is not Upload:
                    requested.append(((operation.name, part), "validation", TypeAdapter(model)))
            if operation.result is not None:
                requested.append(((operation.name, "result"), "serialization", operation.result))
            if operation.refusal is not None:
                requested.append(
                    ((operation.name, "refusal"), "serialization", TypeAdapter(operation.refusal))
                )
        generated, definitions = TypeAdapter.json_schemas(requested, ref_template=REF)
        self._by_key: dict[Key, Schema] = {
            key: describe_fields(schema, api.vocabulary) for (key, _), schema in generated.items()
        }
        self._defs: dict[str, Schema] = {
            name: describe_fields(schema, api.vocabulary)
            for name, schema in definitions.get("$defs", {}).items()
        }
        self._inlined: set[str] = set()

    def get(self, operation: Operation, part: str) -> Schema:
        return self._by_key[operation.name, part]

    def problem(self) -> Schema:
        return self._by_key["", "problem"]

    def file(self, kind: str) -> Schema:
        """The schema of content that no handler returns as a model: the events of a feed, a text, or bytes."""
        return self._by_key[EVENTS] if kind == BATCH_CONTENT_TYPE else file_schema(kind)

    def has(self, operation: Operation, field: str) -> bool:
        """Whether the response is a model with this field."""
        if operation.result is None:
            return False
        schema = self.get(operation, "result")
        return field in self._defs.get(schema.get("$ref", "").rsplit("/", 1)[-1], schema).get(
            "properties", {}
        )

    def tagged(self, operation: Operation) -> bool:
        """Whether the response has an entity tag: of the record's version, or one that the handler sets."""
        return operation.tagged or (operation.versioned and self.has(operation, "version"))

    def inline(self, operation: Operation, part: str) -> Schema:
        """The schema itself instead of a reference, because queries are written as parameters."""
        schema = self.get(operation, part)
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            self._inlined.add(name)
            schema = self._defs[name]
        return schema

    def components(self) -> dict[str, Schema]:
        return {name: schema for name, schema in sorted(self._defs.items()) if name not in self._inlined}


def file_schema(kind: str) -> Schema:
    """The schema of content of this type that no model describes."""
    if kind.endswith("+json"):
        return {"type": "object"}
    return {"type": "string"} if kind.startswith("text/") else {"type": "string", "format": "binary"}
