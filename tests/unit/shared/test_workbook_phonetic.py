"""Phonetic guides of a cell (`rPh` runs, ECMA-376 Part 1, 18.4.6) are how it is read, and no part of its value."""

import io
import re
import zipfile

import pytest

from shared.workbook import read
from tests.unit.shared.workbooks import HEADERS, SHEETS, book

GUIDE = '<rPh sb="0" eb="1"><t>níng</t></rPh><rPh sb="1" eb="2"><t>dōng</t></rPh><phoneticPr fontId="1"/>'
PLAIN = "<t>宁东</t>"
RICH = '<r><t>宁</t></r><r><rPr><b/></rPr><t xml:space="preserve">东</t></r>'


def with_guide(content: str, *, shared: bool) -> bytes:
    """A workbook whose name has a guide, in the table of strings or within the cell."""
    source = zipfile.ZipFile(io.BytesIO(book(HEADERS, ["宁东", "男"])))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name).decode()
            if name == "xl/sharedStrings.xml" and shared:
                data, n = re.subn(r"<si>\s*<t>宁东</t>\s*</si>", f"<si>{content}{GUIDE}</si>", data)
                assert n == 1
            if name == "xl/worksheets/sheet1.xml" and not shared:
                cell = f'<c r="A2" t="inlineStr"><is>{content}{GUIDE}</is></c>'
                data, n = re.subn(r'<c r="A2"[^>]*>.*?</c>', cell, data)
                assert n == 1
            target.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize("shared", [True, False], ids=["table of strings", "cell"])
@pytest.mark.parametrize("content", [PLAIN, RICH], ids=["plain", "rich"])
def test_a_guide_is_no_part_of_a_name(content: str, shared: bool) -> None:
    found = read(with_guide(content, shared=shared), SHEETS)
    assert [row["name"] for row in found.rows("人员")] == ["宁东"]
    assert [problem for problem in found.problems if problem.row] == []
