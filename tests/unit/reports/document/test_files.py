"""Duty files on paper: eight parts, every line with its record, what was said of them, and a place to sign."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import given

from services.reports.document import (
    CONTENT_SECURITY_POLICY,
    check,
    render_file_docx,
    render_file_html,
    zipped,
)
from services.reports.domain.statements import Confirmation, Objection, Outcome
from services.reports.events_in import Deputyship, Group
from services.reports.files.marks import marks
from services.reports.handlers.files import Statements, deputy_out, group_out
from services.reports.schemas.statements import DutyFileOut, GroupFileOut
from tests.fixtures.book import Book, attendance, result
from tests.fixtures.histories import histories

NOTHING = Statements((), ())
DEPUTY = [
    *("一、基本情况", "二、出席会议", "三、视察、调研、检查和评议", "四、学习培训", "五、代表小组活动"),
    *("六、代表建议", "七、述职和测评", "八、联系选民、办实事和其他活动", "九、确认"),
]
GROUP = [
    *("一、基本情况", "二、组长和成员", "三、年度计划", "四、小组活动", "五、视察、调研和其他活动"),
    *("六、学习培训", "七、出席人民代表大会会议", "八、成员所提代表建议", "九、确认"),
]
RANKED = re.compile("排名|名次|第[一二三1-9]名|积分|得分|先进")


def a_year() -> tuple[Book, str, str]:
    book = Book()
    book.town_()
    group = book.add("group", number=1, rules=["活动制度"])
    one, other = book.deputies(2, group_id=group)
    book.add("session", held_on="2020-06-09", congress_number=17, session_number=7,
             attendance=attendance([other], on_leave=[one]))  # fmt: skip
    book.add("activity", kind="inspection", title="看农贸市场", held_on="2020-07-01", place="集镇",
             attendance=attendance([one]), evidence=["a.jpg", "b.pdf"])  # fmt: skip
    book.add("activity", kind="group_activity", title="环境整治", held_on="2020-08-01", group_id=group,
             attendance=attendance([one], absent=[other]))  # fmt: skip
    book.add("suggestion", number=3, title="增设路灯", raised_on="2020-06-09", raised_at="session",
             lead_deputyship_id=one)  # fmt: skip
    book.meeting([one], held_on="2020-12-03", result=result({one: (9, 1, 0)}, issued=12, returned=10))
    book.add("opinion", received_on="2020-02-02", deputyship_id=one)
    return book, one, group


def deputy_file(book: Book, id: str, said: Statements = NOTHING) -> DutyFileOut:
    year = book.year()
    deputyship = year.ledger.get(Deputyship, id)
    assert deputyship
    return deputy_out(year, deputyship, said)


def group_file(book: Book, id: str) -> GroupFileOut:
    return group_out(book.year(), book.ledger.by_id(Group)[id], NOTHING)


def read(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Paragraphs, and rows of all tables."""
    document = Document(BytesIO(data))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs], rows


def test_a_deputys_file_has_its_eight_parts_and_every_line_its_record() -> None:
    book, one, _ = a_year()
    paragraphs, rows = read(render_file_docx(deputy_file(book, one)))
    assert [p for p in paragraphs if p in DEPUTY] == DEPUTY
    assert paragraphs[0] == "示例镇人大代表王示例1履职档案（2020年）"
    assert ["6月9日", "第十七届人民代表大会第七次会议", "—", "请假（病假）", "—", "activities 1"] in rows
    assert ["7月1日", "视察：看农贸市场", "集镇", "出席", "2", "activities 2"] in rows
    assert ["3", "增设路灯", "6月9日，大会期间，领衔", "—", "尚未答复", "activities 4"] in rows
    assert [
        "12月3日",
        "—",
        "满意度测评",
        "10",
        "satisfied9，basically_satisfied1，dissatisfied0",
        "ratings 1",
    ] in rows
    assert ["1条", "已收到1条", "activities 5"] in rows
    assert all(re.search(r"(依据|[a-z]+ \d+)$", row[-1]) for row in rows)
    assert "应到1次：请假1次。" in paragraphs


def test_a_groups_file_names_who_did_not_come() -> None:
    book, _, group = a_year()
    paragraphs, rows = read(render_file_docx(group_file(book, group)))
    assert [p for p in paragraphs if p in GROUP] == GROUP
    assert ["8月1日", "环境整治", "—", "应到2名，出席1名\n缺席：王示例2", "—", "activities 3"] in rows
    assert ["王示例1", "第一选区", "2016年12月20日起", "roster 4"] in rows
    assert "制度：活动制度。" in paragraphs


def test_what_was_said_of_the_file_stands_at_its_end() -> None:
    book, one, _ = a_year()
    file = deputy_file(book, one)
    assert "代表尚未确认。" in read(render_file_docx(file))[0]
    common: dict[str, Any] = {"town": book.town, "year": 2020, "deputyship_id": one, "entered_by": "clerk"}
    confirmed = Confirmation(
        id="c", on=date(2020, 12, 5), on_behalf=True, digest=file.digest, marks=marks(file), **common
    )
    objection = Objection(
        id="o", text="我到会了", label="2020年6月9日会议", opened_on=date(2020, 12, 4), **common
    )
    settled = objection.settled(Outcome.KEPT, "没有签到", date(2020, 12, 5), None)
    book.add("activity", kind="visit", held_on="2020-12-20", attendance=attendance([one]))
    paragraphs, _ = read(
        render_file_docx(deputy_file(book, one, Statements([confirmed], [objection, settled])))
    )
    assert (
        "代表王示例1于2020年12月5日在纸面上确认，由人大办代为登记；此后有变动1处：新增“2020年12月20日走访”。"
        in paragraphs
    )
    said = "2020年12月4日就“2020年6月9日会议”提出异议，"
    assert [p.removeprefix(said) for p in paragraphs if p.startswith(said)] == [
        "待答复。",
        "已答复：维持原记录。",
    ]
    assert not [p for p in paragraphs if "我到会了" in p or "没有签到" in p]
    assert [p for p in paragraphs if p.startswith(("代表签名：", "日期："))]


def test_the_page_says_the_same_runs_nothing_and_fetches_nothing() -> None:
    book, one, group = a_year()
    files: list[DutyFileOut | GroupFileOut] = [deputy_file(book, one), group_file(book, group)]
    for file in files:
        page = render_file_html(file)
        paragraphs, rows = read(render_file_docx(file))
        text = re.sub(r"<[^>]+>", "\n", page.partition("<main")[2])
        said = {line.strip() for line in text.splitlines()}
        wanted = {
            line
            for part in (*paragraphs[1:], *(cell for row in rows for cell in row))
            for line in part.split("\n")
        }
        assert wanted <= said | {""}
        assert "@media print" in page
        assert CONTENT_SECURITY_POLICY.replace("'", "&#39;") in page
        assert not re.search(r"<script|javascript:|https?://|url\(|<link|<img", page)


def test_its_form_is_that_of_an_official_document_but_for_captions_and_the_place_to_sign() -> None:
    """The standard knows neither tables within the text nor signatures by hand."""
    book, one, group = a_year()
    known = {"代表资格", "变动", "向选民述职", "选民测评", "收到的选民意见", "组长", "成员", "成文日期"}
    files: list[DutyFileOut | GroupFileOut] = [deputy_file(book, one), group_file(book, group)]
    for file in files:
        found = check(render_file_docx(file))
        assert {
            one.where for one in found if not one.where.startswith(("代表签名", "组长签名", "日期"))
        } <= known


@given(histories())
def test_every_file_can_be_printed_the_same_twice_and_ranks_nobody(book: Book) -> None:
    files: list[DutyFileOut | GroupFileOut] = [
        *(deputy_file(book, id) for id in list(book.ledger.by_id(Deputyship))[:2]),
        *(group_file(book, id) for id in book.ledger.by_id(Group)),
    ]
    for file in files:
        data = render_file_docx(file)
        assert render_file_docx(file) == data
        assert not RANKED.search(render_file_html(file))
        events = len(file.events) if isinstance(file, DutyFileOut) else 0
        assert len(read(data)[1]) > events


def test_an_archive_is_made_one_file_at_a_time() -> None:
    asked: list[int] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for n in range(3):
            asked.append(n)
            yield f"代表/{n} 王示例.docx", bytes([n]) * 1000

    pieces = zipped(files())
    first = next(pieces)
    assert asked == [0]
    assert len(first) > 1000
    data = first + b"".join(pieces)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)[:1]) for name in archive.namelist()] == [
            (f"代表/{n} 王示例.docx", bytes([n])) for n in range(3)
        ]
    assert b"".join(zipped(files())) == data
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(BytesIO(first))
