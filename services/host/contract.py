"""The contract of a whole installation, at the root of its port: all operations in one document, all events in another.

Both are written from the definitions of the services when first asked for, so they need no network and no file.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from aiohttp import web

from shared.http.merging import merged
from shared.http.openapi import Document, document
from shared.process.asyncapi import asyncapi
from shared.process.service import Service

TITLE: Final = "履职"
OPENAPI: Final = "/openapi.json"
ASYNCAPI: Final = "/asyncapi.json"


def openapi(services: Sequence[Service]) -> Document:
    """The OpenAPI 3.1 document of all services."""
    return merged({service.name: document(service.api) for service in services}, title=TITLE)


def as_text(described: Mapping[str, Any]) -> str:
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def add_contract(app: web.Application, services: Callable[[], Sequence[Service]]) -> None:
    """Add both documents; `services` is called when the first is asked for."""
    contract = _Contract(services)
    app.router.add_get(OPENAPI, contract.openapi)
    app.router.add_get(ASYNCAPI, contract.asyncapi)


@dataclass(frozen=True)
class _Contract:
    """Written in a thread: it takes a second, during which others are answered."""

    services: Callable[[], Sequence[Service]]

    @cached_property
    def _openapi(self) -> str:
        return as_text(openapi(self.services()))

    @cached_property
    def _asyncapi(self) -> str:
        return as_text(asyncapi(self.services()))

    async def openapi(self, _: web.Request) -> web.Response:
        text = await asyncio.to_thread(lambda: self._openapi)
        return web.Response(text=text, content_type="application/json")

    async def asyncapi(self, _: web.Request) -> web.Response:
        text = await asyncio.to_thread(lambda: self._asyncapi)
        return web.Response(text=text, content_type="application/json")
