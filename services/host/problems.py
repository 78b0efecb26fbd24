"""The page of every kind of problem, at the address that `type` of a problem names (RFC 9457 § 3.1.1)."""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from aiohttp import web

from shared.errors import NotFound, Problem
from shared.http.html import HTML, environment
from shared.http.problems import PAGES, Internal
from shared.process.service import Service

_TEMPLATES: Final = environment(Path(__file__).parent)
_OURS: Final = ("services.", "shared.")
_TREE: Final = re.compile(r"── (\w+) +(?:[0-9]{3} +)?[a-z-]+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """`title` in Chinese, `meaning` in English."""

    slug: str
    status: int
    title: str
    meaning: str


@cache
def catalogue() -> dict[str, Kind]:
    """All kinds by slug, in alphabetical order, from the error trees of all services, which are imported by then."""
    return {kind.slug: kind for kind in sorted(map(kind_of, classes()), key=lambda kind: kind.slug)}


def classes() -> set[type[Problem]]:
    """Those with a slug of their own. Services that share a slug mean one kind by it."""
    return set(_below(Problem))


def kind_of(problem: type[Problem]) -> Kind:
    status = 500 if issubclass(problem, Internal) else problem.kind.value
    return Kind(problem.slug, status, problem.title, _english(problem))


def _below(kind: type[Problem]) -> Iterator[type[Problem]]:
    for one in kind.__subclasses__():
        if "slug" in vars(one) and one.__module__.startswith(_OURS):
            yield one
        yield from _below(one)


def _english(problem: type[Problem]) -> str:
    """From the tree that opens the module of errors, else from the docstring of the class."""
    tree = dict(_TREE.findall(sys.modules[problem.__module__].__doc__ or ""))
    return str(tree.get(problem.__name__) or (vars(problem).get("__doc__") or "").strip().partition("\n")[0])


def add_problems(app: web.Application, services: Callable[[], Sequence[Service]]) -> None:
    """Add the pages; `services` is called when the first is asked for, and imports what it defines."""
    pages = _Pages(services)
    app.router.add_get(PAGES.rstrip("/"), pages.all)
    app.router.add_get(PAGES + "{slug}", pages.one)


@dataclass(frozen=True)
class _Pages:
    services: Callable[[], Sequence[Service]]

    async def all(self, _: web.Request) -> web.Response:
        return _rendered(list((await self._read()).values()))

    async def one(self, request: web.Request) -> web.Response:
        kind = (await self._read()).get(request.match_info["slug"])
        if kind is None:
            raise NotFound("没有这种错误")
        return _rendered([kind])

    async def _read(self) -> dict[str, Kind]:
        return await asyncio.to_thread(lambda: self._kinds)

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        self.services()
        return catalogue()


def _rendered(kinds: list[Kind]) -> web.Response:
    text = _TEMPLATES.get_template("problems.html").render(kinds=kinds)
    return web.Response(text=text, content_type=HTML, charset="utf-8")
