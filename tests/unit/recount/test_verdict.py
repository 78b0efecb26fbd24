"""What a verifier who knows only the log says of a document, also of one that went through other hands."""

import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from recount import read
from recount.tags import bookmark
from recount.verdict import FaultKind
from services.reports.document import render_docx
from services.reports.domain import Wording
from tests.fixtures import documents
from tests.fixtures.book import Book
from tests.fixtures.documents import (
    W,
    append,
    changed,
    controls,
    judged,
    published,
    split_runs,
    town_year,
    unwrap,
    without_bookmarks,
    write,
)

BOOK, FILE = town_year()
CHECK = documents.town_check()


def texts(file: bytes) -> dict[str, set[str]]:
    """What stands under each tag of a document, the proof left out."""
    found: dict[str, set[str]] = {}
    for paragraph in read(file).paragraphs:
        for piece in paragraph.pieces:
            tag = piece.control.tag if piece.control else ""
            if tag and tag != "finding" and not tag.startswith("proof."):
                found.setdefault(tag, set()).add(piece.text)
    return found


def kinds(file: bytes) -> list[tuple[FaultKind, str, str]]:
    return [(fault.kind, fault.tag, fault.text) for fault in judged(file, BOOK).faults]


def test_a_document_as_it_was_compiled_is_borne_out_whole() -> None:
    found = judged(FILE, BOOK, jwks=published())
    assert found.faults == []
    marks = [str(mark.get(f"{W}name")) for mark in _root(FILE).iter(f"{W}bookmarkStart")]
    assert found.correct == len([name for name in marks if re.fullmatch(r"f_\d+_(?!finding).*", name)])
    assert found.notes == []


def _root(file: bytes) -> Any:
    kept: list[Any] = []
    changed(file, kept.append)
    return kept[0]


def _again(book: Book, noun: str, at: int, **data: Any) -> None:
    """The next version of a record, as a correction through the ledgers leaves it."""
    latest: dict[str, Any] = {}
    for event in book.all_events:
        if event.type.split(".")[1] == noun:
            latest[event.subject] = event.data
    state = list(latest.values())[at % len(latest)]
    fields = {name: value for name, value in state.items() if name not in ("id", "town", "version")}
    book.add(noun, state["id"], **{**fields, **{n: d(state) if callable(d) else d for n, d in data.items()}})


def _one_absent(state: dict[str, Any]) -> dict[str, Any]:
    sheet = state["attendance"]
    return {**sheet, "present": sheet["present"][1:], "absent": [*sheet["absent"], sheet["present"][0]]}


MUTATIONS: dict[str, Callable[[Book, int], None]] = {
    "one was not there": lambda book, n: _again(book, "session", n, attendance=_one_absent),
    "a training is void": lambda book, n: _again(book, "activity", n, state="voided"),
    "a mandate ended": lambda book, n: _again(book, "deputyship", n, ended_on="2020-03-01"),
    "a suggestion is of the year before": lambda book, n: _again(
        book, "suggestion", n, raised_on="2019-03-01"
    ),
    "a resolution more": lambda book, n: _again(
        book, "session", n, resolutions=lambda state: [*state.get("resolutions", []), {"title": "决议"}]
    ),
    "a deputy is a woman": lambda book, n: _again(book, "person", n, gender="f"),
    "a person is called otherwise": lambda book, n: _again(book, "person", n, name="王改名"),
    "the quota is another": lambda book, n: _again(book, "town", n, quota=70),
    "a presidium meeting in another quarter": lambda book, n: _again(
        book, "presidium_meeting", n, held_on="2020-05-06"
    ),
    "ballots were miscounted": lambda book, n: _again(
        book, "meeting", n, result=lambda state: {**state["result"], "issued": state["result"]["issued"] + 1}
    ),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_after_a_change_of_one_record_exactly_the_numbers_that_hang_on_it_fail(what: str) -> None:
    """Which those are, a new compile of the changed records tells."""
    book = deepcopy(BOOK)
    MUTATIONS[what](book, random.Random(what).randrange(60))
    before, after = texts(FILE), texts(render_docx(documents.sealed(book)))
    found = judged(FILE, book, jwks=published())
    told: dict[FaultKind, set[str]] = {
        kind: {f.tag for f in found.faults if f.kind is kind} for kind in FaultKind
    }
    assert told[FaultKind.DIFFERS] == {tag for tag in before if tag in after and after[tag] != before[tag]}
    assert told[FaultKind.UNKNOWN] <= before.keys() - after.keys()
    assert told[FaultKind.UNBOUND] == set()
    assert len(found.notes) == 1


def test_by_what_was_sealed_a_later_change_is_no_fault() -> None:
    book = deepcopy(BOOK)
    _again(book, "town", 0, quota=70)
    assert judged(FILE, book, sealed=True).faults == []


def test_a_number_written_over_is_found_with_its_place_and_what_it_should_be() -> None:
    def forge(root: Any) -> None:
        write(controls(root, "congress.resolutions")[0], "77")

    (fault,) = judged(changed(FILE, forge), BOOK).faults
    assert (fault.kind, fault.tag, fault.text) == (FaultKind.DIFFERS, "congress.resolutions", "77")
    assert "“二、" in fault.place
    assert "写作“77”，应为“3”" in fault.message


@pytest.mark.parametrize("lost", ["controls", "bookmarks", "runs", "all three in turn"])
def test_what_word_processors_do_to_a_file_changes_no_verdict(lost: str) -> None:
    def change(root: Any) -> None:
        if lost == "runs" or lost.startswith("all"):
            split_runs(root)
        if lost == "controls":
            for one in controls(root):
                unwrap(one)
        if lost == "bookmarks":
            without_bookmarks(root)
        if lost.startswith("all"):
            for one in controls(root)[::2]:
                unwrap(one)

    found = judged(changed(FILE, change), BOOK)
    assert found.faults == []
    assert found.total == judged(FILE, BOOK).total


def test_a_number_that_lost_both_is_not_bound_once_it_is_another() -> None:
    def change(root: Any) -> None:
        without_bookmarks(root)
        write(controls(root, "congress.expected")[0], "64")
        unwrap(controls(root, "congress.expected")[0])

    assert (FaultKind.DIFFERS, "congress.expected", "64") in kinds(changed(FILE, change))


TYPED = {
    "另有代表12名参加。": ["12"],
    "参加率为９８．５％。": ["98", "5"],
    "帮扶五十八户、三户。": ["五十八", "三"],
    "投入1,200.5元。": ["1", "200", "5"],
    "占百分之九十。": ["百", "九十"],
    "2021年5月9日、每月15日、第3次、9时30分。": ["2021", "5", "9", "15", "3", "9", "30"],
    "第十八届人大第七次会议，一是进一步抓统一。": ["十八", "七"],
    "人发〔2020〕18号文件规定3年内完成。": ["2020", "18", "3"],
    "代表丁示例1、于示例2到会。": [],
    "代表丁示例111到会。": ["111"],
}


def test_a_number_somebody_typed_is_told_and_so_is_a_date_that_was_not_there() -> None:
    faults = kinds(changed(FILE, lambda root: append(root, "".join(TYPED))))
    assert faults == [(FaultKind.UNBOUND, "", text) for found in TYPED.values() for text in found]


def test_what_stands_right_beside_a_number_and_makes_it_another_is_told() -> None:
    def change(root: Any) -> None:
        for tag, beside in BESIDE.items():
            after = etree.Element(f"{W}r")
            etree.SubElement(after, f"{W}t").text = beside
            controls(root, tag)[0].getnext().addnext(after)

    assert {tag for _, tag, _ in kinds(changed(FILE, change))} == set(BESIDE)


BESIDE = {"congress.sessions": "8", "congress.expected": "万", "presidium.meetings": "余"}


def test_a_tag_nobody_defined_and_a_number_that_was_taken_out_are_told() -> None:
    def change(root: Any) -> None:
        controls(root, "congress.sessions")[0].find(f"{W}sdtPr/{W}tag").set(f"{W}val", "congress.applause")
        write(controls(root, "congress.expected")[0], "")

    assert kinds(changed(FILE, change)) == [
        (FaultKind.UNKNOWN, "congress.applause", "1"),
        (FaultKind.DIFFERS, "congress.expected", ""),
    ]


def test_insertions_nobody_accepted_are_read_and_deletions_are_not() -> None:
    def change(root: Any) -> None:
        control = controls(root, "congress.sessions")[0].find(f"{W}sdtContent")
        old = control.find(f"{W}r")
        gone = etree.SubElement(control, f"{W}del")
        gone.append(old)
        old.find(f"{W}t").tag = f"{W}delText"
        new = etree.SubElement(etree.SubElement(control, f"{W}ins"), f"{W}r")
        etree.SubElement(new, f"{W}t").text = "2"

    assert kinds(changed(FILE, change)) == [(FaultKind.DIFFERS, "congress.sessions", "2")]


def test_a_proof_that_was_touched_up_does_not_hold() -> None:
    for tag, text in (
        ("proof.roster.head", "5"),
        ("proof.ratings.hash", "0" * 64),
        ("proof.activities.counted", "1"),
    ):
        file = changed(CHECK, lambda root, tag=tag, text=text: write(_bound(root, tag), text))  # type: ignore[misc]
        assert {fault.tag for fault in judged(file, BOOK).faults} & {tag, tag.replace("head", "hash")}


def _bound(root: Any, tag: str) -> Any:
    """The control of a tag, or what stands in its bookmark."""
    name = bookmark(tag)
    mark = next(m for m in root.iter(f"{W}bookmarkStart") if m.get(f"{W}name").endswith(f"_{name}"))
    return mark.getnext()


def test_the_offices_own_numbers_are_not_bound_and_its_own_words_are_nothing_to_tell() -> None:
    wording = Wording(theme="乡村振兴", paragraphs={"plans": ("2021年召开会议2次，走访全部选区。",)})
    file = documents.signed(documents.sealed(BOOK, wording=wording))
    assert kinds(file) == [(FaultKind.UNBOUND, "", "2")]


def test_every_numeral_stands_in_both_a_control_and_a_bookmark_named_after_it() -> None:
    for control in controls(_root(FILE)):
        mark = control.getprevious()
        assert mark.tag == f"{W}bookmarkStart"
        assert re.fullmatch(r"f_\d{3,}_\w+", mark.get(f"{W}name"))
