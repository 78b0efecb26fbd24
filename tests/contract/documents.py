"""The documents of the contract as the code describes it, each made once for all tests of a process."""

from functools import cache
from typing import Final

from services.host import contract
from services.host.standalone import services
from shared.http.openapi import Document, document
from shared.process.asyncapi import asyncapi
from shared.process.service import Service
from shared.settings import Settings

SERVICES: Final[dict[str, Service]] = {service.name: service for service in services(Settings())}
DOCUMENTS: Final = (*SERVICES, "all", "events")


@cache
def described(name: str) -> Document:
    """Of a service; of `all` of them together; of their `events`. Nobody changes it."""
    if name == "all":
        return contract.openapi(list(SERVICES.values()))
    return asyncapi(list(SERVICES.values())) if name == "events" else document(SERVICES[name].api)
