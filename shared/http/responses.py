"""Responses of an operation in its OpenAPI document, with their headers; what many have alike is a component."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from shared.envelope import BATCH_CONTENT_TYPE
from shared.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsupported,
)
from shared.http.operation import Operation
from shared.http.parameters import Schema
from shared.http.problems import PROBLEM
from shared.http.received import NotReceivedYet
from shared.http.schemas import Schemas, file_schema
from shared.http.vocabulary import bilingual

JSON: Final = "application/json"
HTML: Final = "text/html"
Kinds = frozenset[type[Problem]]

_ANSWERS: Final[Mapping[int, tuple[str, str]]] = {
    200: ("成功", "Success"),
    201: ("已建立", "Created"),
    202: ("已受理", "Accepted"),
    204: ("成功，无内容", "Success, without content"),
    308: ("移到 Location 所指的地址", "Moved to the address in Location"),
}
_UNCHANGED: Final = bilingual(
    "与 If-None-Match 所说的一样，不再发送", "As If-None-Match has it; not sent again"
)
_MOVED: Final = bilingual("另一处的地址", "Address of the other place")
_HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    "Location": ("新记录的地址", "Address of the new record"),
    "ETag": (
        '记录的版本，如 "3"；或者内容的摘要',
        'Version of the record, such as "3", or a digest of the content',
    ),
    "Link": (
        "下一页的地址，rel=next（RFC 8288）：从这里继续读",
        "Address of the next page, rel=next (RFC 8288): where to go on",
    ),
    "Idempotent-Replayed": (
        "true 表示这是同一个 Idempotency-Key 原来的答复",
        "true where this is the first answer to the same Idempotency-Key",
    ),
    "Deprecation": ("从何时起不宜再用（RFC 9745）", "Since when it is not to be used any more (RFC 9745)"),
    "Sunset": ("从何时起可能不再提供（RFC 8594）", "From when on it may be gone (RFC 8594)"),
    "Retry-After": ("几秒以后再试", "Seconds after which to try again"),
    "RateLimit": (
        "程序：这一分钟还剩几次（r），几秒以后重新计数（t）",
        "To a client: requests left in this window (r), and seconds until the next one (t)",
    ),
    "RateLimit-Policy": (
        "程序：多少秒内（w）每个进程最多几次（q）",
        "To a client: requests (q) that a process takes from it within a window of w seconds",
    ),
    "X-Request-Id": (
        "请求的编号；请求中有的照用，报告问题时请附上",
        "Id of the request, the caller's own where it sent one; quote it when reporting a problem",
    ),
}
_EVERYWHERE: Final = ("X-Request-Id",)
_COUNTED: Final = ("RateLimit", "RateLimit-Policy")
_WAITING: Final = frozenset({TooMany.kind, Unavailable.kind})
_COMMON: Final[Kinds] = frozenset(
    {
        *(Malformed, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Unsupported, Invalid),
        *(TooMany, Unavailable, NotReceivedYet),
    }
)
"""What any service may refuse. A response of these alone is a component, so that each is written once."""


class Responses:
    """Writes responses, and keeps the components that they refer to."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._shared: dict[str, Schema] = {}
        self._headers: set[str] = set()

    def of(self, operation: Operation) -> Schema:
        return {**self._successes(operation), **self._refusals(operation)}

    def components(self) -> dict[str, dict[str, Schema]]:
        headers = {name: _header(name) for name in sorted(self._headers)}
        return {"responses": dict(sorted(self._shared.items())), "headers": headers}

    def _successes(self, operation: Operation) -> Schema:
        described: Schema = {"description": bilingual(*_ANSWERS.get(operation.status, _ANSWERS[200]))}
        content: Schema = {kind: {"schema": self._schemas.file(kind)} for kind in operation.produces}
        if operation.result is not None:
            content = {JSON: {"schema": self._schemas.get(operation, "result")}, **content}
        if content:
            described["content"] = content
        described["headers"] = self._headers_of(operation)
        empty = operation.result is None and not operation.produces and operation.status == 200
        answers = {"204" if empty else str(operation.status): described}
        if operation.creates:
            answers["201"] = {**described, "description": bilingual(*_ANSWERS[201])}
        if operation.revalidated:
            answers["304"] = self._component("NotModified", _UNCHANGED, ("ETag", *_EVERYWHERE, *_COUNTED))
        return answers

    def _headers_of(self, operation: Operation) -> Schema:
        """The headers of a success."""
        schemas = self._schemas
        names = [
            *["Location"] * (operation.status == 201 and schemas.has(operation, "id")),
            *["ETag"] * schemas.tagged(operation),
            *["Link"] * (BATCH_CONTENT_TYPE in operation.produces),
            *["Idempotent-Replayed"] * operation.repeatable,
            *operation.ending,
            *_EVERYWHERE,
            *_COUNTED * (not operation.public),
        ]
        moved = {"Location": {"description": _MOVED, "schema": {"type": "string"}}}
        return (moved if operation.status == 308 else {}) | self._referred(names)

    def _refusals(self, operation: Operation) -> Schema:
        by_status: dict[int, set[type[Problem]]] = {}
        for kind in _kinds(operation):
            by_status.setdefault(kind.kind.value, set()).add(kind)
        schemas = self._schemas
        other: Schema = {}
        if operation.refusal is not None:
            other[JSON] = {"schema": schemas.get(operation, "refusal")}
        if any(kind.startswith(HTML) for kind in operation.produces):  # a page says itself what is wrong
            other[HTML] = {"schema": file_schema(HTML)}
        return {
            str(status): self._refusal(status, frozenset(kinds), other)
            for status, kinds in sorted(by_status.items())
        }

    def _refusal(self, status: int, kinds: Kinds, other: Schema) -> Schema:
        ordered = sorted(kinds, key=lambda kind: kind.slug)
        description = bilingual(
            "；".join(f"{kind.title}（{kind.slug}）" for kind in ordered),
            f"{HTTPStatus(status).phrase}: {', '.join(kind.slug for kind in ordered)}",
        )
        waiting = any(kind.kind in _WAITING for kind in kinds)
        headers = (*_EVERYWHERE, *_COUNTED, *("Retry-After",) * waiting)
        content = {**other, PROBLEM: {"schema": self._schemas.problem()}}
        if other or not kinds <= _COMMON:
            return {"description": description, "headers": self._referred(headers), "content": content}
        name = "Or".join(kind.__name__ for kind in ordered)
        return self._component(name, description, headers, content)

    def _component(
        self, name: str, description: str, headers: Iterable[str], content: Schema | None = None
    ) -> Schema:
        """A reference to a response that others have too."""
        if name not in self._shared:
            body = {"content": content} if content else {}
            self._shared[name] = {"description": description, "headers": self._referred(headers), **body}
        return {"$ref": f"#/components/responses/{name}"}

    def _referred(self, names: Iterable[str]) -> Schema:
        named = list(names)
        self._headers.update(named)
        return {name: {"$ref": f"#/components/headers/{name}"} for name in named}


def _kinds(operation: Operation) -> set[type[Problem]]:
    """What an operation may refuse: what it declares, and what dispatch and database refuse for any like it."""
    kinds: set[type[Problem]] = {*operation.problems, Malformed, Unavailable}
    if not operation.public:
        kinds |= {Unauthenticated, Forbidden, TooMany}
    if operation.variables:
        kinds.add(NotFound)
    if "town" in operation.variables:
        kinds.add(NotReceivedYet)
    if operation.query is not None or operation.body is not None:
        kinds.add(Invalid)
    if operation.body is not None:
        kinds |= {TooLarge, Unsupported}
    if operation.guarded:
        kinds.add(Stale)
    if operation.repeatable:
        kinds.add(Conflict)
    return kinds


def _header(name: str) -> Schema:
    schema: dict[str, Any] = (
        {"type": "integer", "minimum": 0} if name == "Retry-After" else {"type": "string"}
    )
    return {"description": bilingual(*_HEADERS[name]), "schema": schema}
