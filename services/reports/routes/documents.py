"""Documents on their way out: their types, their names, and what a page may do."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

from services.reports.document import CONTENT_SECURITY_POLICY

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML: Final = "text/html; charset=utf-8"
_SHOWN: Final = ("html", "json")


def headers(title: str, filename: str, content_type: str) -> dict[str, str]:
    """`filename` for those who read ASCII only; whoever can gets the title with its ending."""
    ending = filename.rpartition(".")[2]
    shown = "inline" if ending in _SHOWN else "attachment"
    name = quote(f"{title}.{ending}")
    made = {
        "Content-Type": content_type,
        "Content-Disposition": f"{shown}; filename=\"{filename}\"; filename*=UTF-8''{name}",
    }
    return {**made, "Content-Security-Policy": CONTENT_SECURITY_POLICY} if ending == "html" else made


def sent(title: str, filename: str, content_type: str, content: bytes) -> web.Response:
    return web.Response(body=content, headers=headers(title, filename, content_type))
