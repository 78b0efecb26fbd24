"""The OpenAPI 3.1 document of an Api, written from its operations."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from shared.envelope import BATCH_CONTENT_TYPE, Event
from shared.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    Problem,
    Stale,
    TooLarge,
    Unauthenticated,
    Unsupported,
)
from shared.errors import Invalid as InvalidInput
from shared.http.api import Api
from shared.http.bodies import FORM
from shared.http.call import Upload
from shared.http.examples import add_example
from shared.http.operation import Operation
from shared.http.parameters import Schema, parameters_of
from shared.http.problems import PROBLEM, ProblemOut
from shared.http.vocabulary import Vocabulary, bilingual, describe_fields

REF: Final = "#/components/schemas/{model}"
JSON: Final = "application/json"
HTML: Final = "text/html"
WEB_FORM: Final = "application/x-www-form-urlencoded"
Key = tuple[str, str]
EVENTS: Final[Key] = ("", "events")
Document = dict[str, Any]

_ANSWERS: Final[Mapping[int, tuple[str, str]]] = {
    200: ("成功", "Success"),
    201: ("已建立", "Created"),
    202: ("已受理", "Accepted"),
    204: ("成功，无内容", "Success, without content"),
    308: ("移到 Location 所指的地址", "Moved to the address in Location"),
}
_LOCATION: Final = bilingual("新记录的地址", "Address of the new record")
_MOVED: Final = bilingual("另一处的地址", "Address of the other place")
_ETAG: Final = bilingual('记录的版本，如 "3"', 'Version of the record, such as "3"')
_FILE: Final = bilingual("文件的内容", "Content of the file")
_BEARER: Final = bilingual(
    "访问令牌，登录或者凭程序的凭证取得", "Access token, from a sign-in or the credentials of a client"
)
_INFO: Final = bilingual(
    "除注明公开的以外，请求须带 Authorization: Bearer 令牌；错误一律为 application/problem+json（RFC 9457）。",
    "Requests carry a bearer token unless declared public; errors are application/problem+json (RFC 9457).",
)
CONTACT: Final = {"name": "系统管理员 · Administrator of the installation"}
LICENSE: Final = {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}


def as_text(described: Mapping[str, Any]) -> str:
    """A document as it is shipped and served."""
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def document(api: Api) -> Document:
    """The OpenAPI 3.1 document. A model whose input and output schemas differ appears once for each."""
    schemas = _Schemas(api)
    paths: dict[str, Any] = {}
    words = api.vocabulary
    for operation in api.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas, words)
    tags = {operation.tag: words.tag(operation.tag) for operation in api.operations}
    info = {"description": _INFO, "contact": CONTACT, "license": LICENSE}
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": api.version, **info},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text or name} for name, text in tags.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": _BEARER,
                }
            },
        },
    }


class _Schemas:
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
        return self._by_key[EVENTS] if kind == BATCH_CONTENT_TYPE else _file(kind)

    def has(self, operation: Operation, field: str) -> bool:
        """Whether the response is a model with this field."""
        if operation.result is None:
            return False
        schema = self.get(operation, "result")
        return field in self._defs.get(schema.get("$ref", "").rsplit("/", 1)[-1], schema).get(
            "properties", {}
        )

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


def _operation(operation: Operation, schemas: _Schemas, words: Vocabulary) -> dict[str, Any]:
    item: dict[str, Any] = {"operationId": operation.name, "tags": [operation.tag]}
    if operation.summary:
        item["summary"] = operation.summary
        item["description"] = words.operation(operation.service, operation.name, operation.summary)
    query = schemas.inline(operation, "query") if operation.query is not None else {}
    if parameters := parameters_of(operation, query, words):
        item["parameters"] = parameters
    if operation.body is not None:
        item["requestBody"] = _request_body(operation, schemas)
    if operation.form is not None:
        item["requestBody"] = {
            "required": True,
            "content": {WEB_FORM: {"schema": schemas.get(operation, "form")}},
        }
    item["responses"] = {**_success(operation, schemas), **_refusals(operation, schemas)}
    item["security"] = [] if operation.public else [{"bearer": []}]
    item["x-roles"] = sorted(operation.roles)
    if operation.deprecated_on is not None:
        item["deprecated"] = True
    add_example(item, operation.path, words.example(operation.service, operation.name))
    return item


def _request_body(operation: Operation, schemas: _Schemas) -> Schema:
    if operation.body is Upload:
        form = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary", "description": _FILE}},
        }
        raw = {kind: {"schema": _file(kind)} for kind in operation.accepts or ("application/octet-stream",)}
        return {"required": True, "content": {FORM: {"schema": form}, **raw}}
    required = any(field.is_required() for field in _model(operation).model_fields.values())
    return {"required": required, "content": {JSON: {"schema": schemas.get(operation, "body")}}}


def _model(operation: Operation) -> type[BaseModel]:
    assert operation.body is not None
    model: type[BaseModel] = operation.body
    return model


def _success(operation: Operation, schemas: _Schemas) -> Schema:
    described: Schema = {"description": bilingual(*_ANSWERS.get(operation.status, _ANSWERS[200]))}
    content: Schema = {kind: {"schema": schemas.file(kind)} for kind in operation.produces}
    if operation.result is not None:
        content = {JSON: {"schema": schemas.get(operation, "result")}, **content}
    if content:
        described["content"] = content
    headers: Schema = {}
    if operation.status == 201 and schemas.has(operation, "id"):
        headers["Location"] = {"description": _LOCATION, "schema": {"type": "string"}}
    if operation.status == 308:
        headers["Location"] = {"description": _MOVED, "schema": {"type": "string"}}
    if operation.versioned and schemas.has(operation, "version"):
        headers["ETag"] = {"description": _ETAG, "schema": {"type": "string"}}
    if headers:
        described["headers"] = headers
    empty = operation.result is None and not operation.produces and operation.status == 200
    answers = {"204" if empty else str(operation.status): described}
    if operation.creates:
        answers["201"] = {**described, "description": bilingual(*_ANSWERS[201])}
    return answers


def _file(kind: str) -> Schema:
    if kind.endswith("+json"):
        return {"type": "object"}
    return {"type": "string"} if kind.startswith("text/") else {"type": "string", "format": "binary"}


def _refusals(operation: Operation, schemas: _Schemas) -> Schema:
    kinds: set[type[Problem]] = {*operation.problems, Malformed}
    if not operation.public:
        kinds |= {Unauthenticated, Forbidden}
    if operation.variables:
        kinds.add(NotFound)
    if operation.query is not None or operation.body is not None:
        kinds.add(InvalidInput)
    if operation.body is not None:
        kinds |= {TooLarge, Unsupported}
    if operation.guarded:
        kinds.add(Stale)
    if operation.commits and operation.method == "POST":
        kinds.add(Conflict)
    content = {JSON: {"schema": schemas.get(operation, "refusal")}} if operation.refusal is not None else {}
    content[PROBLEM] = {"schema": schemas.problem()}
    if any(kind.startswith(HTML) for kind in operation.produces):  # a page says itself what is wrong
        content[HTML] = {"schema": _file(HTML)}
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in sorted(kinds, key=lambda k: (k.kind.value, k.slug)):
        by_status.setdefault(kind.kind.value, []).append(kind)
    return {
        str(status): {
            "description": bilingual(
                "；".join(f"{k.title}（{k.slug}）" for k in kinds),
                f"{HTTPStatus(status).phrase}: {', '.join(k.slug for k in kinds)}",
            ),
            "content": content,
        }
        for status, kinds in by_status.items()
    }
