"""Dispatch of a request to its operation: authentication, permission, parsing, unit of work, response."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel

from shared.errors import FieldError, Forbidden, Malformed, NotFound, Unauthenticated
from shared.http import bodies
from shared.http.call import Call, Reply, Store
from shared.http.conditions import Condition, tag, unchanged
from shared.http.middleware import ENDING, RATE, RATES
from shared.http.operation import Operation
from shared.http.parsing import read_query
from shared.http.received import AFTER, await_received, seen_elsewhere
from shared.http.selection import included
from shared.observability.tracing import current_traceparent
from shared.security.tokens import NOBODY, Actor
from shared.storage.idempotency import Answer, IdempotencyKey
from shared.storage.units import Unit
from shared.storage.work import Work

JSON: Final = "application/json"
REPLAYED: Final = "Idempotent-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_BEARER: Final = re.compile(r"bearer +([\x21-\x7e]+)", re.IGNORECASE)


class TokenVerifier(Protocol):
    """The part of shared.security.tokens.Verifier that requests need."""

    async def verify(self, token: str) -> Actor: ...


async def identify(operation: Operation, verifier: TokenVerifier, headers: Mapping[str, str]) -> Actor:
    if operation.public:
        return NOBODY
    authorization = headers.get("Authorization")
    if authorization is None:
        raise Unauthenticated("请先登录", headers={"WWW-Authenticate": "Bearer"})
    bearer = _BEARER.fullmatch(authorization.strip())
    if bearer is None:
        raise Unauthenticated(
            "只接受 Bearer 令牌", headers={"WWW-Authenticate": 'Bearer error="invalid_request"'}
        )
    return await verifier.verify(bearer[1])


def permit(operation: Operation, actor: Actor, path: Mapping[str, str]) -> None:
    """Check area and role. Errors: outside the caller's area NotFound when reading, else Forbidden."""
    if operation.public:
        return
    area = path.get("town", path.get("prefix"))
    if area is not None and not actor.covers(area):
        if operation.method == "GET":
            raise NotFound
        raise Forbidden("不在您的辖区内")
    if operation.roles.isdisjoint(actor.roles):
        raise Forbidden("您的角色不能做这项操作")


def idempotency(
    operation: Operation, actor: Actor, request: web.Request, digest: str
) -> IdempotencyKey | None:
    """The Idempotency-Key of a POST that commits, hashed together with caller, method and path. Errors: Malformed.

    The digest of the request is keyed by the Idempotency-Key, which is not stored: without it, every phone number could
    be tried until the hash of a body fits.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.repeatable:
        return None
    if not _KEY.fullmatch(key):
        raise Malformed(
            "Idempotency-Key 应为 1 至 255 个可见的 ASCII 字符",
            errors=[FieldError("header.idempotency-key", "格式不对")],
        )
    scope = f"{actor.sub}\n{actor.area}\n{request.method} {request.path}\n{key}"
    sent = f"{request.query_string}\n{request.headers.get('If-Match', '')}\n{digest}".encode()
    return IdempotencyKey(
        hashlib.sha256(scope.encode()).hexdigest(),
        hmac.new(key.encode(), sent, hashlib.sha256).hexdigest(),
        hashlib.sha256(sent).hexdigest(),
    )


def answer_to(operation: Operation, result: Any, address: str, query: BaseModel | None = None) -> Answer:
    """The response to a handler's result: status 201 sets Location, a versioned body sets ETag. `query`: of a list, for
    the fields it asks for."""
    if isinstance(result, web.Response):
        return _stored_answer(result)
    reply = result if isinstance(result, Reply) else Reply(result)
    status = reply.status or operation.status
    if reply.body is None:
        return Answer(204, dict(reply.headers), b"")
    if operation.result is None:
        raise TypeError(f"{operation.name}: declare what it returns")
    headers = {"Content-Type": JSON}
    version = reply.version if reply.version is not None else getattr(reply.body, "version", None)
    if operation.versioned and version is not None:
        headers["ETag"] = tag(version)
    if status == 201 and isinstance(id := getattr(reply.body, "id", None), str):
        own = quote(id, safe="")
        headers["Location"] = address if address.endswith(f"/{own}") else f"{address}/{own}"
    content = operation.result.dump_json(reply.body, by_alias=True, include=included(reply.body, query))
    return Answer(status, headers | dict(reply.headers), content)


def _stored_answer(response: web.Response) -> Answer:
    if response.body is None:
        content = b""
    elif isinstance(response.body, bytes | bytearray):
        content = bytes(response.body)
    else:
        raise TypeError("a response that is committed must have a body of bytes")
    return Answer(response.status, dict(response.headers), content)


def respond(answer: Answer, *, replayed: bool = False) -> web.Response:
    headers = {**answer.headers, REPLAYED: "true"} if replayed else dict(answer.headers)
    return web.Response(status=answer.status, headers=headers, body=answer.body)


class Endpoint:
    """An operation bound to the store and the token verifier of a running service."""

    def __init__(self, operation: Operation, store: Store, verifier: TokenVerifier) -> None:
        self.operation, self.store, self.verifier = operation, store, verifier

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The answer. Errors: DatabaseUnavailable also where a handler uses the database itself, as for files."""
        try:
            return await self._answer(request)
        except Exception as error:
            problem = self.store.trouble.as_problem(error)
            if problem is error:
                raise
            raise problem from error

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operation = self.operation
        request[ENDING] = operation.ending
        path = dict(request.match_info)
        actor = await self._admit(request, path)
        query = _query(operation, request)
        condition = (
            Condition.from_header(request.headers.getall("If-Match", ()))
            if operation.guarded
            else Condition()
        )
        body, digest = await bodies.receive(operation, request)
        key = idempotency(operation, actor, request, digest)

        def call(work: Work) -> Call[Any, Any]:
            return Call(work, actor, path, query, body, request, self.store, condition)

        town, address = path.get("town", ""), request.rel_url.raw_path
        seen = seen_elsewhere(request.headers.getall(AFTER, ())) if town else {}
        if seen:
            await await_received(self.store.reading(town, actor.sub), seen)
        if not operation.commits:
            return await self._read(request, call(self.store.reading(town, actor.sub)))

        async def run(work: Work) -> Any:
            if seen:
                work.patience = 0.0
            return await operation.handler(call(work))

        outcome = await self.store.execute_once(
            town=town,
            actor=actor.sub,
            run=run,
            answer=lambda result: answer_to(operation, result, address),
            key=key,
            traceparent=current_traceparent() or None,
        )
        if isinstance(outcome, Answer):
            return respond(outcome, replayed=True)
        return respond(answer_to(operation, outcome, address))

    async def _admit(self, request: web.Request, path: Mapping[str, str]) -> Actor:
        """The caller, who may do this here. Errors: Unauthenticated, Forbidden, NotFound, TooMany."""
        actor = await identify(self.operation, self.verifier, request.headers)
        if actor.client:
            request[RATE] = request.app[RATES].take(actor.client)
        permit(self.operation, actor, path)
        return actor

    async def _read(self, request: web.Request, call: Call[Any, Any]) -> web.StreamResponse:
        result = await self.operation.handler(call)
        if call.work.facts:  # a read that is recorded is answered once it is
            await self.store.commit(Unit([call.work]))
        if isinstance(result, web.StreamResponse):
            return result
        answer = answer_to(self.operation, result, request.rel_url.raw_path, call.query)
        etags = request.headers.getall("If-None-Match", ()) if self.operation.revalidated else ()
        if request.method in ("GET", "HEAD") and unchanged(etags, answer.headers.get("ETag", "")):
            return web.Response(status=304, headers={"ETag": answer.headers["ETag"]})
        return respond(answer)


def _query(operation: Operation, request: web.Request) -> BaseModel | None:
    """The query string as its model; where none is declared, any parameter is refused."""
    if operation.query is not None:
        return read_query(operation.query, request.query)
    if request.query and not operation.public:
        read_query(_NoQuery, request.query)
    return None


class _NoQuery(BaseModel, extra="forbid"):
    pass
