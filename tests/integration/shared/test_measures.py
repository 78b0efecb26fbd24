"""Metrics that say where events are, readiness that says what is missing, and one trace through all of it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.host.embedded import EmbeddedMongo
from shared.http import PUBLIC, Call, route
from shared.observability.metrics import REGISTRY, refresh
from shared.observability.tracing import record
from shared.process.runtime import running
from shared.process.serve import service_app
from shared.process.service import Running
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from shared.transport.rabbit import RabbitTransport
from tests.faults.proxy import Proxy
from tests.fixtures.rabbit import RabbitNode
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import SOURCE, copies, light
from tests.integration.shared.toys import TOWN
from tests.probes import eventually

TRACE = "0af7651916cd43dd8448eb211c80319c"
INCOMING = f"00-{TRACE}-b7ad6b7169203331-01"


async def gauge(name: str, service: str, **labels: str) -> float | None:
    await refresh()
    return REGISTRY.get_sample_value(name, {"service": service, **labels})


async def test_measures_say_where_events_are(start: Start, stop: Stop) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    counted = {name: await gauge(f"events_{name}_total", "watch") or 0 for name in ("applied", "parked")}
    published = await gauge("events_published_total", "lamps") or 0
    for name in ("north", "cursed", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2 and watch.consumer.parked == 1)

    async def all_told() -> bool:
        return await gauge("outbox_unpublished_events", "lamps") == 0

    await eventually(all_told)
    assert await gauge("outbox_oldest_unpublished_seconds", "lamps") == 0
    assert await gauge("dead_letters", "watch") == 1
    assert await gauge("dead_letters", "lamps") == 0
    assert await gauge("relay_leading", "lamps") == 1
    assert await gauge("dependency_up", "lamps", dependency="database") == 1
    assert await gauge("events_applied_total", "watch") == counted["applied"] + 2
    assert await gauge("events_parked_total", "watch") == counted["parked"] + 1
    assert await gauge("events_published_total", "lamps") == published + 3
    await stop(watch)
    assert await gauge("dead_letters", "watch") is None


async def test_measures_of_what_waits_and_what_is_missing(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await eventually(lambda: lamps.relay.published == 2)
    await lamps.store.database["cursors"].update_one({"_id": SOURCE}, {"$set": {"published": 1}})
    await watch.store.database["sources"].update_one({"_id": SOURCE}, {"$set": {"seen": 7}})
    lamps.store.committed.clear()
    assert await gauge("inbox_lag_events", "watch") == 5
    assert await gauge("inbox_gap_streams", "watch") == 1


@pytest.fixture(scope="session")
def recorded() -> InMemorySpanExporter:
    """A process has one recorder of spans, for good."""
    exporter = InMemorySpanExporter()
    record("test", SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def spans(recorded: InMemorySpanExporter) -> InMemorySpanExporter:
    recorded.clear()
    return recorded


@pytest.fixture
async def client(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestClient[Any, Any]]:
    """The lamps behind a port, with one way to light one in the open and one in secret."""
    service = toys.lamps()

    async def lit(call: Call) -> toys.LampFact:
        return toys.LampFact.model_validate((await toys.light(call.work, call.path["name"])).model_dump())

    for path, quiet in (("lit", False), ("hidden", True)):
        declare = route("POST", f"/towns/{{town}}/{path}/{{name}}", name=path, quiet=quiet, roles=PUBLIC)
        service.api.add(declare(lit))
    alive = await start(service)
    keys = KeyStore(tmp_path_factory.mktemp("keys"))
    verifier = Verifier(FileKeys(keys.jwks_path))
    app = service_app(alive, verifier)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_one_trace_from_the_request_to_the_projection(
    spans: InMemorySpanExporter,
    start: Start,
    client: TestClient[Any, Any],
) -> None:
    watch = await start(toys.watch())
    path = f"/lamps/v1/towns/{TOWN}/lit/north"
    async with client.post(path, headers={"traceparent": INCOMING}) as answer:
        assert answer.status == 200, await answer.text()

    def names() -> dict[str, str]:
        mine = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == TRACE]
        return {span.name: span.kind.name for span in mine}

    await eventually(lambda: len(names()) == 4)
    assert names() == {
        "POST /lamps/v1/towns/{town}/lit/{name}": "SERVER",
        "commit": "INTERNAL",
        "publish lamps.lamp.lit.v1": "PRODUCER",
        "consume lamps.lamp.lit.v1": "CONSUMER",
    }
    assert list(await copies(watch)) == ["north"]
    assert not any("north" in str(span.attributes) for span in spans.get_finished_spans())


async def test_what_is_quiet_leaves_no_trace(
    spans: InMemorySpanExporter,
    start: Start,
    client: TestClient[Any, Any],
) -> None:
    watch = await start(toys.watch())
    async with client.post(
        f"/lamps/v1/towns/{TOWN}/hidden/north", headers={"traceparent": INCOMING}
    ) as answer:
        assert answer.status == 200
    await eventually(lambda: watch.consumer.applied == 1)
    assert [span.name for span in spans.get_finished_spans() if "lamp" in span.name] == []


async def test_spans_are_recorded_where_the_environment_names_a_collector() -> None:
    assert await recorder({}) == "ProxyTracerProvider False"
    assert await recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}) == "TracerProvider True"


async def recorder(environment: dict[str, str]) -> str:
    """What a process records spans with, and whether it has loaded more than the interface to it."""
    program = (
        "import sys, services.cli.__main__; from opentelemetry import trace;"
        f"from shared.observability.tracing import configure; configure('x', {environment!r});"
        "print(type(trace.get_tracer_provider()).__name__, 'opentelemetry.sdk' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode().strip()


async def test_ready_says_what_is_missing_until_it_is_back(
    rabbit: RabbitNode, private_mongo: EmbeddedMongo, namespace: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with AsyncExitStack() as stack:
        way = Proxy([rabbit.port])
        await way.start()
        stack.push_async_callback(way.stop)
        url = rabbit.url.replace(f":{rabbit.port}/", f":{way.port}/")
        transport = RabbitTransport(url, service="lamps", namespace=namespace)
        await transport.start()
        stack.push_async_callback(transport.stop)
        service = toys.lamps()
        alive: Running = await stack.enter_async_context(
            running(service, mongo_url=private_mongo.url, transport=transport, database="lamps")
        )
        keys = KeyStore(tmp_path_factory.mktemp("keys"))
        verifier = Verifier(FileKeys(keys.jwks_path))
        app = service_app(alive, verifier)
        client = await stack.enter_async_context(TestClient(TestServer(app)))

        async def needs(database: bool, broker: bool) -> bool:
            """readiness as it should be by now"""
            async with client.get("/health/ready") as answer:
                found = await answer.json()
                wanted = {"database": database, "broker": broker, "tasks": True}
                status = 200 if database and broker else 503
                return bool(found["services"]["lamps"] == wanted and answer.status == status)

        await eventually(lambda: needs(True, True))
        private_mongo.stop()
        await eventually(lambda: needs(False, True))
        assert await gauge("dependency_up", "lamps", dependency="database") == 0
        await asyncio.to_thread(private_mongo.start)
        await eventually(lambda: needs(True, True))
        await way.stop()
        await eventually(lambda: needs(True, False))
        await way.start()
        await eventually(lambda: needs(True, True))
