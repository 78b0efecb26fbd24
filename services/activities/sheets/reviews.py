"""Sheets of parts of an activity: ballots on reviewed units, questions of a special inquiry."""

from typing import Final

from services.activities.sheets.sessions import ANSWERED, ASKED
from shared.workbook import Column, Sheet

_ACTIVITY: Final = Column("活动编号", "reference", required=True, note="“活动”表中的编号")

REVIEWS: Final = Sheet(
    "评议票数",
    (
        _ACTIVITY,
        Column("单位", "name", required=True),
        Column("评议结果", "result", note="如：满意"),
        Column("发出票", "issued", "integer"),
        Column("收回票", "returned", "integer"),
        Column("满意票", "satisfied", "integer"),
        Column("基本满意票", "basically_satisfied", "integer"),
        Column("不满意票", "dissatisfied", "integer"),
        Column("弃权票", "abstained", "integer"),
    ),
    key=("reference", "name"),
)
INQUIRIES: Final = Sheet(
    "专题询问",
    (_ACTIVITY, *ASKED, Column("提出代表", "askers", "names"), *ANSWERED),
    key=("reference", "unit", "text"),
)
