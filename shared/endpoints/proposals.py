"""The endpoint that says what the sheets and columns of an office's own ledger are likely to be. It writes nothing."""

from collections.abc import Collection, Sequence
from typing import Final

from pydantic import BaseModel, Field

from shared.endpoints.imports import FORM_BYTES
from shared.errors import Busy
from shared.http import Call, Route, Upload, route
from shared.http.bulkhead import Bulkhead, off_the_loop
from shared.workbook import MAX_BYTES, Sheet, Vocabulary
from shared.workbook.cells import shown
from shared.workbook.converting import Converted, convert
from shared.workbook.model import Page
from shared.workbook.pages import open_pages
from shared.workbook.proposing import layout_of, propose, unused
from shared.workbook.read import is_empty

ROWS_SHOWN: Final = 5


class ProposedSheet(BaseModel):
    """A sheet that a page is likely to fill."""

    sheet: str = Field(description="填入哪张表")
    columns: dict[str, str] = Field(description="系统的列 → 台账的列名")
    fixed: dict[str, str] = Field(description="台账里没有的列 → 每行相同的内容，或者括号里的办法")
    rows: list[dict[str, str]] = Field(description="头几行会读成什么样，不含手机号和身份证号")
    count: int = Field(description="共有几行")


class ProposedPage(BaseModel):
    """A page of the ledger."""

    title: str = Field(description="工作表名")
    header_row: int = Field(description="列名在第几行")
    fingerprint: str = Field(description="列名的指纹，列名相同的台账相同")
    unused: list[str] = Field(description="没有用到的列名")
    into: list[ProposedSheet] = Field(description="填入的表，看不出的为空")


class Proposal(BaseModel):
    pages: list[ProposedPage] = Field(description="有内容的工作表")


def propose_route(*, sheets: Sequence[Sheet], vocabulary: Vocabulary, roles: Collection[str]) -> Route:
    """The route POST `…/imports:propose`. Errors: Unreadable, TooBig, Busy."""
    bulkhead = Bulkhead(at_once=1, waiting=4, retry_seconds=10)

    @route(
        "POST",
        "/towns/{town}/imports:propose",
        roles=roles,
        limit=MAX_BYTES + FORM_BYTES,
        problems=[Busy],
        commits=False,
        status=200,
    )
    async def propose_import(call: Call[None, Upload]) -> Proposal:
        """自己设计的台账：按列名和内容提出每张表、每一列是什么，头几行会读成什么样；什么也不写入。"""
        async with bulkhead.turn():
            return await off_the_loop(proposal, call.body.data, call.body.filename, sheets, vocabulary)

    return propose_import


def proposal(data: bytes, filename: str, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> Proposal:
    """Errors: Unreadable, TooBig."""
    pages = [page for page in open_pages(data, filename=filename) if not is_empty(page)]
    return Proposal(pages=[_page(page, filename, sheets, vocabulary) for page in pages])


def _page(page: Page, filename: str, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> ProposedPage:
    layout = layout_of(page, sheets, vocabulary)
    found = propose(page, layout, sheets, vocabulary, named=filename)
    into = []
    for one in found:
        sheet = next(sheet for sheet in sheets if sheet.name == one.sheet)
        rows = convert(page, layout, one, sheet, vocabulary, named=filename)
        into.append(
            ProposedSheet(
                sheet=one.sheet,
                columns=dict(one.columns),
                fixed=dict(one.fixed),
                rows=first_rows(rows, ROWS_SHOWN),
                count=len(rows.rows),
            )
        )
    return ProposedPage(
        title=page.title,
        header_row=layout.row,
        fingerprint=layout.fingerprint,
        unused=unused(layout, found),
        into=into,
    )


def first_rows(rows: Converted, most: int) -> list[dict[str, str]]:
    """The first rows as they would be understood, by header; what is private is not shown."""
    private = {column.header for column in rows.sheet.columns if column.private}
    return [
        {
            header: "（不显示）" if header in private and row.get(header) else shown(row.get(header))
            for header in rows.headers
        }
        for row in rows.rows[:most]
    ]
