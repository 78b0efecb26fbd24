"""Parameters of an operation in its OpenAPI document: of the path, of the query, and headers."""

from collections.abc import Iterator
from typing import Any, Final

from shared.http.operation import Operation, shape
from shared.http.received import AFTER
from shared.http.vocabulary import Vocabulary, bilingual

Schema = dict[str, Any]
EVENT_STREAM: Final = "text/event-stream"

_TAGS: Final = r'^(\*|[0-9]+|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'
_MATCH: Final = bilingual(
    '只在记录仍是此版本时修改，如 "3"', 'Changed only while the record has this version, such as "3"'
)
_NONE_MATCH: Final = bilingual(
    "ETag 仍是此值则答复 304，不再发送内容", "Answered 304, without content, where the ETag is still this"
)
_LAST_EVENT: Final = bilingual(
    "接着推送：收到的最后一个 id，先于 after；只用于 text/event-stream",
    "Where a stream goes on: the last id received, before after; for text/event-stream alone",
)
_KEY: Final = bilingual(
    "同一个键重发同一请求，得到原来的答复", "The same request with the same key gets the first answer"
)
_AFTER: Final = bilingual(
    "先等本服务收到另一服务的这个末号（服务=末号）；未收到则答复 503",
    "Waits until this service has received that sequence of another one (service=sequence); 503 where it does not come",
)


def parameters_of(operation: Operation, query: Schema, words: Vocabulary) -> list[Schema]:
    """`query`: the schema of its query, empty where it has none."""
    return [
        *_path_parameters(operation, words),
        *_query_parameters(query),
        *_header_parameters(operation),
    ]


def _path_parameters(operation: Operation, words: Vocabulary) -> Iterator[Schema]:
    for name in operation.variables:
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": words.meaning("", name) or name,
            "schema": {"type": "string", "pattern": f"^{shape(name)}$"},
        }


def _query_parameters(query_schema: Schema) -> Iterator[Schema]:
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
        yield _header("If-Match", _MATCH, pattern=_TAGS)
    if operation.revalidated:  # what is no entity tag matches none, and is not refused
        yield _header("If-None-Match", _NONE_MATCH)
    if EVENT_STREAM in operation.produces:
        yield _header("Last-Event-ID", _LAST_EVENT)
    if operation.repeatable:
        yield _header("Idempotency-Key", _KEY, pattern="^[!-~]+$", minLength=1, maxLength=255)
    if "{town}" in operation.path:
        yield _header(AFTER, _AFTER)


def _header(name: str, description: str, **limits: int | str) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"} | limits,
    }
