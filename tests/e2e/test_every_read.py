"""Every operation that reads answers as the contract says on the example's town; and commands that have a test nowhere
else. What is asked here is recorded as examples of the contract (`tests/fixtures/exchanges.py`)."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from aiohttp import ClientSession, ClientTimeout

from services.cli.example import FOLDER
from tests.architecture.sources import ROOT
from tests.contract.exchanges import Contract
from tests.e2e.contract_client import Client
from tests.fixtures.systems import System
from tests.probes import PATIENCE, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.own_servers, pytest.mark.nightly, pytest.mark.slow]

TOWN: Final = "340281199"
EVERY_ROLE: Final = ("office", "county", "auditor", "service", "teller", "leader", "deputy")
CONTRACT: Final = Contract(json.loads((ROOT / "services" / "contract" / "openapi.json").read_text("utf-8")))
FIXED: Final = {
    "town": TOWN,
    "year": "2020",
    "period": "2020",
    "prefix": "340281",
    "stream": "roster",
}
ASKED: Final = {
    "area": "340281",
    "year": "2020",
    "figure": "congress.sessions",
    "held_on": "2020-06-09",
    "kind": "training",
}
"""Values of query parameters that must be there."""
NEEDS_MORE: Final = frozenset({"code", "digest", "item_id", "deputyship_id", "group_id"})
"""Variables whose values no list of the same path gives."""


@pytest.fixture(scope="module")
async def caller(sandbox: System) -> AsyncIterator[Client]:
    asked = [word for role in EVERY_ROLE for word in ("--role", role)]
    token = await sandbox.cli("token", "--area", "340281", *asked, "--data", str(sandbox.data / FOLDER))
    async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session:
        yield Client(sandbox.url, session, token, TOWN)


def reads() -> list[tuple[str, str]]:
    """Operations that read and are not pages of voters, with their paths."""
    return [
        (name, path)
        for name, (method, path, operation) in CONTRACT.operations.items()
        if method == "GET" and operation["security"] and not any(f"{{{word}}}" in path for word in NEEDS_MORE)
    ]


async def filled(caller: Client, path: str, query: dict[str, str]) -> str | None:
    """The path with values of the example; None where it has no such record."""
    for name, value in FIXED.items():
        path = path.replace(f"{{{name}}}", value)
    if "{id}" in path:
        list_of, _, rest = path.partition("/{id}")
        found = await caller.send("GET", list_of)
        items = found.body.get("items", []) if found.status == 200 and isinstance(found.body, dict) else []
        if not items:
            return None
        path = f"{list_of}/{items[0]['id']}{rest}"
    return path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


async def test_every_read_answers_as_the_contract_says(caller: Client) -> None:
    wrong, answered = {}, 0
    for name, path in reads():
        _, _, operation = CONTRACT.operations[name]
        required = [
            p["name"] for p in operation.get("parameters", ()) if p["in"] == "query" and p["required"]
        ]
        query = {word: ASKED[word] for word in required if word in ASKED}
        url = await filled(caller, path, query)
        if url is None:
            continue
        reply = await caller.send("GET", url, headers={"Accept": "application/json"})
        exchange = {"path": url, "status": reply.status, "answer": reply.body}
        if reply.status == 200:
            answered += 1
            misfits = [] if isinstance(reply.body, bytes) else list(CONTRACT.misfits(name, exchange))
        else:
            misfits = [] if str(reply.status) in operation["responses"] else [str(reply.status)]
        if misfits:
            wrong[name] = misfits[:3]
    assert wrong == {}
    assert answered > 130


BATCHES: Final[dict[str, dict[str, Any]]] = {
    "roster/stations": {"name": "示例活动室", "kind": "activity_room", "address": "示例路1号"},
    "roster/terms": {"congress_number": 30, "started_on": "2036-01-10"},
    "roster/constituencies": {"name": "第901选区"},
    "roster/groups": {"number": 901, "name": "示例小组"},
    "roster/office": {"year": 2041},
    "roster/by_elections": {"constituency": "第901选区", "held_on": "2020-08-02"},
    "activities/opinions": {"received_on": "2020-06-09", "channel": "visit", "text": "示例意见"},
    "activities/plans": {
        "year": 2042,
        "items": [{"title": "示例活动", "kind": "training", "due_on": "2042-05-01"}],
    },
    "activities/sessions": {
        "congress_number": 30,
        "session_number": 9,
        "held_on": "2015-03-01",
        "ended_on": "2015-03-02",
    },
    "activities/presidium_meetings": {"number": 91, "held_on": "2015-02-01", "topics": ["示例议题"]},
    "ratings/schemes": {
        "name": "示例方案",
        "options": [{"code": "satisfied", "label": "满意"}, {"code": "dissatisfied", "label": "不满意"}],
        "formula": "satisfied_over_options",
    },
}


@pytest.mark.parametrize("place", BATCHES)
async def test_several_records_are_entered_at_once(caller: Client, place: str) -> None:
    service, _, collection = place.partition("/")
    (made,) = await caller.batch(service, collection, [BATCHES[place]])
    assert (await caller.get(service, f"/{collection}/{made['id']}"))["id"] == made["id"]


async def test_a_county_keeps_a_webhook(caller: Client) -> None:
    base = "/reports/v1/areas/340281/webhooks"
    added = await caller.must("POST", base, {"url": "http://127.0.0.1:9/hook", "types": ["reports.report.*"]})
    one = f"{base}/{added['id']}"
    assert (await caller.must("PATCH", one, {"description": "示例"}))["description"] == "示例"
    assert (await caller.must("POST", f"{one}:rotate", {}))["secret"] != added["secret"]
    await caller.must("POST", f"{one}:test", {})

    async def tried() -> bool:
        """a delivery that was tried"""
        return bool((await caller.must("GET", f"{one}/deliveries"))["items"])

    await eventually(tried, every=0.2)
    assert (await caller.must("POST", f"{one}:disable", {}))["state"] == "disabled"
    assert (await caller.must("POST", f"{one}:enable", {}))["state"] == "enabled"


async def test_a_client_that_signs_from_its_beginning_to_its_end(caller: Client) -> None:
    body = {
        "name": "县平台",
        "roles": ["service"],
        "areas": ["340281"],
        "expires_on": "2099-12-31",
        "signs": True,
    }
    client = await caller.must("POST", "/accounts/v1/clients", body)
    one = f"/accounts/v1/clients/{client['id']}"
    assert (await caller.must("GET", one))["signs"]
    assert (await caller.must("GET", "/accounts/v1/clients"))["items"]
    client = await caller.must("POST", f"{one}:rotate", {"alone": True})
    signed = {
        "app_key": client["client_id"],
        "timestamp": str(int(time.time())),
        "nonce": "6f1c0f4e1a2b",
        "method": "GET",
        "target": "/roster/v1/events?area=340281&limit=1",
        "digest": hashlib.sha256(b"").hexdigest(),
    }
    key = client["client_secret"].encode()
    signed["signature"] = hmac.new(key, "\n".join(signed.values()).encode(), "sha256").hexdigest()
    given = await caller.must("POST", "/accounts/v1/signed_requests", signed)
    reader = Client(caller.url, caller.session, given["access_token"], TOWN)
    assert len(await reader.must("GET", signed["target"])) == 1
    assert (await caller.must("POST", f"{one}:disable", {}))["disabled_at"]


async def test_a_report_of_a_named_period_goes_the_whole_way(caller: Client) -> None:
    base = caller.at("reports", "/periods/2020-H1")
    closing = await caller.must("POST", f"{base}/closings", {"as_of": "2020-06-30"})

    async def compiled() -> bool:
        """the report of the half year"""
        return bool((await caller.must("GET", f"{base}/closings/{closing['id']}"))["state"] == "compiled")

    await eventually(compiled, every=0.2)
    await caller.must("PATCH", f"{base}/settings", {"theme": "示例主题"})
    await caller.must("GET", f"{base}/settings")
    report = await caller.must("POST", f"{base}/report:compile", {})
    paragraph = report["sections"][0]["paragraphs"][0]["id"]
    await caller.must("POST", f"{base}/paragraphs/{paragraph}:check", {"text": "示例文字。"})
    await caller.must("PATCH", f"{base}/paragraphs/{paragraph}", {"text": "示例文字。"})
    for name in ("html", "json", "docx", "xlsx"):
        await caller.must("GET", f"{base}/report.{name}")
    await caller.must("GET", f"{base}/wording")
    await caller.must(
        "PUT",
        "/reports/v1/areas/340281/periods/2020-H1/window",
        {"due_on": f"{datetime.now(UTC).year + 1}-01-31", "reason": "示例原因"},
    )
    for command, body in (("approve", {}), ("submit", {}), ("return", {"reason": "示例原因"})):
        await caller.must("POST", f"{base}/report:{command}", body)
    for command in ("compile", "approve", "submit"):
        await caller.must("POST", f"{base}/report:{command}", {})
    assert (await caller.must("GET", f"{base}/report/receipt"))["digest"]
    assert (await caller.must("POST", f"{base}/report:accept", {}))["status"] == "accepted"
