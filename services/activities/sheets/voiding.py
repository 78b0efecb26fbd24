"""The column by which a row voids its record, the same in every sheet of records that can be."""

from typing import Final

from shared.workbook import Column

VOID_REASON: Final = Column("作废原因", "void_reason", note="登记有误的记录不删除，写明原因")
