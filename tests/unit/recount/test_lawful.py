"""What an office and word processors may do to a document: it is listed where words changed, and is no fault."""

import re
from collections.abc import Callable

import pytest

from recount import Log, read, verify
from recount.faults import Recount
from services.reports.compiler import compile_report, prove
from services.reports.domain import Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SOURCES
from tests.fixtures.book import Book
from tests.fixtures.documents import (
    FIRST,
    LAST,
    log_of,
    published,
    sealed,
    signed,
    split_runs,
    town_log,
    town_year,
    without_bookmarks,
)
from tests.fixtures.example import example
from tests.unit.recount.mutations.word import W, Word, paragraph, run, text_of, unwrap, xml

CASES = (
    ("水渠", "3"),
    ("A3", "反映问题"),
    ("5", "共3"),
    ("水渠 3 号", "3 km"),
    ("水渠", "3.5\n4户"),
    ("水渠", "三件。12次"),
)
"""Titles and what was raised, with numbers in words too few to be quoted alone."""
BOOK, FILE = town_year()
LOG = town_log()


def judged(file: bytes) -> Recount:
    return verify(read(file), LOG, FIRST, LAST, keys=published())


def _first(word: Word, text: str) -> None:
    """A sentence in front of a paragraph."""
    target = word.paragraph()
    place = next(n for n, child in enumerate(target) if child.tag != f"{W}pPr")
    target.insert(place, run(text))


def _reworded(word: Word) -> None:
    """Words between the numbers are others; each number keeps its unit."""
    text = next(t for t in word.root.iter(f"{W}t") if "举行镇人民代表大会会议" in (t.text or ""))
    text.text = (text.text or "").replace("举行镇人民代表大会会议", "依法举行镇人民代表大会会议")


def _shortened(word: Word) -> None:
    """The end of a paragraph is gone, numbers included."""
    target = word.control().getparent()
    for element in list(target)[7:]:
        target.remove(element)
    text = next(target[-1].iter(f"{W}t"))
    text.text = re.split("[，。；]", text.text or "")[0] + "。"


def _paragraph_gone(word: Word) -> None:
    target = word.paragraph()
    target.getparent().remove(target)


def _moved(word: Word) -> None:
    """A paragraph stands behind the next one."""
    target = word.paragraph()
    target.getnext().addnext(target)


def _joined(word: Word) -> None:
    """Two paragraphs are one."""
    found = [p for p in word.body.iterfind(f"{W}p") if p.find(f"{W}sdt") is not None]
    at = next(n for n, p in enumerate(found) if p.getnext() is found[n + 1])
    for element in list(found[at + 1]):
        if element.tag != f"{W}pPr":
            found[at].append(element)
    found[at + 1].getparent().remove(found[at + 1])


def _split(word: Word) -> None:
    """A paragraph is two, cut where a clause ends."""
    target = word.control().getparent()
    runs = [
        child
        for child in target
        if child.tag == f"{W}r" and any("".join(after.itertext()) for after in child.itersiblings())
    ]
    last = next(r for r in reversed(runs) if re.search("[，。；]", "".join(r.itertext())))
    text = next(last.iter(f"{W}t"))
    end = re.search("[，。；]", text.text or "")
    assert end is not None
    new = paragraph((text.text or "")[end.end() :])
    text.text = (text.text or "")[: end.end()]
    for element in list(last.itersiblings()):
        new.append(element)
    target.addnext(new)


def _looks(word: Word) -> None:
    """Bold, red, marked and a little narrower, as an office marks what is to be looked at; and a word more."""
    properties = (
        '<w:b/><w:color w:val="FF0000"/><w:spacing w:val="-4"/><w:w w:val="90"/><w:highlight w:val="yellow"/>'
    )
    next(word.control().iter(f"{W}r")).insert(0, xml(f"<w:rPr>{properties}</w:rPr>"))
    _first(word, "今年以来，")


LAWFUL: dict[str, Callable[[Word], None]] = {
    "a sentence more": lambda word: word.paragraph().append(run("代表们进一步统一了思想，一致表示满意。")),
    "sayings more": lambda word: word.paragraph().append(
        run("统筹推进五位一体总体布局，坚持一张蓝图绘到底，半年来零距离服务群众。")
    ),
    "the look of a number": _looks,
    "a sentence in front": lambda word: _first(word, "在县人大常委会的指导下，"),
    "a paragraph more": lambda word: word.paragraph().addnext(paragraph("这些工作得到了群众一致好评。")),
    "other words between": _reworded,
    "the end of a paragraph gone": _shortened,
    "a paragraph gone": _paragraph_gone,
    "a paragraph moved": _moved,
    "two paragraphs joined": _joined,
    "a paragraph split": _split,
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LAWFUL)
def test_rewording_that_keeps_the_numbers_is_listed_and_no_fault(name: str, seed: int) -> None:
    word = Word(FILE, f"{seed} {name}")
    LAWFUL[name](word)
    found = judged(word.bytes())
    assert found.faults == []
    assert found.reworded


def test_a_town_without_any_event_of_one_source_verifies() -> None:
    book = example(Book())
    book.events["ratings"].clear()
    heads = [
        SealedHead(name, len(log), log[-1].hash if log else "0" * 64, book.ledger.counts(name))
        for name, log in book.events.items()
    ]
    report = compile_report(prove(book.town, "2020", LAST, book.events, heads), heads, Wording(), id="report")
    found = verify(read(signed(report)), Log.from_events(book.town, log_of(book)), FIRST, LAST)
    assert found.faults == []


def test_a_paragraph_the_office_edited_in_the_product_is_signed_as_it_is() -> None:
    paragraph = next(p for s in sealed(BOOK).sections for p in s.paragraphs if p.id == "presidium_meetings")
    wording = Wording(theme="乡村振兴", edited={paragraph.id: f"{paragraph.text}会议纪律良好。"})
    found = judged(signed(sealed(BOOK, wording=wording)))
    assert (found.faults, found.reworded) == ([], [])


def _as_wps_leaves_it(word: Word) -> None:
    for control in list(word.root.iter(f"{W}sdt")):
        unwrap(control)
    split_runs(word.root)


def _as_nobody_should(word: Word) -> None:
    without_bookmarks(word.root)
    _as_wps_leaves_it(word)


@pytest.mark.parametrize("change", [_as_wps_leaves_it, _as_nobody_should])
def test_the_wording_binds_the_numbers_where_controls_and_bookmarks_are_gone(
    change: Callable[[Word], None],
) -> None:
    word = Word(FILE, "")
    change(word)
    found = judged(word.bytes())
    assert (found.faults, found.reworded) == ([], [])
    assert found.correct == judged(FILE).correct


def test_what_wps_leaves_may_be_reworded_too() -> None:
    word = Word(FILE, "")
    _reworded(word)
    for control in list(word.root.iter(f"{W}sdt")):
        unwrap(control)
    assert judged(word.bytes()).faults == []


@pytest.mark.parametrize(("title", "raised"), CASES)
def test_numbers_in_a_case_are_the_words_of_its_record(title: str, raised: str) -> None:
    book = example()
    case = {"raised": raised, "done": "走访2次", "effect": "修好", "in_report": True}
    book.add("activity", kind="inspection", title=title, held_on="2020-05-10", case=case)
    for service in SOURCES:
        book.seal(service, year=2020, as_of=str(LAST))
    file = signed(sealed(book))
    result = verify(read(file), Log.from_events(book.town, log_of(book)), FIRST, LAST, keys=published())
    assert result.faults == []


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufff9", "\U000e0041"])
def test_what_was_pasted_with_characters_that_show_nothing_verifies(unseen: str) -> None:
    book = example()
    title, sign = f"视察{unseen}G347{unseen}国道第2标段{unseen}", f"第{unseen}3组"
    book.add("activity", kind="inspection", title=title, held_on="2020-05-10", place=sign, themes=[sign])
    for service in SOURCES:
        book.seal(service, year=2020, as_of=str(LAST))
    file = signed(sealed(book))
    result = verify(read(file), Log.from_events(book.town, log_of(book)), FIRST, LAST, keys=published())
    assert result.faults == []
    assert "视察G347国道第2标段" in "".join(
        text_of(paragraph) for paragraph in Word(file, "").root.iter(f"{W}p")
    )
