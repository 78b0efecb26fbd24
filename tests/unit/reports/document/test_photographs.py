"""Photographs in the documents: valid, upright, under their captions, and named where they are gone."""

import hashlib
import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from services.reports.document import check, render_docx, render_html, render_xlsx
from services.reports.domain import Photograph, RecordRef, Report
from tests.fixtures.pictures import JPEG, PNG, chunk, exif, jpeg_with, png_with, segment
from tests.unit.reports.document.opened import paragraphs, parts
from tests.unit.reports.document.sample import report

TURNED = jpeg_with(segment(0xE1, exif(6, gps=False)))


def photograph(data: bytes, **about: object) -> Photograph:
    fields = {
        "digest": hashlib.sha256(data).hexdigest(),
        "content_type": "image/png" if data.startswith(b"\x89") else "image/jpeg",
        "size_bytes": len(data),
        "width": 400,
        "height": 300,
        "title": "视察农村饮水",
        "kind": "视察",
        "held_on": date(2020, 9, 3),
        "record": RecordRef(source="/t/activities", subject="activity/1", version=1, sequence=7),
    }
    return Photograph.model_validate(fields | about)


def whole(*files: bytes, **about: object) -> tuple[Report, dict[str, bytes]]:
    pictures = {hashlib.sha256(data).hexdigest(): data for data in files}
    return report(photographs=tuple(photograph(data, **about) for data in files)), pictures


def drawn(file: bytes) -> str:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        text = archive.read("word/document.xml").decode()
    return text[text.index('name="photograph 1"') - 300 :]


def test_they_stand_in_an_annex_under_their_captions_and_word_would_open_it(tmp_path: Path) -> None:
    made = render_docx(*whole(JPEG, PNG))
    assert made == render_docx(*whole(JPEG, PNG))
    said = paragraphs(made)
    at = said.index("活动照片")
    assert [line for line in said[at + 1 : at + 5] if line] == [
        "图1\u3000视察农村饮水（2020年9月3日，视察）",
        "图2\u3000视察农村饮水（2020年9月3日，视察）",
    ]
    assert (parts(made)["word/media/photograph1.jpeg"], parts(made)["word/media/photograph2.png"]) == (
        JPEG,
        PNG,
    )
    assert check(made) == []
    path = tmp_path / "report.docx"
    path.write_bytes(made)
    assert [*map(str, OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(path).errors)] == []


@pytest.mark.parametrize(
    ("way_up", "turn"),
    [(1, ""), (2, ' flipH="1"'), (3, ' rot="10800000"'), (6, ' rot="5400000"'), (8, ' rot="16200000"')],
)
def test_the_document_holds_them_upright_and_says_so_once(way_up: int, turn: str) -> None:
    made = render_docx(*whole(TURNED, way_up=way_up))
    assert f"<a:xfrm{turn}><a:off" in drawn(made)
    assert parts(made)["word/media/photograph1.jpeg"] == JPEG  # nothing for a viewer to turn it by again
    wide, high = (int(n) / 36_000 for n in re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', drawn(made))[0])
    seen = (high, wide) if way_up in (6, 8) else (wide, high)
    assert seen[0] <= 140.01
    assert seen[1] == pytest.approx(76, abs=0.01)


def test_one_that_was_withdrawn_leaves_its_caption() -> None:
    shown, _ = whole(JPEG)
    made = render_docx(shown, {})
    assert "图1\u3000视察农村饮水（2020年9月3日，视察）（照片已撤下）" in paragraphs(made)
    assert not [name for name in parts(made) if name.startswith("word/media/")]
    page = render_html(shown, {})
    assert "（照片已撤下）" in page
    assert "<img" not in page


def test_the_page_holds_them_whole_and_the_workbook_lists_them() -> None:
    shown, pictures = whole(JPEG, png_with(chunk(b"sRGB", b"\0")), title="走访<1>户", kind="走访")
    page = render_html(shown, pictures)
    assert page.count('<img src="data:image/jpeg;base64,/9j/') == 1
    assert 'alt="走访&lt;1&gt;户"' in page
    assert "img-src data:" in page
    sheet = openpyxl.load_workbook(BytesIO(render_xlsx(shown)))["活动照片"]
    assert [[cell.value for cell in row][:5] for row in sheet.iter_rows(min_row=2, max_row=2)] == [
        [1, "走访<1>户", "走访", "2020-09-03", "activity/1"]
    ]
    assert "活动照片" not in openpyxl.load_workbook(BytesIO(render_xlsx(report())))
