"""The event envelope: CloudEvents 1.0 with a sequence and a hash chain per stream.

A stream is one `source`, `/{town}/{service}`. Its events have the `sequence` 1, 2, 3 … without gaps, and each contains
the hash of the event before it, so that the events alone show whether one was dropped, changed or moved.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Literal, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError

GENESIS: Final = "0" * 64
"""`previoushash` of the first event of a stream."""

CONTENT_TYPE: Final = "application/cloudevents+json"
BATCH_CONTENT_TYPE: Final = "application/cloudevents-batch+json"


_QUOTING: Final = frozenset({"value_error", "assertion_error", "union_tag_invalid"})
"""Kinds of faults whose messages may quote the value: those of validators of our own, and of a tag."""


class BrokenChain(ValueError):
    """Events are not a contiguous, unchanged part of one stream. The message names the place."""


class Undecodable(ValueError):
    """The bytes are not a valid event. The message lists the faults without values."""


class Event(BaseModel):
    """A CloudEvent. `data` is the full public state of `subject` plus its `version`, never a delta.

    Unknown attributes are kept, because the hash covers them.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = Field(pattern=r"^/[0-9]{9}/[a-z]+$")
    type: str = Field(pattern=r"^[a-z]+(\.[a-z_]+)+\.v[0-9]+$")
    subject: str
    time: str
    datacontenttype: Literal["application/json"] = "application/json"
    town: str
    sequence: int = Field(ge=1)
    epoch: str | None = None
    """Set once the service was restored from a backup: `{time}/{first sequence}`."""
    previoushash: str
    hash: str = ""
    actor: str
    traceparent: str | None = None
    data: dict[str, Any]

    @classmethod
    def decode(cls, body: bytes | str) -> Self:
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            raise Undecodable(faults(error)) from error

    def attributes(self) -> dict[str, Any]:
        """The event in the JSON format of CloudEvents."""
        return self.model_dump(mode="json", exclude_none=True)

    def encode(self) -> bytes:
        return canonical(self.attributes())

    def digest(self) -> str:
        """SHA-256 over the RFC 8785 form of the event without `hash`, in hexadecimal."""
        attributes = self.attributes()
        attributes.pop("hash", None)
        return hashlib.sha256(canonical(attributes)).hexdigest()

    def hashed(self) -> Self:
        return self.model_copy(update={"hash": self.digest()})


def faults(error: ValidationError) -> str:
    """The errors with their locations, without the values, which may be personal data."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'event'}: "
        f"{detail['type'] if detail['type'] in _QUOTING else detail['msg']}"
        for detail in details
    )


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON Canonicalization Scheme, RFC 8785."""
    try:
        return _sorted_json(_plain(dict(value))).encode()
    except (_Unusual, TypeError, UnicodeEncodeError):  # keys that are no text, or half of a character
        return rfc8785.dumps(dict(value))


class _Unusual(Exception):
    """A value that the json module, which is several times faster, does not encode as RFC 8785 requires."""


_sorted_json: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode
_SAFE: Final = 2**53 - 1
_AS_IT_IS: Final = frozenset((str, bool, type(None)))


def _plain(value: Any) -> Any:
    """The value in a form that the json module encodes as RFC 8785 requires: whole floats as integers, other floats of
    moderate size, ASCII keys, which both sort alike. Errors: _Unusual, TypeError.
    """
    kind = type(value)
    if kind is dict and all(map(str.isascii, value)):
        return {key: item if type(item) in _AS_IT_IS else _plain(item) for key, item in value.items()}
    if kind is list:
        return [item if type(item) in _AS_IT_IS else _plain(item) for item in value]
    if kind in _AS_IT_IS or (kind is int and -_SAFE <= value <= _SAFE):
        return value
    if kind is float and value.is_integer() and -_SAFE <= value <= _SAFE:
        return int(value)
    if kind is float and 1e-4 <= abs(value) < 1e15:
        return value
    raise _Unusual


def source_of(town: str, service: str) -> str:
    return f"/{town}/{service}"


def town_of(source: str) -> str:
    return source.split("/")[1]


def service_of(source: str) -> str:
    return source.rpartition("/")[2]


def is_among(types: Collection[str], type: str) -> bool:
    """Whether an event of a type is wanted. `types`: names, or `roster.person.*` for all of them; none: all."""
    return not types or any(
        type == wanted or (wanted.endswith(".*") and type.startswith(wanted[:-1])) for wanted in types
    )


def verify_chain(events: Iterable[Event], *, after: int = 0, previoushash: str = GENESIS) -> tuple[int, str]:
    """Verify a contiguous part of one stream and return its last (sequence, hash).

    `after` and `previoushash` are the sequence and hash of the event before it. Errors: BrokenChain.
    """
    source: str | None = None
    for event in events:
        if source is None:
            source = event.source
        if event.source != source:
            raise BrokenChain(f"{event.source} among events of {source}")
        if event.sequence != after + 1:
            raise BrokenChain(f"{source}: {event.sequence} follows {after}")
        if event.previoushash != previoushash:
            raise BrokenChain(f"{source}: {event.sequence} does not follow the hash of {after}")
        if event.digest() != event.hash:
            raise BrokenChain(f"{source}: {event.sequence} was changed after it was written")
        after, previoushash = event.sequence, event.hash
    return after, previoushash
