"""The report of an area counted again: right as compiled, and every change of a number, a town or a log is seen."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from recount import area, read
from recount.faults import FaultKind, Recount
from recount.log import Broken
from recount.package import NotReadable
from shared.security.keystore import KeyStore
from tests.fixtures.county import FIRST, FOURTH, SECOND, County, check_document, summary
from tests.fixtures.documents import W, changed, controls, published, write


@cache
def county() -> County:
    """The same for all tests of a process, which do not change it."""
    return County()


@cache
def compiled(write: Callable[[County], bytes] = summary) -> bytes:
    return write(county())


def judged(file: bytes, events: list[dict[str, Any]] | None = None) -> Recount:
    return area.verify(read(file), county().logs() if events is None else events, keys=published())


@pytest.mark.parametrize("document", [summary, check_document], ids=["summary", "check"])
def test_what_was_compiled_is_right(document: Callable[[County], bytes]) -> None:
    result = judged(compiled(document))
    assert result.faults == []
    assert result.reworded == []
    assert result.correct > 200
    assert (
        result.scope == ["核验总结 340281，统计期 2020-01-01 至 2020-12-07，乡镇4个，计入已接收的2个"]
        or document is check_document
    )


def test_every_changed_number_is_seen() -> None:
    tags = {
        "hand_in.accepted",
        "hand_in.missing",
        f"training.times@{FIRST}",
        "training.times@towns",
        "plan.done",
    }

    def alter(root: Any) -> None:
        for tag in tags:
            write(controls(root, tag)[0], "99")

    result = judged(changed(compiled(), alter))
    assert {fault.tag for fault in result.faults if fault.kind is FaultKind.DIFFERS} == tags


def test_a_town_taken_out_of_the_text_is_seen() -> None:
    def leave_out(root: Any) -> None:
        text = next(t for t in root.iter() if t.text and "十里墩镇" in t.text)
        text.text = text.text.replace("十里墩镇", "")

    assert judged(changed(compiled(), leave_out)).reworded


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (lambda event: event["source"] != f"/{FOURTH}/roster", []),
        (lambda event: event["source"] != f"/{SECOND}/reports", ["石涧镇"]),
        (lambda event: event["source"] != f"/{FIRST}/roster", ["名册"]),
    ],
    ids=["not needed", "reports", "records"],
)
def test_a_log_that_is_not_there_is_seen(alter: Callable[[Any], bool], told: list[str]) -> None:
    result = judged(compiled(), [event for event in county().logs() if alter(event)])
    assert bool(result.faults) == bool(told)


def test_a_log_that_was_rewritten_is_refused() -> None:
    events = json.loads(json.dumps(county().logs()))
    next(e for e in events if e["type"].startswith("reports.report.accepted"))["data"]["as_of"] = "2020-12-31"
    with pytest.raises(Broken):
        judged(compiled(), events)


def test_a_town_of_another_figure_and_a_row_taken_out_are_seen() -> None:
    def alter(root: Any) -> None:
        tag = controls(root, f"training.times@{FIRST}")[0].find(f"{W}sdtPr/{W}tag")
        tag.set(f"{W}val", f"training.times@{SECOND}")
        row = next(row for row in root.iter(f"{W}tr") if "襄安镇" in "".join(row.itertext()))
        row.getparent().remove(row)

    faults = judged(changed(compiled(), alter)).faults
    assert any("控件所注的指标被换过" in fault.message for fault in faults)
    assert any("少了" in fault.message for fault in faults)


def test_another_key_and_no_proof_are_refused(tmp_path: Path) -> None:
    other = json.loads(KeyStore(tmp_path).published())
    result = area.verify(read(compiled()), county().logs(), keys=other)
    assert [fault.message for fault in result.faults] == ["签名无效，或者不是这个系统的密钥签的"]
    document = read(compiled())
    document.proof = None
    with pytest.raises(NotReadable):
        area.verify(document, county().logs())


@pytest.mark.parametrize(
    "garbage", [1, {"town": FIRST}, {"town": FIRST, "source": f"/{FIRST}/reports", "sequence": "x"}]
)
def test_what_is_no_log_is_refused(garbage: Any) -> None:
    with pytest.raises(Broken):
        judged(compiled(), [*county().logs(), garbage])


def test_a_report_returned_later_does_not_change_what_was_compiled_before() -> None:
    later = County()
    later.streams[FIRST].tell(later.compiled[FIRST], "returned")
    assert judged(compiled(), later.logs()).faults == []


def test_a_town_that_the_document_does_not_list_is_told() -> None:
    event = {**county().logs()[0], "town": "340281199"}
    [note] = [note for note in judged(compiled(), [*county().logs(), event]).notes if "340281199" in note]
    assert "没有列入" in note


@pytest.mark.parametrize(
    ("abolished_on", "told"), [("2020-01-01", 0), ("2020-06-30", 1), (None, 1), ([1], 1)]
)
def test_of_a_town_abolished_by_then_nothing_is_missed(abolished_on: Any, told: int) -> None:
    about = {"town": "340281199", "type": "roster.town.changed.v1", "data": {"abolished_on": abolished_on}}
    notes = judged(compiled(), [*county().logs(), {**county().logs()[0], **about}]).notes
    assert sum("没有列入" in note for note in notes) == told
