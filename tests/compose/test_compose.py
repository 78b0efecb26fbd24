"""The compose file, brought up whole: used, killed container by container, scaled and rolled to another image."""

import asyncio
import json
import os
import re
import secrets
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from http.cookiejar import CookieJar

import pytest

from services.host.installation import DEPLOYED
from tests.architecture.sources import ROOT
from tests.compose.conftest import Office, compiled
from tests.compose.stack import EVERY, IMAGE, NEXT, VOTERS_URL, Stack, code_in
from tests.e2e.comparing import without_proof
from tests.e2e.example import BASE, TOWN
from tests.probes import eventually
from tests.releases.make import open_a_box

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.own_servers,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]  # images are built

PASSWORD = "correct horse battery"
OTHER = "340281198"
"""A town of which something is written all the while."""
MEGABYTE = 1_000_000
PASSING = {409, 503}
"""Answers to what may be sent again: the first one of that key is in progress; somebody is away."""


def test_the_image_is_small_and_has_the_licences_of_what_is_in_it(stack: Stack) -> None:
    inspected = json.loads(stack.engine.docker("inspect", IMAGE))[0]
    assert inspected["Size"] < 300 * MEGABYTE
    assert inspected["Config"]["User"] == "lvzhi"
    listed = "import importlib.metadata as m; print(*sorted({d.name for d in m.distributions()}), sep='\\n')"
    names = set(stack.engine.docker("run", "--rm", IMAGE, "python", "-c", listed).split())
    assert "aiohttp" in names
    assert not {name.lower() for name in names} & {"secantusdb", "pip", "setuptools", "pytest"}
    notices = stack.engine.docker("run", "--rm", IMAGE, "cat", "/opt/lvzhi/LICENCES.txt")
    told = set(re.findall(r"^={80}\n(\S+) \S+: \S", notices, re.MULTILINE))
    assert names - {"lvzhi"} <= told
    assert "Apache License" in notices
    assert stack.engine.docker("run", "--rm", IMAGE, "sh", "-c", "ls /usr/share/doc/libc6/copyright")


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("service", [*DEPLOYED, "gateway"])
def test_a_container_has_no_rights_and_no_secret_in_its_environment(stack: Stack, service: str) -> None:
    (container,) = stack.inspect(service)
    host = container["HostConfig"]
    assert (host["ReadonlyRootfs"], host["CapDrop"], host["Privileged"]) == (True, ["ALL"], False)
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["LogConfig"]["Config"] == {"max-file": "5", "max-size": "10m"}
    assert stack.compose("exec", "-T", service, "id", "-u") != "0"
    said = json.dumps(container)
    kept = [file.read_text().strip() for file in (stack.folder / "secrets").iterdir()]
    assert kept
    assert not [secret for secret in kept if secret in said]
    with pytest.raises(AssertionError, match="Read-only"):
        stack.compose("exec", "-T", service, "touch", "/opt/lvzhi/x")


@pytest.mark.usefixtures("office")
def test_a_service_reads_its_own_secrets_and_database_alone(stack: Stack) -> None:
    read = "import pathlib; print(*sorted(p.name for p in pathlib.Path('/run/secrets').iterdir()))"
    found = {name: stack.compose("exec", "-T", name, "python", "-c", read).split() for name in DEPLOYED}
    assert found["ratings"] == ["amqp_password", "mongodb_password"]
    assert found["console"] == ["lvzhi_personal_data_keys", "mongodb_password"]
    other = (
        "import pymongo; from shared.settings import Settings; c = pymongo.MongoClient(Settings().database); "
        "c['lvzhi_{}'].list_collection_names(); c['lvzhi_{}'].t.insert_one({{}})"
    )
    stack.compose("exec", "-T", "roster", "python", "-c", other.format("roster", "roster"))
    with pytest.raises(AssertionError, match=r"not authorized|Unauthorized"):
        stack.compose("exec", "-T", "roster", "python", "-c", other.format("roster", "accounts"))


def test_the_first_account_is_made_and_signs_in_at_the_console(office: Office, stack: Stack) -> None:
    code = code_in(stack.lvzhi("account", "recover", "--first"))
    account = {"name": "bangong", "display_name": "王办", "area": TOWN}
    _ask(f"{office.url}/accounts/v1/set_ups", {"code": code, "password": PASSWORD, "account": account})
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = urllib.parse.urlencode({"name": "bangong", "password": PASSWORD, "next": "/"}).encode()
    with browser.open(f"{office.url}/sign-in", form, timeout=60) as page:
        text = page.read().decode()
        assert page.url == f"{office.url}/", text
    assert "王办" in text


async def test_the_voters_door_opens_to_voters_alone(office: Office, stack: Stack) -> None:
    door = stack.url(8081)
    for path in ("/", "/sign-in", "/accounts/jwks.json", "/health/ready", "/r/../accounts/jwks.json"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(door + path, timeout=30)
    token = await office.token(TOWN, "office")
    station = (await office.must("GET", f"/roster/v1/towns/{TOWN}/stations", token))["items"][0]
    place = f"/activities/v1/towns/{TOWN}/stations/{station['id']}/opinion_codes"
    code = await office.must("POST", place, token, {})
    assert code["url"] == f"{VOTERS_URL}/o/{code['id']}"
    left = urllib.parse.urlencode({"text": "门前路灯坏了", "category": "道路交通"}).encode()
    assert "回执号" in _page(f"{door}/o/{code['id']}", left)
    office.meeting = await open_a_box(office, token)
    for slip in (*office.meeting["spent"], *office.meeting["unspent"]):
        assert "<title>" in _page(f"{door}/r/{slip}")


async def test_nothing_is_lost_when_any_container_is_killed(office: Office, stack: Stack) -> None:
    async with written(office) as acknowledged:
        for name in EVERY:
            before = stack.inspect(name)[0]["RestartCount"]
            stack.kill(name)
            await eventually(partial(_restarted, stack, name, before))
            await stack.until_healthy(*EVERY)
            await _more(acknowledged)
    await _whole(office, acknowledged)


async def test_three_processes_share_the_reports(office: Office, stack: Stack) -> None:
    async with written(office) as acknowledged:
        stack.compose("up", "-d", "--no-build", "--scale", "reports=3")
        await stack.until_healthy("reports")
        assert len(stack.inspect("reports")) == 3
        await _more(acknowledged)
        again = await compiled(office, "shared")
        assert without_proof(again) == without_proof(office.summary)
        office.summary = again
    await _whole(office, acknowledged)


async def test_every_service_is_rolled_to_the_next_image(office: Office, stack: Stack) -> None:
    """The next image differs by a label, as a release would by more."""
    label = ("--label", "org.opencontainers.image.version=next")
    stack.engine.docker("build", "--quiet", "--tag", NEXT, *label, "-", given=f"FROM {IMAGE}".encode())
    stack.variables["LVZHI_IMAGE"] = NEXT
    (new,) = stack.engine.docker("images", "--quiet", "--no-trunc", NEXT).split()
    async with written(office) as acknowledged:
        for name in (*DEPLOYED, "gateway"):
            stack.compose("up", "-d", "--no-build", "--no-deps", name)
            await stack.until_healthy(name)
            assert {one["Image"] for one in stack.inspect(name)} == {new}
            await _more(acknowledged)
    await stack.until_healthy(*EVERY)
    await _whole(office, acknowledged)


async def test_the_box_that_was_open_all_the_while_counts_every_ballot(office: Office) -> None:
    meeting, base = office.meeting, f"/ratings/v1/towns/{TOWN}/meetings/{office.meeting['id']}"
    presiding = await office.token(TOWN, "teller", subject=meeting["presiding"])
    for step in ("close", "publish"):
        await office.must("POST", f"{base}:{step}", presiding, {})
    results = await office.must("GET", f"{base}/results", await office.token(TOWN, "office"))
    assert results["returned"] == len(meeting["spent"])
    assert results["deputies"][0]["counts"] == meeting["cast"]


def _restarted(stack: Stack, name: str, before: int) -> bool:
    """the container was started again"""
    return bool(stack.inspect(name)[0]["RestartCount"] > before)


def _page(url: str, form: bytes | None = None) -> str:
    with urllib.request.urlopen(url, form, timeout=60) as page:
        assert page.headers["Content-Type"].startswith("text/html")
        return str(page.read().decode())


def _ask(url: str, body: object) -> bytes:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


@asynccontextmanager
async def written(office: Office) -> AsyncIterator[list[str]]:
    """People are registered one after another within the block; yields the names acknowledged so far."""
    token = await office.token(OTHER, "office")
    await office.must("PUT", f"/roster/v1/towns/{OTHER}", token, {"name": "另一镇"})
    acknowledged: list[str] = []
    writer = asyncio.create_task(_write(office, token, acknowledged))
    try:
        yield acknowledged
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


async def _write(office: Office, token: str, acknowledged: list[str]) -> None:
    """What is not answered is sent again under the same key, so that it is there once."""
    while True:
        name, key = f"张{secrets.token_hex(6)}", secrets.token_hex(16)
        body = {"name": name, "gender": "f", "born_year": 1970}
        await eventually(partial(_sent, office, token, key, body))
        acknowledged.append(name)


async def _sent(office: Office, token: str, key: str, body: dict[str, object]) -> bool:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    url = f"{office.url}/roster/v1/towns/{OTHER}/people"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)

    def send() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bool(answer.status == 201)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in PASSING:
                    raise
            return False
        except OSError:
            return False

    return await asyncio.to_thread(send)


async def _more(acknowledged: list[str]) -> None:
    """Until something more was acknowledged."""
    before = len(acknowledged)
    await eventually(lambda: len(acknowledged) > before)


async def _whole(office: Office, acknowledged: list[str]) -> None:
    """Every acknowledged record is there once, logs and copies agree, and the document is the same, byte for byte."""
    token = await office.token(OTHER, "office")
    names: list[str] = []
    cursor = ""
    while True:
        page = await office.must("GET", f"/roster/v1/towns/{OTHER}/people?limit=200{cursor}", token)
        names += [person["name"] for person in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(names) == len(set(names))
    assert set(acknowledged) <= set(names)
    machine = await office.token("34", "service")
    await eventually(lambda: _agrees(office, machine), every=1.0)
    kept = await office.must("GET", f"{BASE}/report.docx", await office.token(TOWN, "office"))
    assert kept == office.summary


async def _agrees(office: Office, token: str) -> bool:
    """`lvzhi check` finds nothing"""
    return bool(await office.cli("check", "--url", office.url, "--token", token))


def test_the_configuration_of_tls_is_valid() -> None:
    """By the program itself, for each kind of certificate."""
    for tls in ("", "office@example.gov.cn", "internal"):
        given = {"LVZHI_TLS": tls} if tls else {}
        subprocess.run(
            ["caddy", "validate", "--adapter", "caddyfile", "--config", ROOT / "deploy/caddy/Caddyfile"],
            env=os.environ | given,
            check=True,
            capture_output=True,
        )
