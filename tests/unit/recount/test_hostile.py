"""Files made to harm who verifies them are refused in bounded time and memory, and nothing outside of them is read."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from recount import NotReadable, read, verify
from recount.manifest import opened
from tests.fixtures.documents import FIRST, LAST, town_log, town_year
from tests.unit.recount.mutations.word import Word, paragraph

BOOK, FILE = town_year()
_OPEN = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'


def _with(content: bytes, name: str = "word/document.xml") -> bytes:
    word = Word(FILE, "")
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, kept in {**word.parts, name: content}.items():
            archive.writestr(part, kept)
    return target.getvalue()


def _bomb() -> bytes:
    return _with(_OPEN + b" " * (101 << 20))


def _deep() -> bytes:
    return _with(_OPEN + b"<w:ins>" * 5000 + b"</w:ins>" * 5000 + b"</w:body></w:document>")


def _nested_tables() -> bytes:
    begin, end = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"
    return _with(_OPEN + begin * 80 + b"<w:p/>" + end * 80 + b"</w:body></w:document>")


def _laughs() -> bytes:
    lines = [b'<!ENTITY a0 "ha">'] + [
        f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};">'.encode() for n in range(1, 30)
    ]
    return _with(b"<!DOCTYPE x [" + b"".join(lines) + b"]>" + _OPEN + b"&a29;</w:body></w:document>")


def _outside(secret: Path) -> bytes:
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>'.encode()
    return _with(entity + _OPEN + b"<w:p><w:r><w:t>&s;</w:t></w:r></w:p></w:body></w:document>")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("make", [_bomb, _deep, _laughs])
def test_what_would_grow_without_bounds_is_refused(make: Callable[[], bytes]) -> None:
    file = make()
    with pytest.raises(NotReadable):
        read(file)


def test_tables_within_tables_are_read() -> None:
    assert read(_nested_tables()).blocks


def test_nothing_outside_of_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    with pytest.raises(NotReadable, match="DTD"):
        read(_outside(tmp_path / "secret"))


def test_a_manifest_of_nonsense_is_refused() -> None:
    for text in ("", "a.b.c", "e30.e30.", "e30." + "W" * 100_000, "e30.bnVsbA."):
        with pytest.raises(NotReadable):
            opened(text)


@pytest.mark.timeout(300)
def test_twenty_thousand_equal_paragraphs_are_told() -> None:
    word = Word(FILE, "")
    for _ in range(20_000):
        word.body.insert(0, paragraph("同样的一段话"))
    document, log = read(word.bytes()), town_log()
    assert verify(document, log, FIRST, LAST).faults


@pytest.mark.parametrize("digits", [b"9" * 5_000, "²".encode(), "٣".encode() * 5_000])
@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/charts/chart1.xml"])
def test_a_number_that_is_none_anywhere_ends_nothing(name: str, digits: bytes) -> None:
    """int() refuses thousands of digits, and what only looks like one."""
    parts = Word(FILE, "").parts
    changed = re.sub(rb'="\d+"', b'="' + digits + b'"', parts[name])
    assert changed != parts[name]
    log = town_log()
    try:
        found = verify(read(_with(changed, name)), log, FIRST, LAST)
    except NotReadable:
        return
    assert found.faults or found.beside
