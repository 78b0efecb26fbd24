"""Sheets on paper: rendered by poppler without a complaint, their words found, the code of the poster read back."""

import subprocess
from datetime import date
from pathlib import Path

import zxingcpp
from PIL import Image

from services.activities.domain.roll import Line
from services.activities.pages import printed as activities
from services.activities.pages import sign_in
from services.ratings.pages import printed as ratings
from shared.documents.marks import Subject
from tests.fixtures.meetings import a_meeting

SUBJECT = Subject.of("S", "340281001", "session", "2020-01-08")
URL = "https://renda.example.gov.cn/o/abcd"


def words_of(data: bytes, folder: Path) -> list[str]:
    """The text of each page; whatever poppler complains of fails."""
    path = folder / "sheet.pdf"
    path.write_bytes(data)
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True)
    assert told.stderr == b""
    return told.stdout.decode().split("\f")[:-1]


def test_a_sign_in_sheet_goes_on_over_pages_with_its_head_on_each(tmp_path: Path) -> None:
    roll = [
        Line(
            number=n,
            deputyship_id=str(n),
            person_id=str(n),
            name=f"王示例{n:02}",
            constituency="第一选区",
            group=1,
        )
        for n in range(1, 64)
    ]
    sheet = sign_in.sign_in(SUBJECT, "示例镇", "第十七届人大七次会议", date(2020, 1, 8), roll)
    pages = words_of(activities.drawn(None, sheet), tmp_path)
    assert len(pages) > 2
    assert all("批准人" in page for page in pages)
    assert "第十七届人大七次会议签到册" in pages[0]
    assert "应到 63 人" in pages[0]
    assert "王示例63" in pages[-1]


def test_each_count_has_a_sheet_with_the_options_of_the_scheme(tmp_path: Path) -> None:
    meeting = a_meeting(constituency="第一选区")
    names = {id: f"李示例{n:02}" for n, id in enumerate(meeting.deputyship_ids)}
    pages = words_of(ratings.count_sheets(None, meeting, "示例镇", names), tmp_path)
    assert ["第一遍" in page for page in pages] == [True, False]
    for page in pages:
        assert all(option.label in page for option in meeting.scheme.options)
        assert "李示例00" in page


def test_the_code_of_a_poster_is_read_back(tmp_path: Path) -> None:
    (page,) = words_of(activities.poster(None, "示例镇", "小镇联络站", "abcdefgh", URL), tmp_path)
    assert "有话跟代表说" in page
    assert "示例镇人大代表小镇联络站" in page
    picture = tmp_path / "page"
    subprocess.run(
        ["pdftoppm", "-r", "60", "-png", "-singlefile", str(tmp_path / "sheet.pdf"), str(picture)],
        check=True,
    )
    with Image.open(picture.with_suffix(".png")) as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == URL
