"""The page of the sandbox: who may sign in, with which credentials, and the events as they pass."""

import time
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import BaseModel

from services.accounts.domain.second_step import STEP_SECONDS, digits
from services.host.installation import LEDGERS
from shared.http.html import HTML, environment

PAGE: Final = "/sandbox"
_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = environment(_HERE)


class Person(BaseModel):
    """An account for the console. `secret`: of its second step, where it has one."""

    name: str
    role: str
    area: str
    password: str
    secret: str | None = None

    def digits(self) -> str:
        """What an authenticator shows now."""
        return digits(self.secret, int(time.time()) // STEP_SECONDS) if self.secret else ""


class Program(BaseModel):
    """A client of the HTTP contract."""

    role: str
    area: str
    client_id: str
    client_secret: str


class Credentials(BaseModel):
    """Everybody who may use the example: of its town and of its county."""

    town: str
    year: int
    people: list[Person]
    programs: list[Program]

    def program(self, role: str) -> Program:
        return next(program for program in self.programs if program.role == role)


class Sandbox:
    """`credentials` are None until the example is in place."""

    def __init__(self) -> None:
        self.credentials: Credentials | None = None

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(PAGE, self._page)
        app.router.add_get(f"{PAGE}.js", self._script)

    async def _page(self, request: web.Request) -> web.Response:
        text = _TEMPLATES.get_template("sandbox.html").render(
            url=str(request.url.origin()), known=self.credentials, streams=LEDGERS
        )
        return web.Response(text=text, content_type=HTML, charset="utf-8")

    async def _script(self, _: web.Request) -> web.Response:
        text = (_HERE / "sandbox.js").read_text("utf-8")
        return web.Response(text=text, content_type="text/javascript", charset="utf-8")
