"""Errors as responses: RFC 9457 problem+json, or an HTML page for a browser."""

import html
import json
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from pydantic import BaseModel, Field

from shared.errors import Malformed, MethodNotAllowed, NotFound, Problem, TooLarge, Unavailable
from shared.http.files import download

PROBLEM: Final = "application/problem+json"
PAGES: Final = "/problems/"
"""Where the kinds of problems are explained, each under its slug."""


class Fault(BaseModel):
    """One fault of the request and where it lies."""

    loc: str = Field(description="位置，如 body.items.0.name")
    message: str = Field(description="说明")
    sheet: str | None = Field(None, description="工作表（只在导入时有，以下各项同）")
    cell: str | None = Field(None, description="单元格，如 C7；整张表的问题为空")
    column: str | None = Field(None, description="列名")
    was: str | None = Field(None, description="格中现有的内容，与 Excel 所显示的一致")
    becomes: str | None = Field(None, description="应填什么")


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str = Field(
        description="问题类型的说明页，相对于本系统的地址", json_schema_extra={"format": "uri-reference"}
    )
    title: str = Field(description="标题")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="说明")
    code: str = Field(description="问题类型的短名")
    errors: list[Fault] = Field(description="逐项的错误")


class Internal(Problem):
    """An internal error. The response does not name its cause."""

    slug, title = "internal-error", "系统内部错误"


_BY_STATUS: Final[Mapping[int, type[Problem]]] = {
    400: Malformed,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    503: Unavailable,
}


def from_aiohttp(error: web.HTTPException) -> tuple[Problem, int]:
    """An error raised by aiohttp itself (unknown path, unknown method …) as a problem and its HTTP status."""
    kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    kind = _BY_STATUS.get(error.status, Malformed if error.status < 500 else Internal)
    return kind(headers=kept), error.status


def render(problem: Problem, request: web.BaseRequest, status: int | None = None) -> web.Response:
    if problem.file is not None:
        file = problem.file
        saved = download(file.data, file.name, file.content_type)
        saved.set_status(problem.kind.value)
        return saved
    code = status or (500 if isinstance(problem, Internal) else problem.kind.value)
    if prefers_page(request):
        return web.Response(
            status=code,
            text=_page(problem, code),
            content_type="text/html",
            charset="utf-8",
            headers=problem.headers,
        )
    body = {
        "type": f"{PAGES}{problem.slug}",
        "title": problem.title,
        "status": code,
        "detail": problem.detail or problem.title,
        "code": problem.slug,
        "errors": [{"loc": error.loc, "message": error.message, **error.more} for error in problem.errors],
    }
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return web.Response(status=code, body=content, content_type=PROBLEM, headers=problem.headers)


def prefers_page(request: web.BaseRequest) -> bool:
    """Whether Accept names text/html first, as browsers do and programs do not."""
    return request.headers.get("Accept", "").lstrip().lower().startswith("text/html")


def _page(problem: Problem, code: int) -> str:
    title, detail = html.escape(problem.title), html.escape(problem.detail)
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{detail}</p><p>错误代码 {code}</p></html>"
    )
