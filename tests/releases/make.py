"""Keep an installation as this version leaves it, for all later ones to open: python -m tests.releases.make FOLDER

FOLDER gets `data.tar.xz`, the data folder of `lvzhi serve`; `broker.tar.xz`, the broker's; `summary.docx`, the report
of the example's year; `facts.json`, what has to hold of them for good (`tests/e2e/test_earlier_release.py`); and
`contract.json.xz`, its contract (`tests/contract/test_earlier_contract.py`). Run it once for a release, from its tag;
FOLDER is `tests/releases/` with the version. Keys in it are good for nothing else.
The broker's folder opens with the series of RabbitMQ it was made with, and those this one may be upgraded to.

The year is kept and closed, then a meeting opened and some of its slips voted with. What comes after is said while some
services are down, so that it waits for them on the broker; one message is cut short there and becomes a dead letter.
"""

import asyncio
import hashlib
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from services.host.embedded import EmbeddedMongo, free_port
from tests.architecture.sources import ROOT
from tests.contract.breaking import keep
from tests.e2e.example import TOWN, a_year
from tests.fixtures.pictures import PNG
from tests.fixtures.rabbit import RabbitNode
from tests.fixtures.systems import LEDGERS, System, alone, environment_of
from tests.probes import eventually
from tests.releases.keeping import cut_short, pack, waiting

NODE: Final = "lvzhi-release"
OPTIONS: Final = [{"code": "satisfied", "label": "满意"}, {"code": "dissatisfied", "label": "不满意"}]
CAST: Final = ("satisfied", "satisfied", "satisfied", "satisfied", "dissatisfied")
PRESIDING: Final = "presiding"
PHONE: Final = "13800000000"


@dataclass
class Installation:
    """One data folder and one broker, whichever services run on them; `facts` is what was seen there."""

    data: Path
    node: RabbitNode
    facts: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)

    @asynccontextmanager
    async def all_of_it(self) -> AsyncIterator[System]:
        async with alone(self.data, AMQP_URL=self.node.url) as system:
            yield system
            await self._see_heads(system, LEDGERS)

    @asynccontextmanager
    async def only(self, *names: str) -> AsyncIterator[dict[str, System]]:
        """These services as processes of their own, each at its own URL, and the others down."""
        mongo, systems = EmbeddedMongo(self.data / "store"), dict[str, System]()
        shared = environment_of(self.data) | {
            "MONGODB_URL": mongo.start(),
            "AMQP_URL": self.node.url,
            "LVZHI_PERSONAL_DATA_KEYS": (self.data / "keys" / "personal-data-keys").read_text().strip(),
        }
        try:
            for name in names:
                port = free_port()
                systems[name] = System(f"http://127.0.0.1:{port}", self.data, shared)
                systems[name].spawn(name, f"services.{name}", LVZHI_PORT=str(port))
            for system in systems.values():
                await system.ready()
            yield systems
            for name, system in systems.items():
                await self._see_heads(system, (name,))
        finally:
            for system in systems.values():
                system.stop()
            mongo.stop()

    async def _see_heads(self, system: System, services: tuple[str, ...]) -> None:
        office = await system.token(TOWN, "office")
        for name in services:
            self.heads[name] = await system.must("GET", f"/{name}/v1/towns/{TOWN}/head", office)


async def close_the_year(at: Installation, summary: Path) -> None:
    async with at.all_of_it() as system:
        files = await a_year(system)
        summary.write_bytes(files["docx"])
        figures = {figure["id"]: figure["value"] for figure in files["json"]["figures"]}
        at.facts["report"] = {"sha256": hashlib.sha256(files["docx"]).hexdigest(), "figures": figures}
        office = await system.token(TOWN, "office")
        person = {"name": "赵示例901", "phone": PHONE}
        kept = await system.must("POST", f"/roster/v1/towns/{TOWN}/people", office, person)
        at.facts["person"] = {"id": kept["id"], "phone": PHONE}
        at.facts["meeting"] = await open_a_box(system, office)


async def open_a_box(system: System, office: str) -> dict[str, Any]:
    """A meeting of the next year, with slips for seven and five ballots in the box."""
    base = f"/ratings/v1/towns/{TOWN}"
    rated = (await system.must("GET", f"{base}/meetings", office))["items"][0]["deputyship_ids"][0]
    rules = {"name": "两项", "options": OPTIONS, "formula": "satisfied_over_valid"}
    limits = {"min_raters": 3, "min_published": 5}
    scheme = await system.must("POST", f"{base}/schemes", office, rules | limits)
    body = {"year": 2021, "held_on": "2021-03-02", "deputyship_ids": [rated], "scheme_id": scheme["id"]}
    meeting = await system.must(
        "POST", f"{base}/meetings", office, body | {"method": "online", "presiding": PRESIDING}
    )
    path = f"{base}/meetings/{meeting['id']}"
    slips = await system.must("POST", f"{path}/codes", office, {"count": 7})
    codes = sorted(set(re.findall(r"/r/([\w-]+)", slips.decode())))
    await system.must("POST", f"{path}:open", await system.token(TOWN, "teller", subject=PRESIDING), {})
    for code, choice in zip(codes, CAST, strict=False):
        await system.must("POST", f"/r/{code}", "", {"choices": {rated: choice}})
    return {
        "id": meeting["id"],
        "presiding": PRESIDING,
        "deputyship": rated,
        "spent": codes[: len(CAST)],
        "unspent": codes[len(CAST) :],
        "cast": {option["code"]: CAST.count(option["code"]) for option in OPTIONS},
    }


async def leave_messages(at: Installation) -> None:
    """A person of whom reports has not heard and ratings cannot read, and an activity of which roster has not heard."""
    async with at.only("roster") as up:
        office = await up["roster"].token(TOWN, "office")
        await up["roster"].must("POST", f"/roster/v1/towns/{TOWN}/people", office, {"name": "钱示例902"})

        async def published() -> bool:
            """the event in the queue of a service that is down"""
            return (await waiting(at.node.url)).get("ratings.inbox") == 1

        await eventually(published)
    await cut_short(at.node.url, "ratings.inbox")
    async with at.only("activities", "ratings") as up:

        async def parked() -> Any:
            """the letter of the message that was cut short"""
            return (await up["ratings"].must("GET", f"/ratings/v1/towns/{TOWN}/dead", office))["items"]

        (letter,) = await eventually(parked)
        at.facts["letter"] = letter["id"]
        base = f"/activities/v1/towns/{TOWN}"
        picture = await up["activities"].must("POST", f"{base}/evidence", office, PNG)
        at.facts["picture"] = picture["id"]
        training: dict[str, Any] = {"kind": "training", "held_on": "2021-03-18", "evidence": [picture["id"]]}
        training["attendance"] = {"present": [at.facts["meeting"]["deputyship"]]}
        await up["activities"].must("POST", f"{base}/activities", office, training)


async def make(folder: Path) -> None:
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="lvzhi-release-") as place:
        node = RabbitNode(Path(place) / "broker", name=NODE, vhosts=0)
        at = Installation(Path(place) / "data", node)
        for made in (at.data, node.folder):
            made.mkdir()
        try:
            node.start()
            await close_the_year(at, folder / "summary.docx")
            await leave_messages(at)
            left = await waiting(node.url)
            assert set(left) == {"roster.inbox", "reports.inbox", "ratings.inbox.dead"}, left
            node.stop()
            pack(at.data, ("keys", "box-keys", "store"), folder / "data.tar.xz")
            pack(node.folder, ("mnesia",), folder / "broker.tar.xz")
        finally:
            node.remove()
    about = {"version": version("lvzhi"), "town": TOWN, "node": NODE, "heads": list(at.heads.values())}
    facts = json.dumps(about | at.facts | {"waiting": left}, ensure_ascii=False, indent=2)
    (folder / "facts.json").write_text(facts + "\n", "utf-8")
    keep(ROOT / "services" / "contract", folder)


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
