"""What every door answers with: security headers, and no form of another site, alone and behind the gateway."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from multidict import CIMultiDictProxy
from yarl import URL

from services.host.gateway import serving
from services.host.installation import DEPLOYED, LEDGERS
from tests.component.malformed_forms import MALFORMED
from tests.fixtures.systems import System, alone

pytestmark = [pytest.mark.own_servers]

TOWN = "340281199"
DOORS = (
    *(
        "/",
        "/sign-in",
        "/docs",
        "/openapi.json",
        "/health/live",
        "/health/ready",
        "/nowhere",
        "/static/nothing.css",
    ),
    *(f"/{service}/docs" for service in LEDGERS),
    *(f"/{service}/openapi.json" for service in LEDGERS),
    f"/roster/v1/towns/{TOWN}/people",
    "/roster/v1/nothing",
    "/accounts/jwks.json",
    "/accounts/set-up/ABCDEFGH",
    "/.well-known/oauth-authorization-server",
    "/r/ABCDEFGHJKMNPQRS",
    "/o/ABCDEFGHJKMNPQRS",
    f"/reports/cards/{TOWN}/nobody",
)

CONTRACT = ("/openapi.json", "/asyncapi.json", "/docs")
"""The same for everybody: may be kept, and is asked for again by its entity tag."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    data: Path = tmp_path_factory.mktemp("doors")
    async with alone(data) as running:
        yield running


@pytest.fixture(scope="module")
async def gateway(system: System) -> AsyncIterator[str]:
    """In front of the same services."""
    services = {name: URL(system.url) for name in DEPLOYED}
    async with serving(services, "127.0.0.1", 0) as url:
        yield url


def faults(path: str, headers: CIMultiDictProxy[str]) -> list[str]:
    """What is missing or too much among the headers of an answer."""
    kept = {"no-store", *(["no-cache"] if path.endswith(CONTRACT) else [])}
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") in ("no-referrer", "same-origin"),
        "frames": headers.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy,
        "sources": "default-src 'none'" in policy or "default-src 'self'" in policy,
        "script": "unsafe-eval" not in policy
        and "script-src 'unsafe-inline'" not in policy
        and "*" not in policy,
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "permissions": "geolocation=()" in headers.get("Permissions-Policy", ""),
        "server": "Server" not in headers,
        "cache": headers.get("Cache-Control") in kept,
    }
    return [name for name, right in wanted.items() if not right]


async def headers_of(url: str, path: str) -> CIMultiDictProxy[str]:
    async with aiohttp.ClientSession() as session, session.get(url + path, allow_redirects=False) as answer:
        assert answer.status != 500, path
        return answer.headers


async def test_every_door_has_its_security_headers(system: System, gateway: str) -> None:
    found = {
        f"{name} {path}": wrong
        for name, url in (("alone", system.url), ("gateway", gateway))
        for path in DOORS
        if (wrong := faults(path, await headers_of(url, path)))
    }
    assert found == {}


async def test_a_form_of_another_site_is_refused(system: System) -> None:
    """Even without a session: the sign-in itself could be forged."""
    form = {"name": "office", "password": "x"}
    async with aiohttp.ClientSession() as session:
        own = {"Origin": system.url}
        async with session.post(
            f"{system.url}/sign-in", data=form, headers=own, allow_redirects=False
        ) as answer:
            assert answer.status != 403
        other = {"Origin": "https://elsewhere.example"}
        async with session.post(
            f"{system.url}/sign-in", data=form, headers=other, allow_redirects=False
        ) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("malformed", MALFORMED)
async def test_a_form_that_cannot_be_read_is_no_fault_of_the_console(system: System, malformed: str) -> None:
    headers, body, _ = MALFORMED[malformed]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{system.url}/sign-in", data=body, headers=headers) as answer,
    ):
        assert 400 <= answer.status < 500
