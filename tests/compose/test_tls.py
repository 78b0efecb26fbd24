"""The optional profile `tls`: Caddy in front of both doors, with a certificate of its own authority."""

import ssl

import pytest
from aiohttp import ClientError, ClientResponse, ClientSession

from tests.compose.conftest import Office
from tests.compose.stack import DOMAIN, VOTERS_DOMAIN, Stack
from tests.probes import eventually

ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt"
SLIP = "AB2C-3DEF-4GHJ-5KMN"
"""Printed for nobody: the page says so."""

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.own_servers,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]


async def test_each_domain_leads_to_its_door_and_nothing_is_logged(office: Office, stack: Stack) -> None:
    stack.variables |= {"COMPOSE_PROFILES": "tls", "LVZHI_GATEWAY_PROXIES": "1"}
    stack.variables |= {"LVZHI_DOMAIN": DOMAIN, "LVZHI_VOTERS_DOMAIN": VOTERS_DOMAIN}
    stack.compose("up", "-d", "--no-build", "caddy")
    await stack.until_healthy("gateway")
    plain, secure = (f"http://{stack.variables[f'LVZHI_{kind}_PUBLISH']}" for kind in ("HTTP", "HTTPS"))
    async with ClientSession() as session:

        async def redirected() -> str:
            """Caddy answers"""
            try:
                async with session.get(plain, headers={"Host": DOMAIN}, allow_redirects=False) as answer:
                    return answer.headers["Location"]
            except ClientError:
                return ""

        assert await eventually(redirected) == f"https://{DOMAIN}/"
        authority = stack.compose("exec", "-T", "caddy", "cat", ROOT_CERTIFICATE)
        trusted = ssl.create_default_context(cadata=authority)

        async def asked(domain: str, path: str) -> ClientResponse:
            url = secure.replace("http:", "https:") + path
            async with session.get(
                url, headers={"Host": domain}, server_hostname=domain, ssl=trusted
            ) as answer:
                await answer.read()
                assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
                return answer

        assert (await asked(DOMAIN, "/sign-in")).status == 200
        assert (await asked(VOTERS_DOMAIN, "/sign-in")).status == 404
        page = await asked(VOTERS_DOMAIN, f"/r/{SLIP}")
        assert page.content_type == "text/html"
    (caddy,) = stack.inspect("caddy")
    host = caddy["HostConfig"]
    assert (host["ReadonlyRootfs"], host["CapDrop"]) == (True, ["ALL"])
    said = stack.compose("logs", "caddy")
    assert "serving initial configuration" in said
    assert SLIP not in said
    assert "/sign-in" not in said
