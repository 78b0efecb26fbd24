"""Columns of attendance, the same in every sheet of what was held."""

from typing import Final

from shared.workbook import Column

LEAVES: Final = {"病假": "illness", "公务": "official_duty", "家事": "family", "其他": "other"}

_WHO = "姓名用顿号隔开；都到会写“全体”，也可写“除某某外全部到会”“全体镇代表”“第1小组”"
ATTENDANCE: Final = (
    Column("出席", "present", "people", note=_WHO),
    Column(
        "请假",
        "on_leave",
        "people",
        choices=LEAVES,
        note="姓名（事由），事由为病假、公务、家事或其他；没有人写“无”",
    ),
    Column("缺席", "absent", "people", note="未请假而未到会的人；没有人写“无”"),
)
