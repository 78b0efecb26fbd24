"""Workbooks that are no workbooks, that would do harm, or that say what cannot be: nothing of them is written."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.activities.sheets import SHEETS as ACTIVITIES
from services.ratings.sheets import SHEETS as RATINGS
from services.roster.sheets import SHEETS as ROSTER
from shared.workbook import Sheet, write
from shared.workbook.survey import address
from tests.component.bad_input.conftest import Bad, Desk
from tests.fixtures.apps import AS_XLSX, TOWN

pytestmark = [pytest.mark.mongo, pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
DAY = date(2017, 1, 10)


@dataclass(frozen=True)
class Ledger:
    """A ledger's workbook that would be taken; `text`, `day` and `number` are cells of such columns."""

    sheets: Sequence[Sheet]
    rows: Rows
    name: str
    text: str
    day: str
    number: str

    def book(self, also: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
        """The workbook, changed by whoever opened it."""
        data = write([sheet for sheet in self.sheets if sheet.name in self.rows], self.rows)
        if also is None:
            return data
        workbook, buffer = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
        also(workbook)
        workbook.save(buffer)
        return buffer.getvalue()

    def with_cell(self, cell: str, value: Any) -> bytes:
        def put(workbook: openpyxl.Workbook) -> None:
            workbook[self.name][cell] = value

        return self.book(put)


LEDGERS = {
    "roster": Ledger(
        ROSTER,
        {
            "镇情况": [{"code": TOWN, "name": "示例镇", "congress_number": 17}],
            "人员": [{"name": "丁示例01"}, {"name": "马示例02"}],
            "代表资格": [{"person": "丁示例01", "level": "town", "congress_number": 17, "started_on": DAY}],
        },
        "代表资格", "D2", "F2", "C2",
    ),
    "activities": Ledger(
        ACTIVITIES,
        {"活动": [{"reference": "视2020-1", "kind": "visit", "title": "走访", "held_on": date(2020, 9, 1),
                  "present": ("王示例01", "王示例02"), "voters_count": 3}],
         "选民意见": [{"reference": "意2020-1", "received_on": date(2020, 9, 1)}]},
        "活动", "C2", "D2", "M2",
    ),
    "ratings": Ledger(
        RATINGS,
        {
            "评议办法": [{"name": "满意度", "options": (("满意", None), ("基本满意", None), ("不满意", None)),
                       "formula": "satisfied_over_options"}],
            "述职测评会": [{"reference": "述2020-1", "held_on": date(2020, 12, 3), "deputies": ("王示例01",),
                        "scheme": "满意度", "constituency": "第一选区", "invited": 50}],
        },
        "述职测评会", "C2", "B2", "G2",
    ),
}  # fmt: skip


def files(ledger: Ledger) -> Iterator[tuple[str, bytes, int, str]]:
    """(label, file, status, code): what is no workbook, or one made to harm."""
    whole, unreadable = ledger.book(), (400, "workbook-unreadable")
    yield "cut in half", whole[: len(whole) // 2], *unreadable
    yield "without its end", whole[:-30], *unreadable
    yield "noise in the middle", whole[:600] + b"\0" * 400 + whole[1000:], *unreadable
    yield "text of something else", "鞋码,帽子\n42,男\n".encode(), *unreadable
    yield "old Excel, or a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, *unreadable
    yield "a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 2000, *unreadable
    yield "an archive of something else", _archive({"a.txt": b"x"}), *unreadable
    yield "with macros", _archive({**_parts(whole), "xl/vbaProject.bin": b"x"}), *unreadable
    yield (
        "the macro format renamed",
        _with(
            whole,
            "[Content_Types].xml",
            b"openxmlformats-officedocument.spreadsheetml.sheet.main",
            b"ms-excel.sheet.macroEnabled.main",
        ),
        *unreadable,
    )
    linked = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    yield "linked to another file", _archive({**_parts(whole), **linked}), *unreadable
    declared = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet'
    yield "declaring entities", _with(whole, "xl/worksheets/sheet1.xml", b"<worksheet", declared), *unreadable
    yield "encrypted inside", _encrypted(whole), *unreadable
    yield (
        "a zip bomb",
        _archive({**_parts(whole), "xl/media/a.png": b"\0" * 60_000_000}),
        413,
        "workbook-too-large",
    )
    yield (
        "many members",
        _archive({**_parts(whole), **{f"a{n}": b"" for n in range(500)}}),
        413,
        "workbook-too-large",
    )
    yield "too large", b"PK\x03\x04" + b"\0" * (10 * 1024 * 1024), 413, "workbook-too-large"
    yield "far too large", b"PK\x03\x04" + b"\0" * (11 * 1024 * 1024), 413, "too-large"
    yield "empty", b"", 400, "malformed"


def pages(ledger: Ledger) -> Iterator[tuple[str, bytes, str]]:
    """(label, file, place that is named): faults of a whole sheet."""
    name, text, day = ledger.name, ledger.text, ledger.day
    width = len(next(sheet for sheet in ledger.sheets if sheet.name == name).columns)
    beyond = address(1, width + 1)

    def since_1904(workbook: openpyxl.Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        workbook[name][day] = 42529
        workbook[name][day].number_format = "0"

    def twice(workbook: openpyxl.Workbook) -> None:
        workbook[name].append([cell.value for cell in workbook[name][2]])

    changes: list[tuple[str, Callable[[openpyxl.Workbook], Any], str]] = [
        ("merged", lambda w: w[name].merge_cells(f"{text}:{text[0]}3"), f"{name}.{text}"),
        ("one row twice", twice, f"{name}.A3"),
        ("too far down", lambda w: w[name].cell(5002, 1, "x"), f"{name}.A5002"),
        ("too far right", lambda w: w[name].cell(2, 101, "x"), f"{name}.CW2"),
        ("unknown sheet", lambda w: w.create_sheet("备忘").append(["x"]), "备忘"),
        ("unknown column", lambda w: w[name].cell(1, width + 1, "鞋码"), f"{name}.{beyond}"),
        (
            "column without a name",
            lambda w: w[name].cell(2, width + 1, "42"),
            f"{name}.{address(2, width + 1)}",
        ),
        (
            "a column twice",
            lambda w: w[name].cell(1, width + 1, w[name]["A1"].value),
            f"{name}.{beyond}",
        ),
        ("without its key", lambda w: w[name].delete_cols(1), name),
        ("hidden", lambda w: setattr(w[name], "sheet_state", "hidden"), name),
        ("days from 1904", since_1904, f"{name}.{day}"),
    ]
    for label, change, place in changes:
        yield label, ledger.book(change), place


def cells(ledger: Ledger) -> Iterator[tuple[str, bytes, str]]:
    """The same for single cells: numbers where text belongs, days that were not, computed values."""
    texts = (5, 340225198001011231, True, date(2020, 1, 1), "=1+1", "#REF!", "甲_x0007_乙", "长" * 5001)
    days = (
        "2020-02-30",
        "2020年2月30日",
        "2019-02-29",
        "昨天",
        "=TODAY()",
        "#N/A",
        0,
        -5,
        2017,
        9e9,
        True,
    )
    numbers = ("=1+2", "#VALUE!", -1, 1.5, 1e300, "三", "1e3", True, "9" * 30)
    for cell, values in ((ledger.text, texts), (ledger.day, days), (ledger.number, numbers)):
        for value in values:
            yield f"{cell} {str(value)[:20]}", ledger.with_cell(cell, value), f"{ledger.name}.{cell}"


@pytest.mark.parametrize("service", LEDGERS)
async def test_what_is_no_workbook_or_does_harm(desk: Desk, service: str) -> None:
    ledger = LEDGERS[service]
    await desk.all_refused(
        Bad(label, "POST", "/imports", None, status, code, headers=AS_XLSX, data=data)
        for label, data, status, code in files(ledger)
    )


@pytest.mark.parametrize("service", LEDGERS)
async def test_a_wrong_cell_is_named_and_nothing_is_written(desk: Desk, service: str) -> None:
    ledger = LEDGERS[service]
    await desk.all_refused(
        Bad(label, "POST", "/imports", None, 422, "workbook-wrong", at, headers=AS_XLSX, data=data)
        for label, data, at in (*pages(ledger), *cells(ledger))
    )
    sound = await desk.driver.call("POST", "/imports?dry_run=true", data=ledger.book(), headers=AS_XLSX)
    assert (sound.status, sound.json["totals"]["wrong"]) == (200, 0), sound.json


RULES: list[tuple[str, str, dict[str, Any], str]] = [
    ("roster", "镇情况", {"code": "340281200", "name": "别的镇"}, "镇情况.A2"),
    ("roster", "人员", {"name": "丁", "id_number": "34022519800101123"}, "人员.I2"),
    ("roster", "代表资格", {"person": "无此人", "level": "town", "started_on": DAY}, "代表资格.A2"),
    ("roster", "代表资格", {"person": "丁示例01", "level": "town", "started_on": DAY, "group": 9}, "代表资格.G2"),
    ("roster", "代表资格", {"person": "丁示例01", "level": "town", "started_on": DAY, "ended_on": DAY}, "代表资格.J2"),
    ("roster", "代表资格", {"person": "丁示例01", "level": "town", "started_on": DAY, "ended_on": date(2017, 1, 9),
                        "ended_reason": "died"}, "代表资格.I2"),
    ("activities", "活动", {"present": ("王示例01", "无此人")}, "活动.H2"),
    ("activities", "活动", {"present": ("王示例01",), "absent": ("王示例01",)}, "活动.H2"),
    ("activities", "活动", {"present": ("王示例01",), "absent": ("王示例01（县级）",)}, "活动.J2"),
    ("activities", "活动", {"present": ("王示例01（县级）",), "on_leave": (("王示例01", "illness"),)}, "活动.I2"),
    ("activities", "活动", {"present": ("王示例08",)}, "活动.H2"),
    ("activities", "活动", {"group": 9}, "活动.F2"),
    ("ratings", "述职测评会", {"deputies": ("王示例01", "无此人")}, "述职测评会.D2"),
    ("ratings", "述职测评会", {"scheme": "无此办法"}, "述职测评会.E2"),
]  # fmt: skip


@pytest.mark.parametrize("service", LEDGERS)
async def test_a_row_against_the_rules_is_named(desk: Desk, service: str) -> None:
    whole = LEDGERS[service]
    cases = []
    for number, (of, name, fields, at) in enumerate(RULES):
        if of == service:
            first = {} if of == "roster" else whole.rows[name][0]
            rows = {**whole.rows, name: [{**first, **fields}]}
            data = Ledger(whole.sheets, rows, name, "", "", "").book()
            label = f"{number} {at}"
            cases.append(
                Bad(label, "POST", "/imports", None, 422, "workbook-wrong", at, headers=AS_XLSX, data=data)
            )
    await desk.all_refused(cases)


async def test_counts_against_the_rules(ratings: Desk) -> None:
    ledger, driver = LEDGERS["ratings"], ratings.driver
    meeting = {**ledger.rows["述职测评会"][0], "state": "open"}
    opened = Ledger(RATINGS, {**ledger.rows, "述职测评会": [meeting]}, "", "", "", "").book()
    assert (await driver.call("POST", "/imports", data=opened, headers=AS_XLSX)).status == 200
    row = {
        "meeting": "述2020-1",
        "deputy": "王示例01",
        "issued": 12,
        "returned": 10,
        "void": 0,
        "satisfied": 10,
    }
    wrong: dict[str, dict[str, Any]] = {
        "B2": {"satisfied": 9}, "I2": {"satisfied": 9, "unknown": 1}, "A2": {"meeting": "述2020-9"},
        "F2": {"satisfied": -1},
    }  # fmt: skip
    cases = []
    for cell, fields in wrong.items():
        data = write([RATINGS[3]], {"计票（第一遍）": [{**row, **fields}]})
        cases.append(
            Bad(cell, "POST", "/imports", None, 422, "workbook-wrong", f"计票（第一遍）.{cell}",
                roles=("teller",), headers=AS_XLSX, data=data)
        )  # fmt: skip
    await ratings.all_refused(cases)


async def test_two_files_are_one_too_many(roster: Desk) -> None:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a.xlsx"\r\n\r\nPK\r\n' % n
        for n in (1, 2)
    )
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    await roster.all_refused(
        [
            Bad(
                "two",
                "POST",
                "/imports",
                None,
                400,
                "malformed",
                "body.file",
                headers=form,
                data=parts + b"--x--\r\n",
            ),
            Bad(
                "none",
                "POST",
                "/imports",
                None,
                400,
                "malformed",
                "body.file",
                headers=form,
                data=b"--x--\r\n",
            ),
            Bad("no form", "POST", "/imports", None, 400, "malformed", headers=form, data=b"nonsense"),
        ]
    )


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _with(data: bytes, part: str, before: bytes, after: bytes) -> bytes:
    parts = _parts(data)
    assert before in parts[part]
    return _archive({**parts, part: parts[part].replace(before, after, 1)})


def _encrypted(data: bytes) -> bytes:
    """The first member marked as encrypted, as archivers mark it."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.index(mark) + offset
        changed[at : at + 2] = struct.pack("<H", struct.unpack_from("<H", changed, at)[0] | 1)
    return bytes(changed)
