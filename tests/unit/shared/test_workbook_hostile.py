"""Workbooks made to harm or to deceive: refused quickly, and never read otherwise than they look."""

import contextlib
import io
import struct
import zipfile
import zlib
from datetime import datetime
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from shared.workbook import TooBig, Unreadable, read, write
from shared.workbook.cells import short
from tests.unit.shared.test_workbook import problems, repacked
from tests.unit.shared.workbooks import HEADERS, PEOPLE, SHEETS, book

SHEET = "xl/worksheets/sheet1.xml"
ROW: list[Any] = ["丁示例01", "男", None, None, 3]


def edited(before: bytes, after: bytes, part: str = SHEET, data: bytes | None = None) -> bytes:
    """The workbook with one part's bytes changed, which must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert before in content
        return content.replace(before, after)

    return repacked(data or book(HEADERS, ROW), change)


def refusal(data: bytes) -> str:
    with pytest.raises((Unreadable, TooBig)) as caught:
        read(data, SHEETS)
    return str(caught.value)


@pytest.mark.parametrize(
    "reference",
    [b"A" * 300_000 + b"2", b"A0", b"A-2", b"$A$2", b"A", b"2", b"A" + b"9" * 5000, "Ａ２".encode(), b"B3"],
)
def test_addresses_no_cell_has(reference: bytes) -> None:
    assert "损坏" in refusal(edited(b'r="A2"', b'r="' + reference + b'"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<c r="B2"', b'<c r="A2"'),
        (b'<c r="A2"', b'<c r="C2"'),
        (b'<row r="1"', b'<row r="2"'),
        (b'<row r="2"', b'<row r="1"'),
        (b'<row r="2"', b'<row r="two"'),
    ],
)
def test_a_cell_stands_once_and_in_its_place(before: bytes, after: bytes) -> None:
    assert "损坏" in refusal(edited(before, after))


@pytest.mark.parametrize(
    "formula",
    [
        b"<f>1+2</f>",
        b'<f t="array" ref="E2">1+2</f>',
        b'<f t="shared" si="0"/>',
        b'<x:f xmlns:x="urn:x">1+2</x:f>',
    ],
)
def test_formulas_in_whatever_disguise(formula: bytes) -> None:
    assert problems(read(edited(b"<v>3</v>", formula), SHEETS)).keys() == {"E2"}
    told = read(edited(b"<v>3</v>", formula + b"<v>3</v>"), SHEETS)
    assert (told.problems, [note.cell for note in told.notes]) == ([], ["E1"])


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!"])
def test_errors_in_place_of_values(error: str) -> None:
    found = problems(read(book(HEADERS, [error, "男", None, error, error]), SHEETS))
    assert found.keys() == {"A2", "D2", "E2"}


def test_a_sheet_in_another_namespace_is_the_same_sheet() -> None:
    strict = repacked(
        book(HEADERS, ROW),
        lambda _, content: content.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )
    assert read(strict, SHEETS).rows("人员")[0]["name"] == "丁示例01"


def test_numbers_are_no_days_where_days_are_counted_from_1904() -> None:
    def since_1904(workbook: openpyxl.Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        page = workbook["人员"]
        page.append(["丁示例01", None, None, datetime(2020, 6, 9)])  # noqa: DTZ001 – Excel knows no zones
        page.append(["王示例02", None, None, 42529])

    found = read(book(HEADERS, also=since_1904), SHEETS)
    assert str(found.rows("人员")[0]["started_on"]) == "2020-06-09"
    assert "1904" in problems(found)["D3"]


def test_what_is_hidden_is_not_taken_unseen() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook.create_sheet("计票（第一遍）").append(["会议"])
        workbook.create_sheet("草稿").append(["x"])
        workbook["草稿"].sheet_state = "veryHidden"
        workbook["人员"].sheet_state = "hidden"

    said = [(p.sheet, p.message[:7]) for p in read(book(HEADERS, ROW, also=hide), SHEETS).problems]
    assert said == [("人员", "工作表是隐藏的"), ("草稿", "不认识的隐藏的")]


def test_letters_of_names_in_the_archive_do_not_matter() -> None:
    linked = {"XL__ExternalLinks__externalLink1.xml": b"<a/>"}
    assert "断开链接" in refusal(repacked(book(["姓名"]), lambda _, content: content, **linked))
    twice = {"XL__workbook.xml": b"<a/>"}
    assert "损坏" in refusal(repacked(book(["姓名"]), lambda _, content: content, **twice))


def test_a_format_made_for_macros_is_refused_though_renamed() -> None:
    kind = b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"
    assert "宏" in refusal(edited(kind, b"vnd.ms-excel.sheet.macroEnabled.main", "[Content_Types].xml"))


def test_declarations_in_another_encoding_are_found() -> None:
    declared = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    plain, coded = book(["姓名"]), declared.encode("utf-16")
    assert "不应有" in refusal(repacked(plain, lambda name, old: coded if name == SHEET else old))
    assert "不应有" in refusal(repacked(plain, lambda name, old: coded if name == "xl/workbook.xml" else old))


def test_an_encoding_nobody_knows() -> None:
    assert "损坏" in refusal(edited(b"<worksheet", b'<?xml version="1.0" encoding="U-TF-8"?><worksheet'))


def test_an_archive_that_lies_about_its_size_is_read_no_further_than_it_says() -> None:
    """The directory says how long a part is; what the packed bytes really hold must never be unpacked."""
    whole, part = write((PEOPLE,), {"人员": [{"name": "丁示例01"}]}), "xl/sharedStrings.xml"
    honest = zipfile.ZipFile(io.BytesIO(whole)).read(part)
    real = honest.replace(b"</sst>", b"<si><t>a</t></si>" * 500_000 + b"</sst>")
    data = bytearray(repacked(whole, lambda name, content: real if name == part else content))
    told = struct.pack("<I", zlib.crc32(real[: len(honest)])), struct.pack("<I", len(honest))
    local = zipfile.ZipFile(io.BytesIO(bytes(data))).getinfo(part).header_offset
    directory = data.rfind(b"PK\x01\x02", 0, data.rfind(part.encode()))
    for offset in (local + 14, directory + 16):
        data[offset : offset + 4], data[offset + 8 : offset + 12] = told
    assert "损坏" in refusal(bytes(data))


def test_a_sheet_of_a_million_things_is_not_walked_to_the_end() -> None:
    random = Random(1)
    things = "".join(f'<x a="{random.getrandbits(30):x}"/>' for _ in range(1_000_001))
    assert "过多" in refusal(edited(b"</sheetData>", b"<row>" + things.encode() + b"</row></sheetData>"))


def test_many_faults_of_one_kind_are_said_once() -> None:
    nameless = read(book(["姓名"], *([f"丁示例{n}", "?"] for n in range(200))), SHEETS)
    assert problems(nameless).keys() == {"B2"}
    long = read(book(["姓名", "列" * 4000], ["丁示例01"]), SHEETS)
    assert len(problems(long)["B1"]) < 60


def test_messages_quote_no_numbers_of_phones_and_identity_cards() -> None:
    found = read(
        book(HEADERS, ["丁示例01", "13900001234", None, "340225198001011234", "34022519800101123X"]), SHEETS
    )
    assert problems(found).keys() == {"B2", "D2", "E2"}
    assert "1234" not in str(problems(found))
    assert "340225" not in str(problems(found))
    assert short("电话１３９００００１２３４ 王某") == "电话… 王某"


PARTS = [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"]
PIECES = [
    *(b"<c", b"<v>", b"</v>", b'r="A1"', b'r="XFD1048576"', b't="s"', b't="d"', b't="inlineStr"', b's="999"'),
    *(b"-1", b"9" * 20, b"1e999", b"&#0;", b"&amp;", b"\xff", b"", b"</row>", b"<row>", b"<f>1</f>"),
    *(b'date1904="1"', b'<dimension ref="A1:XFD1048576"/>', b'<mergeCell ref="B2:A1"/>'),
]


@settings(max_examples=150)
@given(
    st.sampled_from(PARTS),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 20), st.sampled_from(PIECES)), min_size=1, max_size=3
    ),
)
def test_whatever_is_done_to_a_part_it_is_read_or_refused(
    part: str, changes: list[tuple[int, int, bytes]]
) -> None:
    def damage(name: str, content: bytes) -> bytes:
        if name == part:
            for at, length, piece in changes:
                start = at % len(content)
                content = content[:start] + piece + content[start + length :]
        return content

    whole = write((PEOPLE,), {"人员": [{"name": "丁示例01", "gender": "m", "votes": 3}]})
    with contextlib.suppress(Unreadable, TooBig):
        read(repacked(whole, damage), SHEETS)
