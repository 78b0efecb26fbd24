"""Marks of printed sheets: those of the library, found again where the layout says, without personal data."""

from datetime import date

import cv2
import numpy as np

from services.activities.handlers import scans
from services.activities.pages import printed, sign_in
from shared.documents.layout import Layout
from shared.documents.marks import PATTERNS, PageCode, Subject, corners
from shared.documents.scan.straighten import Marks
from tests.scan.photographs import SCALE, rendered
from tests.scan.samples import DAY, ROLL, SUBJECT, of_63


def test_corner_marks_are_those_of_the_dictionary() -> None:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, pattern in enumerate(PATTERNS):
        drawn = cv2.aruco.generateImageMarker(dictionary, number, 6)[1:5, 1:5]
        assert ["".join("1" if bit else "0" for bit in row) for row in drawn] == list(pattern)


def test_marks_and_code_are_on_each_page_where_the_layout_says() -> None:
    pdf, layout = of_63()
    for page, code in zip(rendered(pdf), layout.codes, strict=True):
        found = Marks.of(page).found
        for number, place in enumerate(corners(layout.width, layout.height)):
            assert np.abs(found[number][0][0] / SCALE - place).max() < 0.3
        assert PageCode.read(str(code)) == code


def test_the_code_says_nothing_of_people() -> None:
    _, layout = of_63()
    for code in layout.codes:
        assert not any(line.name in str(code) or line.deputyship_id in str(code).lower() for line in ROLL)


def test_a_page_that_has_but_lines_to_sign_is_not_missing() -> None:
    layout = printed.layout(None, sign_in.sign_in(SUBJECT, "示例镇", "会议", DAY, ROLL[:23]))
    assert (len(layout.pages), layout.read_pages) == (2, (1,))
    assert scans.proposal(ROLL[:23], 1, [layout], []).missing == (1,)


def test_another_list_is_another_edition_and_another_title_is_none() -> None:
    def edition(title: str, people: int) -> str:
        sheet = sign_in.sign_in(SUBJECT, "示例镇", title, DAY, ROLL[:people])
        return printed.layout(None, sheet).edition

    assert edition("第七次会议", 63) == edition("一个很长的名称" * 20, 63)
    assert edition("第七次会议", 63) != edition("第七次会议", 62)


def test_a_layout_is_the_same_after_its_way_to_another_process() -> None:
    _, layout = of_63()
    assert Layout.from_json(layout.as_json()) == layout


def test_a_text_of_another_code_is_none_of_ours() -> None:
    assert PageCode.read("https://renda.example.gov.cn/o/abcd") is None
    written = str(of_63()[1].codes[0])
    assert PageCode.read(written) is not None
    for other in (
        written + "0" * 4000,
        written.replace(":1:", f":{'1' * 3000}:"),
        written.replace(":1:", ":١:"),
    ):
        assert PageCode.read(other) is None
    assert Subject.of("S", "1", "a", date.min.isoformat()) != Subject.of("S", "1", "b", date.min.isoformat())
