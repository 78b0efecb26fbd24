"""Endpoints of signed checkpoints: the last sequence and hash of a stream. A later fork of the log contradicts them.

A checkpoint is a compact JWS (RFC 7515, ES256) of {source, sequence, hash, time}, signed with the service's own key.
"""

from typing import Annotated, Final, Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.clock import timestamp
from shared.endpoints.feed import READERS
from shared.envelope import canonical, service_of, source_of
from shared.errors import NotFound, Unavailable
from shared.http import KEYS, Call, route
from shared.security.keystore import KeyStore
from shared.security.tokens import ALGORITHM, key_set
from shared.storage import outbox

HEAD_TYPE: Final = "lvzhi-head+jws"
HEADS_TYPE: Final = "lvzhi-heads+jws"
_REGISTRY: Final = jws.JWSRegistry(algorithms=[ALGORITHM])
_REGISTRY.max_payload_length = 1 << 26
"""The statement of a province has a head for each of its streams."""
SIGNS: Final = "lvzhi_signs"
"""Member of a key in a JWK set that was collected: the services that publish it. A key of a set collected by an earlier
release has none, and is taken for any service's."""


class BadCheckpoint(ValueError):
    """A text is not a checkpoint signed by a trusted key. The message gives the reason in Chinese."""


class Head(BaseModel):
    """The last event of a stream at a time, the content of a checkpoint. `sequence` 0: the stream is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(pattern=r"^/[0-9]{9}/[a-z]+$")
    sequence: int = Field(ge=0)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    time: str


class HeadOut(Head):
    """A head, and the signed checkpoint of it in `statement`."""

    statement: str


class AreaHeads(BaseModel):
    """The heads of all streams of a service in an area at a time, in one statement: none can be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    area: str = Field(pattern=r"^[0-9]{1,9}$")
    service: str
    time: str
    heads: tuple[tuple[str, int, str], ...]

    @model_validator(mode="after")
    def _names_its_own_streams_once(self) -> Self:
        sources = [source for source, _, _ in self.heads]
        if len(set(sources)) < len(sources):
            raise ValueError("a source is stated twice")
        for source in sources:
            if service_of(source) != self.service or not source.startswith(f"/{self.area}"):
                raise ValueError("a source of another service or area")
        return self


class HeadsOut(BaseModel):
    """`statement`: all of them in one signed checkpoint."""

    items: list[HeadOut]
    statement: str = ""


class AreaQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]


def sign_checkpoint(keys: KeyStore, head: Head) -> str:
    return keys.sign(canonical(head.model_dump()), kind=HEAD_TYPE)


def read_checkpoint(checkpoint: str, keys: KeySet) -> Head:
    """The head in a checkpoint that its service has signed. Errors: BadCheckpoint."""
    try:
        head = Head.model_validate_json(read_signed(checkpoint, keys, kind=HEAD_TYPE))
    except ValidationError:
        raise BadCheckpoint("签名有效，但内容不是末号声明") from None
    read_signed(checkpoint, _keys_of(service_of(head.source), keys), kind=HEAD_TYPE)
    return head


def read_area(statement: str, keys: KeySet) -> AreaHeads:
    """The heads in the statement of an area that its service has signed. Errors: BadCheckpoint."""
    try:
        area = AreaHeads.model_validate_json(read_signed(statement, keys, kind=HEADS_TYPE))
    except ValidationError:
        raise BadCheckpoint("签名有效，但内容不是一个区域的末号声明") from None
    read_signed(statement, _keys_of(area.service, keys), kind=HEADS_TYPE)
    return area


def _keys_of(service: str, keys: KeySet) -> KeySet:
    """The keys with which a service may speak of its streams: that of another service says nothing of them."""
    return KeySet([key for key in keys.keys if service in (key.get(SIGNS) or [service])])


def read_signed(text: str, keys: KeySet | ECKey, *, kind: str) -> bytes:
    """The payload of a compact JWS whose `typ` is `kind`. Errors: BadCheckpoint."""
    try:
        signed = jws.deserialize_compact(text, keys, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError):
        raise BadCheckpoint("签名无效，或者不是所给的密钥签的") from None
    if signed.protected.get("typ") != kind:
        raise BadCheckpoint(f"不是这一类声明（typ 应为 {kind}）")
    return signed.payload


def verification_keys(content: bytes | str) -> KeySet:
    """Public keys of a JWK set. Errors: BadCheckpoint."""
    try:
        return key_set(content)
    except (JoseError, ValueError):
        raise BadCheckpoint("不是 JWK 密钥集") from None


@route("GET", "/towns/{town}/head", roles=READERS, versioned=False)
async def town_head(call: Call) -> HeadOut:
    """本镇事件日志的末号和散列，附签名的末号声明，可留存以备日后核验。"""
    source = source_of(call.town, call.store.service)
    sequence, hash = await outbox.head(call.store, source)
    return _signed(call, source, sequence, hash)


@route("GET", "/heads", roles=READERS, versioned=False, problems=[NotFound])
async def area_heads(call: Call[AreaQuery]) -> HeadsOut:
    """一个区域内各镇事件日志的末号声明。"""
    area = call.query.area
    call.check_area(area)
    streams = await outbox.heads(call.store, f"/{area}")
    heads = [(source, last.sequence, last.hash) for source, last in streams.items()]
    service, time = call.store.service, timestamp(call.store.clock.now())
    together = AreaHeads(area=area, service=service, time=time, heads=tuple(heads))
    statement = _keys(call).sign(canonical(together.model_dump(mode="json")), kind=HEADS_TYPE)
    return HeadsOut(items=[_signed(call, *head) for head in heads], statement=statement)


def _keys(call: Call) -> KeyStore:
    keys = call.request.app[KEYS].get(call.store.service)
    if keys is None:
        raise Unavailable("本系统没有签名密钥")
    return keys


def _signed(call: Call, source: str, sequence: int, hash: str) -> HeadOut:
    keys = _keys(call)
    head = Head(source=source, sequence=sequence, hash=hash, time=timestamp(call.store.clock.now()))
    return HeadOut(**head.model_dump(), statement=sign_checkpoint(keys, head))
