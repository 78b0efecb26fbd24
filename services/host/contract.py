"""The contract of a whole installation, at the root of its port: all operations in one document, all events in another.

Both are shipped with the code, in `services/contract`, as `scripts/describe.py` writes them; nothing is built where all
services are there.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web

from shared.http.described import Described
from shared.http.merging import merged
from shared.http.openapi import Document, as_text, document
from shared.process.asyncapi import asyncapi
from shared.process.service import Service

TITLE: Final = "履职"
SHIPPED: Final = Path(__file__).parents[1] / "contract"
OPENAPI: Final = "openapi.json"
ASYNCAPI: Final = "asyncapi.json"


def openapi(services: Sequence[Service]) -> Document:
    """The OpenAPI 3.1 document of all services."""
    return merged({service.name: document(service.api) for service in services}, title=TITLE)


def add_contract(app: web.Application, some: Callable[[], Sequence[Service]] | None = None) -> None:
    """Add both documents; `some`: the services that are there, where not all are."""
    if some is None:
        operations, events = (Described((SHIPPED / name).read_bytes) for name in (OPENAPI, ASYNCAPI))
    else:
        operations = Described(lambda: as_text(openapi(some())).encode())
        events = Described(lambda: as_text(asyncapi(some())).encode())
    app.router.add_get(f"/{OPENAPI}", operations.answer)
    app.router.add_get(f"/{ASYNCAPI}", events.answer)
