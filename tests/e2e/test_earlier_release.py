"""What an earlier release left behind – its data, its broker's messages, its Word file – opened by this version."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.host.embedded import url_in_use
from services.host.installation import LEDGERS
from services.host.standalone import services
from shared.settings import Settings
from shared.storage.indexes import IndexSpec
from shared.storage.mongo import connected
from shared.storage.work import BY_TOWN
from tests.e2e.example import BASE, TOWN
from tests.fixtures.pictures import PNG
from tests.fixtures.rabbit import RabbitNode
from tests.fixtures.systems import System, alone
from tests.probes import eventually
from tests.releases.keeping import unpack, waiting

RELEASES = sorted(facts.parent for facts in (Path(__file__).parents[1] / "releases").glob("*/facts.json"))

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e, pytest.mark.rabbit]


@dataclass(frozen=True)
class Earlier:
    """An installation as it was left, and at work again. The tests go through it in their order here: what the first
    ones find, the later ones change."""

    kept: Path
    data: Path
    facts: dict[str, Any]
    system: System
    office: str

    @property
    def summary(self) -> Path:
        return self.kept / "summary.docx"

    async def get(self, service: str, rest: str) -> Any:
        return await self.system.must("GET", f"/{service}/v1/towns/{TOWN}{rest}", self.office)

    async def post(self, service: str, rest: str, body: Any) -> Any:
        return await self.system.must("POST", f"/{service}/v1/towns/{TOWN}{rest}", self.office, body)

    async def cli(self, *arguments: str) -> str:
        return await self.system.cli(*arguments, "--url", self.system.url, "--token", self.office)


@pytest.fixture(scope="module", params=RELEASES, ids=lambda kept: kept.name)
async def earlier(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Earlier]:
    kept, place = request.param, tmp_path_factory.mktemp("earlier")
    facts = json.loads((kept / "facts.json").read_text("utf-8"))
    for name in ("data", "broker"):
        unpack(kept / f"{name}.tar.xz", place / name)
    node = RabbitNode(place / "broker", name=facts["node"], vhosts=0)

    async def as_left() -> bool:
        """the messages on the broker, before any service is there"""
        assert await waiting(node.url) == facts["waiting"]
        return True

    try:
        node.start()
        await eventually(as_left)
        async with alone(place / "data", AMQP_URL=node.url) as system:
            yield Earlier(kept, place / "data", facts, system, await system.token(TOWN, "office"))
    finally:
        node.remove()


async def test_the_messages_that_waited_are_applied(earlier: Earlier) -> None:
    upto = {head["source"]: head["sequence"] for head in earlier.facts["heads"]}

    async def heard() -> bool:
        """the last events that were written heard by those that had not heard them"""
        for service, streams in {"reports": ("roster", "activities"), "roster": ("activities",)}.items():
            marks = (await earlier.get(service, "/heard"))["items"]
            reached = {mark["source"]: mark["upto"] for mark in marks}
            assert all(reached[f"/{TOWN}/{one}"] >= upto[f"/{TOWN}/{one}"] for one in streams), reached
        return True

    await eventually(heard)


async def test_the_logs_hold_what_was_signed(earlier: Earlier, tmp_path: Path) -> None:
    statements, kept = tmp_path / "heads.txt", str(tmp_path / "witnessed.txt")
    statements.write_text("".join(f"{head['statement']}\n" for head in earlier.facts["heads"]))
    keys = ("--keys", str(tmp_path / "county"))
    published = [w for one in LEDGERS for w in ("--jwks", f"{earlier.system.url}/{one}/jwks.json")]
    await earlier.system.cli("heads", "witness", str(statements), *published, "-o", kept, *keys)
    feeds = [f"{earlier.system.url}/{service}/v1/towns/{TOWN}/events" for service in LEDGERS]
    may = ("--token", earlier.office)
    said = await earlier.system.cli("verify", "log", *feeds, "--witnessed", kept, *keys, *may)
    assert said.count("与见证过的 1 个末号相符") == len(earlier.facts["heads"]) == len(LEDGERS)


async def test_the_letter_that_was_left_is_heard_again_and_nothing_is_wrong(earlier: Earlier) -> None:
    """It is the last event of its stream, which a start publishes once more."""
    (roster,) = (one for one in earlier.facts["heads"] if one["source"] == f"/{TOWN}/roster")
    assert earlier.facts["letter"] == f"roster-{roster['sequence']}"

    async def well() -> bool:
        """no letter, and no fault"""
        listed = await earlier.cli("dead", "list", "--service", "ratings", "--town", TOWN)
        told = [fault for one in LEDGERS for fault in (await earlier.get(one, "/integrity"))["faults"]]
        assert (listed, told) == ("没有未能处理的事件", [])
        return True

    await eventually(well)


async def test_no_index_is_left_that_only_the_earlier_release_read(earlier: Earlier) -> None:
    async with connected(url_in_use(earlier.data / "store"), app_name="earlier") as client:
        for service in services(Settings(data_dir=earlier.data)):
            for kept in service.collections:
                declared = {IndexSpec(kept.name, index.keys).name for index in (BY_TOWN, *kept.indexes)}
                there = await client[f"lvzhi_{service.name}"][kept.name].index_information()
                assert {name for name in there if name.startswith(f"{kept.name}.")} == declared


async def test_what_was_filed_can_be_read(earlier: Earlier) -> None:
    assert await earlier.get("activities", f"/evidence/{earlier.facts['picture']}") == PNG


async def test_the_summary_is_verified_and_downloaded_as_it_was(earlier: Earlier) -> None:
    summary = earlier.summary.read_bytes()
    assert hashlib.sha256(summary).hexdigest() == earlier.facts["report"]["sha256"]
    assert "不符 0 个，不明 0 个，未绑定 0 个" in await earlier.cli("verify", str(earlier.summary))
    assert await earlier.system.must("GET", f"{BASE}/report.docx", earlier.office) == summary


async def test_the_open_box_takes_one_more_ballot_and_counts_them_all(earlier: Earlier) -> None:
    meeting = earlier.facts["meeting"]
    path, ballot = f"/meetings/{meeting['id']}", {"choices": {meeting["deputyship"]: "dissatisfied"}}
    for code in meeting["spent"]:
        assert (await earlier.system.request("POST", f"/r/{code}", "", ballot))[0] == 409
    await earlier.system.must("POST", f"/r/{meeting['unspent'][0]}", "", ballot)
    # Release 0.1 had no presiding tellers: the office ends what it began.
    leader = earlier.office
    if "presiding" in meeting:
        leader = await earlier.system.token(TOWN, "teller", subject=meeting["presiding"])
    for step in ("close", "publish"):
        await earlier.system.must("POST", f"/ratings/v1/towns/{TOWN}{path}:{step}", leader, {})
    results = await earlier.get("ratings", f"{path}/results")
    slips = len(meeting["spent"]) + len(meeting["unspent"])
    assert (results["issued"], results["returned"]) == (slips, len(meeting["spent"]) + 1)
    counted = {**meeting["cast"], "dissatisfied": meeting["cast"]["dissatisfied"] + 1}
    assert results["deputies"][0]["counts"] == counted


async def test_the_year_closed_again_has_the_same_figures(earlier: Earlier, tmp_path: Path) -> None:
    before = await earlier.system.must("GET", f"{BASE}/report.json", earlier.office)
    again = tmp_path / "again.docx"
    await earlier.cli("report", TOWN, "2020", "--as-of", "2020-12-07", "-o", str(again))
    after = await earlier.system.must("GET", f"{BASE}/report.json", earlier.office)
    assert after["version"] == before["version"] + 1
    known = {one["id"] for one in before["figures"]}  # a later release counts more besides
    figures = [one for one in after["figures"] if one["id"] in known]
    assert without_definitions(figures) == without_definitions(before["figures"])
    values, kept = {one["id"]: one["value"] for one in after["figures"]}, earlier.facts["report"]["figures"]
    assert {id: values[id] for id in kept} == kept
    assert after["parked"] == []
    assert "不符 0 个，不明 0 个，未绑定 0 个" in await earlier.cli("verify", str(again))


def without_definitions(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a figure counts is called and explained in words, which a release may put better."""
    return [
        {name: value for name, value in one.items() if name not in ("definition", "label")} for one in figures
    ]


async def test_what_could_not_be_read_is_heard_again_and_all_is_well(earlier: Earlier) -> None:
    await earlier.cli("rebuild", "ratings", TOWN)

    async def well() -> bool:
        """what each service had not heard of has arrived"""
        return f"✓ {TOWN}" in await earlier.cli("check", TOWN)

    await eventually(well)


async def test_what_was_sealed_can_be_read(earlier: Earlier) -> None:
    """Last, because the read is an event, after which ratings would find out by itself what it lacks."""
    person = earlier.facts["person"]
    assert (await earlier.get("roster", f"/people/{person['id']}"))["phone"] == person["phone"]
