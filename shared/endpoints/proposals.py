"""The endpoints for an office's own ledger: what its sheets and columns are likely to be, and the ledger as the sheets
that are imported, once somebody has confirmed that. They write no record."""

from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Final

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from shared.endpoints.imports import FORM_BYTES
from shared.errors import Busy, FieldError, Invalid
from shared.http import Call, Download, Route, Upload, download, route
from shared.http.bulkhead import Bulkhead, off_the_loop
from shared.workbook import MAX_BYTES, XLSX, Sheet, Vocabulary
from shared.workbook.cells import shown
from shared.workbook.converting import Converted, convert, written
from shared.workbook.model import Page
from shared.workbook.pages import open_pages
from shared.workbook.proposing import Into, layout_of, propose, unused
from shared.workbook.read import is_empty

ROWS_SHOWN: Final = 5


class ProposedSheet(BaseModel):
    """A sheet that a page is likely to fill."""

    sheet: str = Field(description="填入哪张表")
    columns: dict[str, str] = Field(description="系统的列 → 台账的列名")
    fixed: dict[str, str] = Field(description="台账里没有的列 → 每行相同的内容，或者括号里的办法")
    rows: list[dict[str, str]] = Field(description="头几行会读成什么样，不含手机号和身份证号")
    count: int = Field(description="共有几行")
    others: list[str] = Field(default=[], description="这张表里没有对上的列")


class ProposedPage(BaseModel):
    """A page of the ledger."""

    title: str = Field(description="工作表名")
    header_row: int = Field(description="列名在第几行")
    fingerprint: str = Field(description="列名的指纹，列名相同的台账相同")
    unused: list[str] = Field(description="没有用到的列名")
    into: list[ProposedSheet] = Field(description="填入的表，看不出的为空")


class Proposal(BaseModel):
    pages: list[ProposedPage] = Field(description="有内容的工作表")


class ConfirmedSheet(BaseModel):
    """A sheet that a page fills, as a person has confirmed it."""

    model_config = ConfigDict(extra="forbid")

    sheet: str = Field(description="填入哪张表")
    columns: dict[str, str] = Field(default={}, description="系统的列 → 台账的列名")
    fixed: dict[str, str] = Field(default={}, description="台账里没有的列 → 每行相同的内容，或者括号里的办法")


class ConfirmedPage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(description="工作表名")
    into: list[ConfirmedSheet] = Field(description="填入的表；空的不读")


class ConvertIn(BaseModel):
    """`file`: the ledger, in base64."""

    model_config = ConfigDict(extra="forbid")

    file: Base64Bytes = Field(description="台账文件，base64")
    filename: str = Field(default="", max_length=200, description="文件名")
    pages: list[ConfirmedPage] = Field(max_length=100, description="每张表怎样读")


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


def convert_route(*, sheets: Sequence[Sheet], vocabulary: Vocabulary, roles: Collection[str]) -> Route:
    """The route POST `…/imports:convert`. Errors: Unreadable, TooBig, Invalid, Busy."""
    bulkhead = Bulkhead(at_once=1, waiting=4, retry_seconds=10)

    @route(
        "POST",
        "/towns/{town}/imports:convert",
        roles=roles,
        limit=MAX_BYTES * 4 // 3 + FORM_BYTES,
        problems=[Busy],
        commits=False,
        status=200,
        produces=(XLSX,),
    )
    async def convert_import(call: Call[None, ConvertIn]) -> Download:
        """自己设计的台账：按核对过的对照换成系统的工作簿，供检查、导入；什么也不写入。"""
        async with bulkhead.turn():
            data = await off_the_loop(converted, call.body, sheets, vocabulary)
        return download(data, f"{PurePath(call.body.filename or '台账').stem}-换成系统的表.xlsx", XLSX)

    return convert_import


def converted(body: ConvertIn, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> bytes:
    """The ledger as a workbook of the sheets. Errors: Unreadable, TooBig, Invalid."""
    known = {sheet.name: sheet for sheet in sheets}
    pages = {page.title: page for page in open_pages(body.file, filename=body.filename)}
    merged: dict[str, Converted] = {}
    for number, confirmed in enumerate(body.pages):
        for index, into in enumerate(confirmed.into):
            place = f"body.pages.{number}"
            page, sheet = pages.get(confirmed.title), known.get(into.sheet)
            if page is None:
                raise Invalid(errors=[FieldError(f"{place}.title", f"文件里没有“{confirmed.title}”")])
            if sheet is None:
                raise Invalid(errors=[FieldError(f"{place}.into.{index}.sheet", f"没有“{into.sheet}”表")])
            layout = layout_of(page, sheets, vocabulary)
            wanted = Into(into.sheet, into.columns, into.fixed)
            rows = convert(page, layout, wanted, sheet, vocabulary, named=body.filename)
            whole = merged.setdefault(sheet.name, Converted(sheet))
            whole.rows += [row for row in rows.rows if row not in whole.rows]
    if not any(rows.rows for rows in merged.values()):
        raise Invalid(errors=[FieldError("body.pages", "这样对照一行也读不出来")])
    return written([merged[sheet.name] for sheet in sheets if sheet.name in merged])


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
                others=[
                    column.header
                    for column in sheet.columns
                    if column.header not in one.columns and column.header not in one.fixed
                ],
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
