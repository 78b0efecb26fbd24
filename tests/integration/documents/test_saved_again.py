"""A summary that LibreOffice saved says what it said, to the verification and to the reader of what staff edited."""

from collections import Counter
from pathlib import Path

import pytest

from recount import read, verify
from services.reports.document import edited, render_docx
from services.reports.document.edited import Change
from services.reports.handlers.uploaded_text import handed_out
from tests.fixtures.book import Book
from tests.fixtures.documents import FIRST, LAST, judged, published, town_log, town_report, town_year
from tests.fixtures.example import example
from tests.fixtures.paper import WORD, saved_as
from tests.unit.recount.mutations.word import W, Word, text_of
from tests.unit.reports.document.staff import Staff

WHOLE = town_report()


def test_two_saves_change_nothing(tmp_path: Path) -> None:
    file = town_year()[1]
    saved = saved_as(tmp_path, file, WORD, WORD)
    before, found = (verify(read(one), town_log(), FIRST, LAST, keys=published()) for one in (file, saved))
    assert (found.faults, found.reworded) == ([], [])
    assert found.correct == before.correct
    assert _controls(saved) == _controls(file)


def _controls(file: bytes) -> list[tuple[str, str]]:
    """Title and text of every content control; LibreOffice 7.4 keeps no tag, but the bookmark around it."""
    found = Word(file, "").root.iter(f"{W}sdt")
    return [(control.find(f"{W}sdtPr/{W}alias").get(f"{W}val"), text_of(control)) for control in found]


def test_every_paragraph_and_every_number_that_staff_edited_comes_back(tmp_path: Path) -> None:
    report = WHOLE.model_copy(update={"tables": WHOLE.tables[:1], "findings": (), "figures": ()})
    plain = render_docx(report)
    file = Staff(3).edit(plain)
    back = saved_as(tmp_path, file, WORD)
    one, other = (edited.matched(report, edited.read(it).lines, handed_out(report)) for it in (file, back))
    assert [(m.id, m.change, m.after) for m in other.matches] == [
        (m.id, m.change, m.after) for m in one.matches
    ]
    book = example(Book())
    assert Counter(f.text for f in judged(back, book).faults) == Counter(
        f.text for f in judged(file, book).faults
    )


@pytest.mark.parametrize("formats", [(WORD,), ("odt", WORD)], ids=["docx", "odt"])
def test_nothing_is_doubled_or_lost_in_text_and_annexes(tmp_path: Path, formats: tuple[str, ...]) -> None:
    back = saved_as(tmp_path, render_docx(WHOLE), *formats)
    found = edited.matched(WHOLE, edited.read(back).lines, handed_out(WHOLE))
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert (found.ignored, found.added, found.placed, found.headings) == ([], {}, {}, ())
