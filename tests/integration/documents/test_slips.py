"""Slips on paper: the PDF rendered by poppler, and every QR code on it read back from the picture."""

import re
import subprocess
from pathlib import Path

import pytest
import zxingcpp

from services.ratings.pages.slips import slips_pdf
from shared.documents.faces import face
from shared.errors import FontMissing
from shared.security.codes import new
from tests.fixtures.meetings import a_meeting
from tests.probes import PATIENCE

BASE = "https://renda.example.gov.cn"
CODES = tuple(new(16) for _ in range(11))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("slips") / "slips.pdf"
    meeting = a_meeting(constituency="第一选区（示例村、样本村、范例社区）")
    path.write_bytes(slips_pdf(meeting, "示例镇", CODES, BASE, face(None)))
    return path


def told(*command: str) -> str:
    """What a program says; anything that it complains of fails the test."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr == ""
    return done.stdout


def test_every_code_is_read_from_the_printed_sheet(printed: Path) -> None:
    told("pdftoppm", "-r", "150", "-gray", str(printed), str(printed.with_suffix("")))
    read: list[str] = []
    for picture in sorted(printed.parent.glob("*.pgm")):
        _, size, _, pixels = picture.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        read += [
            found.text for found in zxingcpp.read_barcodes(memoryview(pixels).cast("B", (height, width)))
        ]
    assert sorted(read) == sorted(f"{BASE}/r/{code}" for code in CODES)


def test_the_sheet_is_text_in_a_font_of_its_own_on_a4(printed: Path) -> None:
    words = re.sub(r"\s", "", told("pdftotext", str(printed), "-"))
    assert words.count("示例镇人大代表述职测评") == len(CODES)
    assert words.count("2020年12月3日第一选区（示例村、样本村、范例社区）") == len(CODES)
    assert all(f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" in words for code in CODES)
    assert "yes no  yes" in told("pdffonts", str(printed))  # embedded, not a part of a font, to be searched
    facts = told("pdfinfo", str(printed))
    assert re.search(r"Pages: +2\n", facts)
    assert "(A4)" in facts


def test_the_same_slips_give_the_same_bytes() -> None:
    first, again = (slips_pdf(a_meeting(), "示例镇", CODES, BASE, face(None)) for _ in range(2))
    assert first == again


def test_without_a_font_it_is_said_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    for given, folders in ((None, [tmp_path]), (tmp_path / "none.ttf", [])):
        with pytest.raises(FontMissing, match="fonts-noto-cjk"):
            face(given, folders)
