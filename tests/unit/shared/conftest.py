"""A running sample of the HTTP layer, and a token for it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from shared.http import edge, mount
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from tests.unit.shared.sample import MemoryStore, sample
from tests.unit.shared.serving import Served


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    keys, store, needs = KeyStore(tmp_path), MemoryStore(), {"database": True, "broker": True}

    async def ready() -> Mapping[str, bool]:
        return needs

    app = edge()
    mount(app, sample(), store=store, verifier=Verifier(FileKeys(keys.jwks_path)), ready=ready)
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield Served(client, store, keys, needs)


@pytest.fixture
def office(served: Served) -> dict[str, str]:
    return served.token("office")
