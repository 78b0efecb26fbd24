"""The OpenAPI 3.1 document of an Api, written from its operations."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from shared.envelope import BATCH_CONTENT_TYPE
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
from shared.http.operation import Operation, shape
from shared.http.problems import PROBLEM, ProblemOut
from shared.http.received import AFTER
from shared.http.vocabulary import Vocabulary, bilingual, describe_fields

REF: Final = "#/components/schemas/{model}"
JSON: Final = "application/json"
Key = tuple[str, str]
Schema = dict[str, Any]
Document = dict[str, Any]

_ANSWERS: Final[Mapping[int, tuple[str, str]]] = {
    200: ("成功", "Success"),
    201: ("已建立", "Created"),
    202: ("已受理", "Accepted"),
    204: ("成功，无内容", "Success, without content"),
}
_MATCH: Final = bilingual(
    '只在记录仍是此版本时修改，如 "3"', 'Changed only while the record has this version, such as "3"'
)
_KEY: Final = bilingual(
    "同一个键重发同一请求，得到原来的答复", "The same request with the same key gets the first answer"
)
_AFTER: Final = bilingual(
    "先等本服务收到另一服务的这个末号（服务=末号）；未收到则答复 503",
    "Waits until this service has received that sequence of another one (service=sequence); 503 where it does not come",
)
_LOCATION: Final = bilingual("新记录的地址", "Address of the new record")
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
        for operation in api.operations:
            for part, model in (("query", operation.query), ("body", operation.body)):
                if model is not None and model is not Upload:
                    requested.append(((operation.name, part), "validation", TypeAdapter(model)))
            if operation.result is not None:
                requested.append(((operation.name, "result"), "serialization", operation.result))
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
    parameters = [
        *_path_parameters(operation, words),
        *_query_parameters(operation, schemas),
        *_header_parameters(operation),
    ]
    if parameters:
        item["parameters"] = parameters
    if operation.body is not None:
        item["requestBody"] = _request_body(operation, schemas)
    item["responses"] = {**_success(operation, schemas), **_refusals(operation, schemas)}
    item["security"] = [] if operation.public else [{"bearer": []}]
    item["x-roles"] = sorted(operation.roles)
    return item


def _path_parameters(operation: Operation, words: Vocabulary) -> Iterator[Schema]:
    for name in operation.variables:
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": words.meaning("", name) or name,
            "schema": {"type": "string", "pattern": f"^{shape(name)}$"},
        }


def _query_parameters(operation: Operation, schemas: _Schemas) -> Iterator[Schema]:
    if operation.query is None:
        return
    query_schema = schemas.inline(operation, "query")
    for name, declared in query_schema.get("properties", {}).items():
        schema_of_parameter = _without_null(declared)
        description = schema_of_parameter.pop("description", None)
        schema_of_parameter.pop("title", None)
        parameter = {
            "name": name,
            "in": "query",
            "required": name in query_schema.get("required", ()),
            "schema": schema_of_parameter,
        }
        yield parameter | ({"description": description} if description else {})


def _without_null(declared: Schema) -> Schema:
    """The schema without null, which a query string cannot express."""
    kept = [choice for choice in declared.get("anyOf", ()) if choice != {"type": "null"}]
    plain = {key: value for key, value in declared.items() if not (key == "default" and value is None)}
    if len(kept) == 1:
        del plain["anyOf"]
        return {**kept[0], **plain}
    if kept:
        plain["anyOf"] = kept
    return plain


def _header_parameters(operation: Operation) -> Iterator[Schema]:
    if operation.guarded:
        yield _header("If-Match", _MATCH)
    if operation.commits and operation.method == "POST":
        yield _header("Idempotency-Key", _KEY, minLength=1, maxLength=255)
    if "{town}" in operation.path:
        yield _header(AFTER, _AFTER)


def _header(name: str, description: str, **limits: int) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"} | limits,
    }


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
    content: Schema = {kind: {"schema": _file(kind)} for kind in operation.produces}
    if operation.result is not None:
        content = {JSON: {"schema": schemas.get(operation, "result")}, **content}
    if content:
        described["content"] = content
    headers: Schema = {}
    if operation.status == 201 and schemas.has(operation, "id"):
        headers["Location"] = {"description": _LOCATION, "schema": {"type": "string"}}
    if operation.versioned and schemas.has(operation, "version"):
        headers["ETag"] = {"description": _ETAG, "schema": {"type": "string"}}
    if headers:
        described["headers"] = headers
    empty = operation.result is None and not operation.produces and operation.status == 200
    return {"204" if empty else str(operation.status): described}


def _file(kind: str) -> Schema:
    """The schema of content that is no model: a text, the events of a feed, or bytes."""
    if kind == BATCH_CONTENT_TYPE:
        return {"type": "array", "items": {"type": "object"}}
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
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in sorted(kinds, key=lambda k: (k.kind.value, k.slug)):
        by_status.setdefault(kind.kind.value, []).append(kind)
    return {
        str(status): {
            "description": bilingual(
                "；".join(f"{k.title}（{k.slug}）" for k in kinds),
                f"{HTTPStatus(status).phrase}: {', '.join(k.slug for k in kinds)}",
            ),
            "content": {PROBLEM: {"schema": schemas.problem()}},
        }
        for status, kinds in by_status.items()
    }
