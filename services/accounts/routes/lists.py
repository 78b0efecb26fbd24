"""What lists of accounts and clients show: those that the caller may see, of all areas of the caller."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from services.accounts.domain.accounts import Account
from services.accounts.domain.clients import Client
from shared.http.listing import Find
from shared.security.tokens import Actor
from shared.storage.reader import Reader

R = TypeVar("R", Account, Client)


def visible_to(
    actor: Actor, reader: Reader, read: Callable[[Reader, str, Mapping[str, Any]], Awaitable[list[R]]]
) -> Find[R]:
    """Finds records all of whose areas are the caller's; `read` reads those recorded under one area."""

    async def find(criteria: Mapping[str, Any], after: str | None, limit: int) -> list[R]:
        found = {
            record.id: record
            for area in actor.areas
            for record in await read(reader, area, criteria)
            if all(actor.covers(own) for own in record.areas)
        }
        records = sorted(found.values(), key=lambda record: record.id)
        behind = [record for record in records if after is None or record.id > after]
        return behind[:limit] if limit else behind

    return find
