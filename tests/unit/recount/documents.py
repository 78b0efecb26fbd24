"""The example's year as a Word file with its log, and the file as staff and word processors leave it."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from recount import Log, read, verify
from recount.verdict import Recount
from services.reports.compiler import compile_report, prove
from services.reports.document import render_check_docx, render_docx
from services.reports.document.manifest import SIGNATURE_TYPE
from services.reports.domain import Report, Wording
from services.reports.domain.seals import SealedHead
from shared.security.keystore import KeyStore
from tests.unit.reports.book import Book
from tests.unit.reports.example import example

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 7)


def sealed(book: Book, as_of: date = LAST, wording: Wording | None = None) -> Report:
    heads = [
        SealedHead(name, len(log), log[-1].hash, book.ledger.counts(name))
        for name, log in book.events.items()
        if log
    ]
    year = prove(book.town, f"{as_of.year}", as_of, book.events, heads)
    return compile_report(year, heads, wording or Wording(theme="乡村振兴"), id="report")


@cache
def keys() -> KeyStore:
    """The keys of the installation that compiled the documents."""
    return KeyStore(Path(tempfile.mkdtemp(prefix="lvzhi-keys-")))


def signed(report: Report, pictures: Mapping[str, bytes] | None = None) -> bytes:
    return render_docx(report, pictures, partial(keys().sign, kind=SIGNATURE_TYPE))


def checked(report: Report) -> bytes:
    """The check document."""
    return render_check_docx(report, partial(keys().sign, kind=SIGNATURE_TYPE))


def of_before(report: Report) -> bytes:
    """As it was compiled when what is not sent stood in the annexes of the summary."""
    return signed(report.model_copy(update={"manifest": "lvzhi-summary-1"}))


@cache
def town_year() -> tuple[Book, bytes]:
    """The same for all tests of a process, which change neither."""
    book = example(Book())
    return book, signed(sealed(book))


def log_of(book: Book) -> list[dict[str, Any]]:
    """As the feeds hand it out."""
    return [json.loads(event.encode()) for log in book.events.values() for event in log]


def published() -> Any:
    """The JWK set of the installation."""
    return json.loads(keys().published())


def judged(file: bytes, book: Book, *, sealed: bool = False, jwks: Any = None) -> Recount:
    log = Log.from_events(book.town, log_of(book))
    return verify(read(file), log, FIRST, LAST, sealed=sealed, keys=jwks)


def changed(file: bytes, change: Callable[[Any], None]) -> bytes:
    """The file with `change` done to the root of its text."""
    with zipfile.ZipFile(BytesIO(file)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    change(root)
    parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def controls(root: Any, tag: str = "") -> list[Any]:
    every = list(root.iter(f"{W}sdt"))
    return [one for one in every if not tag or one.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == tag]


def unwrap(control: Any) -> None:
    """What LibreOffice and WPS do to controls they do not know: the content stays, the control goes."""
    parent, at = control.getparent(), control.getparent().index(control)
    for child in reversed(list(control.find(f"{W}sdtContent"))):
        parent.insert(at, child)
    parent.remove(control)


def without_bookmarks(root: Any) -> None:
    for name in ("bookmarkStart", "bookmarkEnd"):
        for mark in list(root.iter(f"{W}{name}")):
            mark.getparent().remove(mark)


def write(run_or_control: Any, text: str) -> None:
    """The text of the first run replaced."""
    next(run_or_control.iter(f"{W}t")).text = text


def split_runs(root: Any) -> None:
    """Every run cut into single characters, as Word does around corrections and proofing marks."""
    for run in list(root.iter(f"{W}r")):
        texts = run.findall(f"{W}t")
        if len(run) != len(texts) or not texts:
            continue
        parent, at = run.getparent(), run.getparent().index(run)
        for offset, character in enumerate("".join(one.text or "" for one in texts)):
            piece = etree.Element(f"{W}r")
            etree.SubElement(piece, f"{W}t").text = character
            parent.insert(at + offset, piece)
        parent.remove(run)


def append(root: Any, text: str) -> None:
    """A sentence of somebody's own at the end of the first section's first paragraph."""
    paragraph = next(p for p in root.iter(f"{W}p") if controls(p))
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = text
