"""PDF of ballots and count sheets, whose boxes are read from photographs; the words of count sheets are the page's."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from services.ratings.ballots import VALID, WHOLE, Place, box_name, line_of
from services.ratings.domain import ABSTAIN, SPOILED, Meeting
from services.ratings.pages.view import deputies
from shared.documents.faces import face
from shared.documents.layout import Layout
from shared.documents.marks import Subject
from shared.documents.sheets import Numbers, Sheet, Table
from shared.documents.tables import layout_of, sheets_pdf

BLANK: Final = "＿" * 8
BALLOT, COUNT_SHEET = "B", "C"
"""Kinds of sheets, as their codes say them."""
TOTAL_ROWS: Final = (("发出", "issued"), ("收回", "returned"), ("废票", "void"), ("有效", VALID))
TICK, BOXES, WIDTH = 13.0, 120.0, 180.0
"""Millimetres of a box for a tick, of all boxes of a line at most, and of a line."""


def count_sheets(font: Path | None, meeting: Meeting, town: str, names: Mapping[str, str]) -> bytes:
    """One per entry, group and dimension. Errors: FontMissing."""
    sheets = [_count_sheet(meeting, town, names, entry, place) for entry, place in _counted(meeting)]
    return sheets_pdf(face(font), f"{town}人大代表述职测评计票表", sheets)


def paper_ballots(font: Path | None, meeting: Meeting, town: str, names: Mapping[str, str]) -> bytes:
    """One for each group, to be copied. Errors: FontMissing."""
    sheets = [_ballot(meeting, town, names, group) for group in _groups(meeting)]
    return sheets_pdf(face(font), f"{town}人大代表述职测评票", sheets)


def layouts(
    font: Path | None, meeting: Meeting, town: str, names: Mapping[str, str]
) -> tuple[list[tuple[int, Place]], list[Layout]]:
    """What each printed sheet is, entry 0 being a ballot, and where its boxes are. Errors: FontMissing."""
    drawn, ballots = face(font), [(0, ("", group)) for group in _groups(meeting)]
    sheets = [_ballot(meeting, town, names, group) for group in _groups(meeting)]
    counted = list(_counted(meeting))
    for sheet in (_count_sheet, _former_count_sheet):
        sheets += [sheet(meeting, town, names, entry, place) for entry, place in counted]
    return [*ballots, *counted, *counted], [layout_of(drawn, sheet) for sheet in sheets]


def _groups(meeting: Meeting) -> Sequence[str]:
    return [group.code for group in meeting.scheme.groups] or [""]


def _counted(meeting: Meeting) -> Iterator[tuple[int, Place]]:
    for entry in (1, 2):
        for group in _groups(meeting):
            for dimension in meeting.scheme.dimensions or ("",):
                yield entry, (dimension, group)


def _heading(meeting: Meeting, place: Place) -> str:
    day, (dimension, group) = meeting.held_on, place
    words = [f"{day.year}年{day.month}月{day.day}日", meeting.constituency, meeting.scheme.name]
    words += [f"评议群体：{group}" if group else "", f"评议项目：{dimension}" if dimension else ""]
    return "　".join(filter(None, words))


def _ballot(meeting: Meeting, town: str, names: Mapping[str, str], group: str) -> Sheet:
    dimensions, codes = meeting.scheme.dimensions or ("",), (*meeting.scheme.codes, ABSTAIN)
    tick = min(TICK, BOXES / len(codes))
    lines = [
        (f"{name}　{dimension}".strip(), line_of(id, dimension))
        for name, id in deputies(meeting, names)
        for dimension in dimensions
    ]
    return Sheet(
        f"{town}人大代表述职测评票",
        [_heading(meeting, ("", group))],
        [
            Table(
                ["述职代表", *(option.label for option in meeting.scheme.options), "弃权"],
                [WIDTH - tick * len(codes), *[tick] * len(codes)],
                [(name, *[""] * len(codes)) for name, _ in lines],
                [("", *(box_name(line, code) for code in codes)) for _, line in lines],
            )
        ],
        [
            "每行在一个格子里打勾，只打一个；打两个的记“划错”，空着的记“弃权”。不写姓名，不做记号，填好以后请不要折叠。"
        ],
        marked=Subject.of(BALLOT, meeting.town, meeting.id, group),
    )


def _count_sheet(meeting: Meeting, town: str, names: Mapping[str, str], entry: int, place: Place) -> Sheet:
    """Each number is written, and marked by digit beside it."""
    options = [(option.label, option.code) for option in meeting.scheme.options]
    codes = [*options, ("弃权", ABSTAIN), ("划错", SPOILED)]
    blocks = [("全部选票", [(label, box_name(WHOLE, code)) for label, code in TOTAL_ROWS])]
    blocks += [
        (name, [(label, box_name(id, code)) for label, code in codes])
        for name, id in deputies(meeting, names)
    ]
    return Sheet(
        _title(town, entry),
        [
            _heading(meeting, place),
            "票数写数字，再涂格：十位、个位都要涂，5 涂 0、5，没有票的涂 0、0；过百的加涂百位。",
            "格子里涂满，或者画一道粗线；涂错的打叉，另涂对的。",
        ],
        [Numbers(["述职代表", "选项", "票数"], blocks)],
        _below(meeting),
        marked=_marked(meeting, entry, place),
    )


def _former_count_sheet(
    meeting: Meeting, town: str, names: Mapping[str, str], entry: int, place: Place
) -> Sheet:
    """As printed before numbers were marked by digit: it is still read."""
    columns = [*(option.label for option in meeting.scheme.options), "弃权", "划错"]
    codes = (*meeting.scheme.codes, ABSTAIN, SPOILED)
    totals = ["发出", "", "收回", "", "废票", "", "有效", ""]
    lines = deputies(meeting, names)
    return Sheet(
        _title(town, entry),
        [_heading(meeting, place)],
        [
            Table(totals, [1.0] * len(totals), []),
            Table(
                ["述职代表", *columns, "合计"],
                [2.0, *[1.0] * (len(columns) + 1)],
                [(name, *[""] * (len(columns) + 1)) for name, _ in lines],
                [("", *(box_name(id, code) for code in codes), "") for _, id in lines],
            ),
        ],
        _below(meeting),
        marked=_marked(meeting, entry, place),
    )


def _title(town: str, entry: int) -> str:
    return f"{town}人大代表述职测评计票表（第{'一二'[entry - 1]}遍）"


def _below(meeting: Meeting) -> Sequence[str]:
    return (
        "收回不多于发出；有效＝收回－废票；每人各项合计＝有效。打两个勾记“划错”，空着记“弃权”。",
        f"计票人：{BLANK}　监票人：{'、'.join(meeting.scrutineers) or BLANK}　　　年　　月　　日",
    )


def _marked(meeting: Meeting, entry: int, place: Place) -> Subject:
    return Subject.of(COUNT_SHEET, meeting.town, meeting.id, str(entry), *place)
