"""A county that trusts nobody, before four processes, a gateway and a broker: it witnesses, verifies and checks."""

import json
from pathlib import Path

import pytest

from tests.fixtures.systems import System

TOWN = "341822101"
COUNTY = TOWN[:6]

pytestmark = [pytest.mark.e2e]


async def test_a_county_witnesses_verifies_and_checks_through_the_gateway(
    distributed: System, tmp_path: Path
) -> None:
    system = distributed
    office = await system.token(TOWN, "office")
    county = await system.token(COUNTY, "county", subject="county")
    base = f"/roster/v1/towns/{TOWN}"
    assert (await system.request("PUT", base, office, {"name": "示例镇"}))[0] == 201
    people = {"items": [{"name": f"代表{n}"} for n in range(150)]}
    assert (await system.request("POST", f"{base}/people:batch", office, people))[0] == 201

    at, may = ("--url", system.url), ("--token", county)
    heads, kept = str(tmp_path / "heads.txt"), str(tmp_path / "witnessed.txt")
    keys = ("--keys", str(tmp_path / "county"))
    assert "1 份末号声明" in await system.cli("heads", "sign", COUNTY, "-o", heads, *at, *may)
    published = f"{system.url}/roster/jwks.json"
    assert "第 151 号" in await system.cli("heads", "witness", heads, "--jwks", published, "-o", kept, *keys)

    for feed in (f"{system.url}{base}/events", f"{system.url}/roster/v1/events?area={COUNTY}"):
        said = await system.cli("verify", "log", feed, "--witnessed", kept, *keys, *may)
        assert f"✓ /{TOWN}/roster：1–151 号一件不少" in said
        assert "与见证过的 1 个末号相符" in said

    assert "1–151 号" in await system.cli("rebuild", "activities", TOWN, *at, "--token", office)
    assert f"✓ {TOWN}" in await system.cli("check", *at, *may)

    status, events = await system.request("GET", f"{base}/events?limit=1000", county)
    assert status == 200
    copy = tmp_path / "copy.json"
    copy.write_text(json.dumps(events[:100] + events[101:]), "utf-8")
    with pytest.raises(AssertionError, match="缺第 101 号"):
        await system.cli("verify", "log", str(copy))
