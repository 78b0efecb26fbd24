"""The manifest a document has with it: what it showed when it was compiled, signed by the installation (ADR 0060)."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from recount.package import NotReadable

FORMATS: Final = ("lvzhi-summary-1", "lvzhi-summary-2", "lvzhi-area-1")
_TYPE: Final = "lvzhi-summary+jws"
_REGISTRY: Final = jws.JWSRegistry(algorithms=["ES256"])
_REGISTRY.max_payload_length = 1 << 26
"""A manifest grows with its document; the reader has bounded what it unpacks."""
_SIGNS: Final = "lvzhi_signs"
"""In a key of a collected set: the services whose key it is. A set as a service publishes it has none."""
_DIGEST_BYTES: Final = 12
_WORDS: Final = re.compile("[两俩仨半几]|翻番|翻倍|成倍|加倍|倍增|双倍|若干")


@dataclass(frozen=True)
class Numeral:
    """A numeral in its place; `before` and `after` are the words beside it, empty in cells."""

    start: int
    end: int
    tag: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Wording:
    """A paragraph or a cell. `own`: the office's own text; `tokens`: runs of numeric characters that are not numerals
    of figures, each with the character after it."""

    digest: str
    numerals: tuple[Numeral, ...] = ()
    tokens: tuple[str, ...] = ()
    own: bool = False
    annex: bool = False


Grid = tuple[tuple[Wording, ...], ...]


@dataclass(frozen=True)
class Chart:
    shows: str
    described: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    digest: str
    described: str


@dataclass(frozen=True)
class Source:
    head: int
    hash: str
    counts: Mapping[str, int]
    counted: int
    excluded: int
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    town: str
    period: str
    first: str
    last: str
    edition: int
    corrects: int | None
    sources: Mapping[str, Source]
    expected: Mapping[str, tuple[int, int]]
    figures: Mapping[str, str]
    blocks: tuple[Wording | Grid, ...]
    page: frozenset[str]
    charts: tuple[Chart, ...]
    pictures: tuple[Picture, ...]
    document: str = ""
    """Which of the documents of a report; empty for the summary."""


def opened(text: str) -> Manifest:
    """The manifest in a compact JWS, whoever signed it. Errors: NotReadable."""
    try:
        payload = text.split(".")[1]
        content = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if content["format"] not in FORMATS:
            raise NotReadable("随文的证明是更新的版本所写，请先升级核验程序")
        return _manifest(content)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise NotReadable("随文的证明已损坏") from error


def is_signed(text: str, keys: Mapping[str, Any]) -> bool:
    """Whether one of the keys of a JWK set has signed it that reports may have."""
    try:
        ours = [key for key in keys["keys"] if "reports" in (key.get(_SIGNS) or ["reports"])]
        signed = jws.deserialize_compact(text, KeySet.import_key_set({"keys": ours}), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return bool(signed.protected.get("typ") == _TYPE)


def _manifest(content: Mapping[str, Any]) -> Manifest:
    sources = {
        source["source"]: Source(
            source["head"], source["hash"], source["counts"], source["counted"], source["excluded"], source["reasons"]
        )
        for source in content["sources"]
    }  # fmt: skip
    return Manifest(
        town=content["town"],
        period=content["period"],
        first=content.get("from", ""),
        last=content["to"],
        edition=content["edition"],
        corrects=content.get("corrects"),
        sources=sources,
        expected={id: (numbers[0], numbers[1]) for id, numbers in content["expected"].items()},
        figures=content["figures"],
        blocks=tuple(map(_block, content["blocks"])),
        page=frozenset(content["page"]),
        charts=tuple(Chart(c["shows"], c["described"], tuple(c["figures"])) for c in content["charts"]),
        pictures=tuple(Picture(p["bytes"], p["described"]) for p in content["pictures"]),
        document=content.get("document", ""),
    )


def _block(entry: Mapping[str, Any]) -> Wording | Grid:
    if "rows" in entry:
        own = bool(entry.get("own"))
        return tuple(tuple(_cell(cell, own=own) for cell in row) for row in entry["rows"])
    return Wording(
        entry["text"],
        tuple(Numeral(*numeral) for numeral in entry.get("numerals", ())),
        tuple(entry.get("tokens", ())),
        own=bool(entry.get("own")),
        annex=bool(entry.get("annex")),
    )


def _cell(entry: Any, *, own: bool) -> Wording:
    if isinstance(entry, str):
        return Wording(entry, own=own)
    return Wording(entry[0], tuple(Numeral(*numeral) for numeral in entry[1:]), own=own)


def digest(text: str) -> str:
    """Digest of a wording: 96 bits of the SHA-256 of the text with single spaces; empty of an empty text."""
    text = " ".join(text.split())
    hashed = hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]
    return base64.urlsafe_b64encode(hashed).decode() if text else ""


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of numeric characters and words that state a quantity, each with the character after it."""
    words = {at for match in _WORDS.finditer(text) for at in range(*match.span())}
    numeric = [at in words or character.isnumeric() for at, character in enumerate(text)]
    for told, group in groupby(range(len(text)), numeric.__getitem__):
        places = list(group)
        if told:
            yield places[0], places[-1] + 1, text[places[0] : places[-1] + 2]
