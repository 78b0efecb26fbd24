"""Routes of API clients. Secrets are shown once: no answer is kept for an Idempotency-Key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.clients import Client
from services.accounts.errors import BeyondOwnRights, WrongState
from services.accounts.handlers import clients
from services.accounts.handlers.tokens import Issuer
from services.accounts.routes.lists import visible_to
from services.accounts.routes.roles import MANAGERS, READERS, check_manager
from services.accounts.schemas.clients import ClientGiven, ClientIn, ClientOut, ClientsPage, RotateIn
from services.accounts.schemas.values import Nothing
from shared.chinese.initials import initials
from shared.errors import NotFound
from shared.http import Call, Reply, route
from shared.http.listing import Listing
from shared.storage.work import Work

T = TypeVar("T")
LISTING: Final = Listing(
    repository.CLIENTS,
    ("roles", "signs"),
    day="expires_on",
    words=lambda client: (client.name, initials(client.name)),
)


@dataclass(frozen=True)
class Clients:
    issuer: Issuer

    @route("POST", "/clients", roles=MANAGERS, commits=False, status=201, problems=[BeyondOwnRights])
    async def add_client(self, call: Call[None, ClientIn]) -> Reply[ClientGiven]:
        """新建程序用的凭证（OAuth 2 客户端）；密钥只在这里出现一次。"""
        check_manager(call.actor)
        clients.check_giver(call.actor, list(call.body.roles), call.body.areas)
        return _given(
            await call.store.execute(
                town=rights.home(call.body.areas),
                actor=call.actor.sub,
                run=lambda work: clients.add_client(work, call.body),
            ),
            status=201,
        )

    @route("GET", "/clients", roles=READERS, query=LISTING.query("clients"))
    async def list_clients(self, call: Call[Any]) -> ClientsPage:
        """辖区内的程序凭证，不含密钥。"""
        check_manager(call.actor)
        visible = visible_to(call.actor, call.store, repository.clients_in)
        page = await LISTING.page(call.work, call.query, visible)
        items = [ClientOut.from_client(client) for client in page.records]
        return ClientsPage(items=items, next_cursor=page.next_cursor, total=page.total)

    @route("GET", "/clients/{id}", roles=READERS, revalidated=True)
    async def get_client(self, call: Call) -> Reply[ClientOut]:
        """查看一个程序凭证。"""
        return _shown(await _client(call))

    @route("POST", "/clients/{id}:rotate", roles=MANAGERS, commits=False, guarded=True, problems=[WrongState])
    async def rotate_client(self, call: Call[None, RotateIn]) -> Reply[ClientGiven]:
        """换密钥：新的立即可用，上一个继续有效到下次更换；泄露时加 alone，以前的立即作废。"""
        alone = call.body.alone
        return _given(await self._act(call, lambda work, id: clients.rotate_client(work, id, alone=alone)))

    @route(
        "POST", "/clients/{id}:disable", roles=MANAGERS, commits=False, guarded=True, problems=[WrongState]
    )
    async def disable_client(self, call: Call[None, Nothing]) -> Reply[ClientOut]:
        """停用程序凭证，30 秒之内处处生效。"""
        return _shown(await self._act(call, clients.disable_client))

    async def _act(self, call: Call, run: Callable[[Work, str], Awaitable[T]]) -> T:
        """Run a use case on the client of the path, at the version of If-Match, and publish what it revoked."""
        client = await _client(call)
        clients.check_giver(call.actor, list(client.roles), client.areas)
        result = await call.act(repository.CLIENTS, client, run)
        await self.issuer.publish(call.store, call.store.clock.now())
        return result


async def _client(call: Call) -> Client:
    """The client of the path. Errors: NotFound, also outside the caller's area."""
    check_manager(call.actor)
    client = await repository.client(call.store, call.path["id"])
    if client is None or not all(call.actor.covers(area) for area in client.areas):
        raise NotFound(f"找不到编号为 {call.path['id']} 的记录")
    return client


def _given(given: tuple[Client, str], *, status: int = 200) -> Reply[ClientGiven]:
    client, secret = given
    shown = ClientOut.from_client(client).model_dump()
    body = ClientGiven(**shown, client_id=client.id, client_secret=secret)
    return Reply(body, status=status, version=client.version)


def _shown(client: Client) -> Reply[ClientOut]:
    return Reply(ClientOut.from_client(client), version=client.version)
