"""The front page of an installation: whether it is ready, and where its services are described."""

from pathlib import Path
from typing import Final

from aiohttp import web

from shared.http.html import environment

TITLES: Final = {
    "roster": "代表名册",
    "activities": "履职活动",
    "ratings": "述职评议",
    "reports": "工作总结",
    "accounts": "账号",
}
_TEMPLATES: Final = environment(Path(__file__).parent)


async def front_page(_: web.Request) -> web.Response:
    page = _TEMPLATES.get_template("front.html").render(titles=TITLES)
    return web.Response(text=page, content_type="text/html", charset="utf-8")
