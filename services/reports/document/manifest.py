"""The manifest of a Word document: what it shows, by digests, and what it was compiled from.

Read by `recount`, which shares no code with this module; its format is that of ADR 0060.
"""

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from services.reports.document import styles
from services.reports.document.charts import Chart
from services.reports.document.photographs import Media
from services.reports.document.reading import W, parse
from services.reports.domain import Figure, Report, Source
from services.reports.figures import moved, shown

SIGNATURE_TYPE: Final = "lvzhi-summary+jws"
NAMESPACE: Final = "urn:lvzhi:proof:1"
PART: Final = "customXml/item1.xml"
CHECK: Final = "check"
AREA: Final = "area"
AREA_CHECK: Final = "area-check"
Sign = Callable[[bytes], str]
"""Signer of a payload as a compact JWS of SIGNATURE_TYPE."""

_DIGEST_BYTES: Final = 12
_WORDS: Final = re.compile("[两俩仨半几]|翻番|翻倍|成倍|加倍|倍增|双倍|若干")
_BEFORE, _AFTER = 6, 4  # characters beside a numeral
_CHARACTERS: Final = {f"{W}tab": " ", f"{W}br": " ", f"{W}noBreakHyphen": "-"}


def part(manifest: Mapping[str, Any], sign: Sign | None) -> str:
    """The XML part: a compact JWS; without a signer an unsecured one (RFC 7515, appendix A.5)."""
    payload = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    unsecured = json.dumps({"alg": "none", "typ": SIGNATURE_TYPE}).encode()
    signed = sign(payload) if sign else f"{_base64(unsecured)}.{_base64(payload)}."
    return f'<proof xmlns="{NAMESPACE}">{signed}</proof>'


def signed_manifest(docx: bytes) -> bytes:
    """The compact JWS in a Word file; empty where it has none."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        if PART not in archive.namelist():
            return b""
        return "".join(parse(archive.read(PART)).itertext()).strip().encode()


def manifest(
    report: Report,
    body: str,
    footers: Iterable[str],
    names: Mapping[str, str],
    own: frozenset[str],
    charts: Sequence[Chart],
    media: Sequence[Media],
    document: str = "",
) -> dict[str, Any]:
    """`body`, `footers`: XML of the parts; `names`: tags of numerals by bookmark; `own`: bookmarks of staff's text;
    `document`: which of the documents of the report, empty for the summary."""
    content = {
        "format": report.manifest,
        "document": document or None,
        "town": report.town,
        "period": report.period,
        "from": report.from_on.isoformat() if report.from_on else None,
        "to": report.as_of.isoformat(),
        "edition": report.version,
        "corrects": report.corrects,
        "sources": [_source(source) for source in report.sources],
        "expected": {e.id: [e.expected, e.recorded] for e in report.expectations},
        "figures": {tag: text for figure in report.figures for tag, text in _figure(figure)},
        "blocks": list(_Blocks(names, own).read(parse(body.encode()))),
        "page": sorted({digest(text) for footer in footers for text in _paragraphs(footer)}),
        "charts": [_chart(chart) for chart in charts],
        "pictures": list(map(_picture, media)),
    }
    return {name: value for name, value in content.items() if value is not None}


def digest(text: str) -> str:
    """The first 96 bits of the SHA-256 of a text whose white space is single spaces; empty of an empty text."""
    text = " ".join(text.split())
    return _base64(hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]) if text else ""


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of numeric characters and words that state a quantity, each with the character after it."""
    words = {at for match in _WORDS.finditer(text) for at in range(*match.span())}
    numeric = [at in words or character.isnumeric() for at, character in enumerate(text)]
    for told, group in groupby(range(len(text)), numeric.__getitem__):
        places = list(group)
        if told:
            yield places[0], places[-1] + 1, text[places[0] : places[-1] + 2]


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _source(source: Source) -> dict[str, Any]:
    reasons: dict[str, int] = {}
    for excluded in source.excluded:
        key = f"{excluded.subject.partition('/')[0]} {excluded.reason}"
        reasons[key] = reasons.get(key, 0) + 1
    return {
        "source": source.source,
        "head": source.head,
        "hash": source.hash,
        "counts": source.counts,
        "counted": source.counted,
        "excluded": len(source.excluded),
        "reasons": reasons,
    }


def _figure(figure: Figure) -> Iterator[tuple[str, str]]:
    yield figure.id, shown(figure)
    if figure.numerator is not None and figure.denominator:
        yield f"{figure.id}#numerator", str(figure.numerator)
        yield f"{figure.id}#denominator", str(figure.denominator)
    if figure.previous:
        yield f"{figure.id}#previous", shown(figure.previous)
    if moved(figure):
        yield f"{figure.id}#change", moved(figure)


def _chart(chart: Chart) -> dict[str, Any]:
    """`shows`: digest of the caption, the labels and the values; `figures`: what the values are."""
    labels, values = zip(*((label, repr(float(f.value or 0))) for label, f in chart.bars), strict=True)
    return {
        "shows": digest(json.dumps([chart.caption, labels, values], ensure_ascii=False)),
        "described": digest(chart.described),
        "figures": [figure.id for _, figure in chart.bars],
    }


def _picture(picture: Media) -> dict[str, str]:
    return {
        "bytes": hashlib.sha256(picture.content).hexdigest(),
        "described": digest(picture.described),
    }


def _paragraphs(part: str) -> Iterator[str]:
    for paragraph in parse(part.encode()).iter(f"{W}p"):
        text = "".join(e.text or "" for e in paragraph.iter(f"{W}t") if not _of_field(e))
        if text.strip():
            yield text


def _of_field(text: Any) -> bool:
    """Whether a text is the result of the field PAGE, which the word processor computes."""
    return bool(re.fullmatch(r"\d+", text.text or ""))


class _Blocks:
    """Reads paragraphs and tables of a body that this program has written."""

    def __init__(self, names: Mapping[str, str], own: frozenset[str]) -> None:
        self._names, self._own = names, own
        self._open: dict[str, str] = {}
        self._annex = False

    def read(self, document: Any) -> Iterator[Any]:
        for element in document[0]:
            if element.tag == f"{W}p":
                style = element[0][0].get(f"{W}val")
                self._annex = self._annex or style == styles.ANNEX_LABEL
                if entry := self._paragraph(element):
                    yield entry
            elif element.tag == f"{W}tbl":
                rows = element.iterfind(f"{W}tr")
                grid = {"rows": [[self._cell(cell) for cell in row.iterfind(f"{W}tc")] for row in rows]}
                yield grid if self._annex else {**grid, "own": True}

    def _paragraph(self, element: Any) -> dict[str, Any]:
        """Empty for a paragraph without text."""
        own = bool(self._own.intersection(self._open.values()))
        text, numerals, names = self._text(element)
        if not text.split():
            return {}
        entry: dict[str, Any] = {"text": digest(text)}
        if self._annex:
            entry["annex"] = True
        elif own or self._own.intersection(names):
            entry["own"] = True
        if numerals:
            entry["numerals"] = [
                [start, end, tag, text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]]
                for start, end, tag in numerals
            ]
        bound = {at for start, end, _ in numerals for at in range(start, end)}
        free = [token for start, end, token in tokens(text) if not bound.issuperset(range(start, end))]
        return entry | ({"tokens": free} if free and not self._annex else {})

    def _cell(self, cell: Any) -> Any:
        text, numerals, _ = self._text(cell)
        return [digest(text), *map(list, numerals)] if numerals else digest(text)

    def _text(self, element: Any) -> tuple[str, list[tuple[int, int, str]], list[str]]:
        """Text with single spaces, its numerals by place and tag, and the names of the bookmarks that begin in it."""
        pieces: list[str] = []
        length = 0
        starts: dict[str, int] = {}
        numerals: list[tuple[int, int, str]] = []
        names: list[str] = []
        for child in element.iter(f"{W}t", f"{W}bookmarkStart", f"{W}bookmarkEnd", *_CHARACTERS):
            if child.tag == f"{W}bookmarkStart":
                id, name = child.get(f"{W}id"), child.get(f"{W}name")
                self._open[id], starts[id] = name, length
                names.append(name)
            elif child.tag == f"{W}bookmarkEnd":
                id = child.get(f"{W}id")
                tag = self._names.get(self._open.pop(id))
                if tag is not None:
                    numerals.append((starts[id], length, tag))
            else:
                piece = _CHARACTERS.get(child.tag) or child.text or ""
                pieces.append(piece)
                length += len(piece)
        return *_squeezed("".join(pieces), numerals), names


def _squeezed(text: str, numerals: list[tuple[int, int, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text with single spaces, and the places moved accordingly."""
    if " ".join(text.split()) == text:
        return text, numerals
    places, kept = [0], list[str]()
    for character in text:
        space = character.isspace()
        if not space or (kept and kept[-1] != " "):
            kept.append(" " if space else character)
        places.append(len(kept))
    squeezed = "".join(kept).rstrip()
    return squeezed, [(places[start], places[end], tag) for start, end, tag in numerals]
