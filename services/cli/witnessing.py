"""`lvzhi heads`: collects signed checkpoints of logs, and counter-signs them as a witness (the county)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from joserfc.jwk import KeySet

from services.cli.client import Client
from services.host.installation import SERVICES
from shared.endpoints.heads import (
    SIGNS,
    BadCheckpoint,
    Head,
    read_checkpoint,
    read_signed,
    verification_keys,
)
from shared.envelope import canonical
from shared.security.keystore import KeyStore

WITNESS_TYPE: Final = "lvzhi-witness+jws"


class Contradicted(Exception):
    """A checkpoint contradicts one that was witnessed before; the message says how."""


@dataclass(frozen=True)
class Witnessed:
    """A witnessed head with its signed statement and the keys that verify it."""

    head: Head
    statement: str
    keys: str


async def collect(client: Client, services: Sequence[str], area: str) -> list[str]:
    """Checkpoints of all streams of an area, signed by the services now. Errors: Refused, Away."""
    statements: list[str] = []
    for service in services:
        answer = await client.json("GET", f"/{service}/v1/heads", area=area)
        statements += [item["statement"] for item in answer["items"]]
    return statements


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def public_keys(place: Path) -> KeySet:
    """Public keys of a JWK set file or of a key folder. Errors: BadCheckpoint, FileNotFoundError."""
    return verification_keys((place / "jwks.json" if place.is_dir() else place).read_bytes())


def service_named(place: str) -> str:
    """The service whose keys a place says it has: `…/roster/jwks.json`, `roster.json`; else empty."""
    path = PurePosixPath(urlsplit(place).path)
    return next((name for name in (path.stem, path.parent.name) if name in SERVICES), "")


def is_collected(published: str) -> bool:
    """Whether a JWK set says of its keys which services publish them. Errors: BadCheckpoint."""
    verification_keys(published)
    return all(SIGNS in key for key in json.loads(published)["keys"])


def joined(published: Iterable[tuple[str, str]]) -> str:
    """One JWK set of several, each key once, with the services that publish it. `published`: service and JWK set; of an
    empty service it is what the set says, which was joined before. Errors: BadCheckpoint."""
    keys: dict[str, dict[str, object]] = {}
    signs: dict[str, list[str]] = {}
    for service, text in published:
        verification_keys(text)
        for key in json.loads(text)["keys"]:
            said = key.pop(SIGNS, [])
            id = json.dumps(key, sort_keys=True)
            keys[id] = key
            signs.setdefault(id, []).extend([service] if service else said)
    return json.dumps({"keys": [key | ({SIGNS: signs[id]} if signs[id] else {}) for id, key in keys.items()]})


def witness(
    statements: Iterable[str], published: str, own: KeyStore, before: Sequence[Witnessed]
) -> list[str]:
    """Counter-sign statements signed with the `published` key set; heads witnessed before are left out.

    Errors: BadCheckpoint; Contradicted when a stream became shorter, or has another hash for the same sequence.
    """
    keys = verification_keys(published)
    heads = [item.head for item in before]
    signed: list[str] = []
    for statement in statements:
        head = read_checkpoint(statement, keys)
        _check(head, heads)
        if not any((h.source, h.sequence) == (head.source, head.sequence) for h in heads):
            heads.append(head)
            content = {"statement": statement, "keys": json.loads(published)}
            signed.append(own.sign(canonical(content), kind=WITNESS_TYPE))
    return signed


def _check(head: Head, heads: Iterable[Head]) -> None:
    for earlier in heads:
        if earlier.source != head.source:
            continue
        if earlier.sequence == head.sequence and earlier.hash != head.hash:
            raise Contradicted(f"{head.source} 对第 {head.sequence} 号先后签发了不同的散列：日志已分叉")
        if earlier.time < head.time and earlier.sequence > head.sequence:
            raise Contradicted(
                f"{head.source} 在 {earlier.time} 已到第 {earlier.sequence} 号，"
                f"{head.time} 却只到第 {head.sequence} 号：日志被截短"
            )


def read_witnessed(path: Path, keys: KeySet) -> list[Witnessed]:
    """Read witnessed checkpoints, one compact JWS per line, verified with the witness's and the installation's keys.

    Errors: BadCheckpoint.
    """
    items = []
    for n, line in enumerate(lines(path), 1):
        try:
            content = json.loads(read_signed(line, keys, kind=WITNESS_TYPE))
            published = json.dumps(content["keys"])
            head = read_checkpoint(content["statement"], verification_keys(published))
        except (BadCheckpoint, KeyError, TypeError, ValueError) as error:
            raise BadCheckpoint(f"{path} 第 {n} 行：{error}") from None
        items.append(Witnessed(head, content["statement"], published))
    return items


def text_of(head: Head) -> str:
    return f"{head.source} 第 {head.sequence} 号 {head.hash[:16]}… {head.time}"
