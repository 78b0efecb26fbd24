"""Webhooks survive the death of a process and are sent by one of several: once each by id, none lost."""

import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.reports.app import build
from services.reports.handlers import webhooks
from services.reports.schemas.webhooks import WebhookIn
from services.reports.settings import Settings
from services.reports.webhooks.courier import WIDTH
from shared.process.runtime import running
from shared.process.service import Running
from shared.security.keystore import KeyStore
from shared.storage.encryption import Vault
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.fixtures.apps import TOWN
from tests.fixtures.receivers import LOOPBACK, Receiver, receiving
from tests.fixtures.systems import alone
from tests.probes import eventually

HOOKS = f"/reports/v1/areas/{TOWN[:6]}/webhooks"
OPEN = json.dumps(LOOPBACK)


@pytest.mark.own_servers
async def test_a_kill_in_the_middle_loses_no_event(tmp_path: Path) -> None:
    async with receiving() as receiver, alone(tmp_path, LVZHI_WEBHOOK_NETWORKS=OPEN) as system:
        token = KeyStore(system.data / "keys").mint("county", TOWN[:6], ["county"])
        office = KeyStore(system.data / "keys").mint("office", TOWN, ["office"])
        receiver.delay = 0.2
        wanted = {"url": receiver.url, "types": ["roster.*"]}
        receiver.secret = (await system.must("POST", HOOKS, token, wanted))["secret"]
        base = f"/roster/v1/towns/{TOWN}"
        await system.must("PUT", base, office, {"name": "示例镇"})
        people = [{"name": f"张示例{n:02d}", "born_year": 1970} for n in range(60)]
        await system.must("POST", f"{base}/people:batch", office, {"items": people})
        await eventually(lambda: 2 * WIDTH <= len(receiver.seen) < 50, every=0.01)
        system.processes["lvzhi"].kill()
        system.processes.pop("lvzhi").wait()
        system.serve()
        await system.ready()
        log = await system.must("GET", f"{base}/events?limit=100", office)
        assert len(log) == 61
        await eventually(lambda: set(receiver.ids) == {event["id"] for event in log})
        assert len(receiver.ids) <= 61 + WIDTH  # those that were on their way came again, under the same id


async def test_several_replicas_send_each_event_once(mongo_url: str, database_prefix: str) -> None:
    service = build(Settings.model_validate({"webhook_networks": LOOPBACK}))
    broker, vault = MemoryBroker(), Vault({"k1": b"k" * 32})
    async with AsyncExitStack() as stack:

        async def replica() -> tuple[Running, AsyncExitStack]:
            own = await stack.enter_async_context(AsyncExitStack())
            transport = MemoryTransport(broker)
            await transport.start()
            own.push_async_callback(transport.stop)
            started = running(
                service,
                mongo_url=mongo_url,
                transport=transport,
                database=f"{database_prefix}reports",
                vault=vault,
            )
            return await own.enter_async_context(started), own

        receiver = await stack.enter_async_context(receiving())
        (first, leading), (second, _) = await replica(), await replica()
        hook = await subscribed(first, receiver)
        receiver.delay = 0.1
        await try_out(second, hook, 20)
        await eventually(lambda: len(receiver.seen) == 20)
        await leading.aclose()
        await try_out(second, hook, 5)
        await eventually(lambda: len(set(receiver.ids)) == 25)
        assert len(receiver.ids) == 25


async def subscribed(alive: Running, receiver: Receiver) -> str:
    body = WebhookIn(url=receiver.url, types=["ratings.*"])
    networks = alive.service.settings.webhook_networks  # type: ignore[attr-defined]
    hook = await alive.store.execute(
        town=f"{TOWN[:6]}000", actor="county", run=lambda work: webhooks.add(work, TOWN[:6], body, networks)
    )
    receiver.secret = hook.all_keys[0].secret
    return hook.id


async def try_out(alive: Running, hook: str, times: int) -> None:
    for _ in range(times):
        await alive.store.execute(
            town=f"{TOWN[:6]}000", actor="county", run=lambda work: webhooks.test(work, hook)
        )
