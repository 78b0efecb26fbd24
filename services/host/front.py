"""The front page of an installation: whether it is ready, and where its services are described."""

from pathlib import Path
from typing import Final

from aiohttp import web

from services.host.installation import TITLES
from shared.http.html import HTML, environment

_TEMPLATES: Final = environment(Path(__file__).parent)


async def front_page(_: web.Request) -> web.Response:
    page = _TEMPLATES.get_template("front.html").render(titles=TITLES)
    return web.Response(text=page, content_type=HTML, charset="utf-8")
