"""HTML pages of templates: autoescaped, strict about undefined names; public ones with a policy of their own."""

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

import segno
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.errors import Problem

HTML: Final = "text/html"
FORMS: Final = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Part of a policy: forms to the page's own origin, in no frame."""


def environment(folder: Path, **options: Any) -> Environment:
    """`folder` holds the templates; `options` are those of jinja2.Environment beyond these."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


def qr_svg(url: str) -> str:
    """QR code to stand in a page. Error correction level Q: readable with a missing corner."""
    return str(segno.make(url, error="q", micro=False).svg_inline(border=4, omitsize=True))


class PublicPages:
    """Pages that need no token: no script, nothing from elsewhere.

    `folder` holds the templates. Its `style.css` is their global `style` and the one style they may have (Content
    Security Policy); without the file a template may have any. `policy`: what else it says.
    """

    def __init__(self, folder: Path, policy: str = FORMS) -> None:
        self._templates = environment(folder)
        sheet, allowed = folder / "style.css", "'unsafe-inline'"
        if sheet.exists():
            style = sheet.read_text("utf-8")
            self._templates.globals["style"] = style
            allowed = f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        self._headers = {"Content-Security-Policy": f"default-src 'none'; style-src {allowed}; {policy}"}

    def render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(values)

    def answer(self, text: str, status: int = 200) -> web.Response:
        return web.Response(
            text=text, status=status, content_type=HTML, charset="utf-8", headers=self._headers
        )

    def refusal(self, problem: Problem, text: str) -> web.Response:
        """`text` tells the problem; status and headers are the problem's."""
        page = self.answer(text, problem.kind.value)
        page.headers.update(problem.headers)
        return page
