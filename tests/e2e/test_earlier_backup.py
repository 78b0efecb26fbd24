"""A data folder of an earlier release, backed up before this version opens it: to upgrade, and to go back."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.host.backup.folder import Folder
from tests.e2e.example import BASE, TOWN
from tests.fixtures.systems import alone
from tests.probes import eventually
from tests.releases.keeping import unpack

RELEASES = sorted(facts.parent for facts in (Path(__file__).parents[1] / "releases").glob("*/facts.json"))

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e, pytest.mark.nightly]


async def lvzhi(*arguments: str | Path) -> str:
    given = [str(argument) for argument in arguments]
    result = await asyncio.to_thread(CliRunner().invoke, app, given)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("kept", RELEASES, ids=lambda kept: kept.name)
async def test_a_backup_leaves_it_as_it_was_and_opens_with_this_version(kept: Path, tmp_path: Path) -> None:
    facts = json.loads((kept / "facts.json").read_text("utf-8"))
    data, folder, key = tmp_path / "data", Folder(tmp_path / "kept"), tmp_path / "key"
    unpack(kept / "data.tar.xz", data)
    await lvzhi("backup-key", key)
    made = []
    for _ in range(2):
        await lvzhi("backup", folder.path, "--data", data, "--recipient", f"{key}.public")
        made.append(folder.newest())
    assert made[0].databases == made[1].databases, "the backup before changed something"
    heads = {head["source"]: head["sequence"] for head in facts["heads"]}
    upto = {source: cut.sequence for source, cut in made[1].heads.items() if source.startswith(f"/{TOWN}/")}
    assert upto == heads
    assert "重算 1 份总结" in await lvzhi("drill", folder.path)

    await lvzhi("restore", folder.path, "--data", tmp_path / "restored", "--identity", key)
    async with alone(tmp_path / "restored") as system:
        office = await system.token(TOWN, "office")
        report = await system.must("GET", f"{BASE}/report.json", office)
        values = {figure["id"]: figure["value"] for figure in report["figures"]}
        assert values == facts["report"]["figures"]
        person = await system.must("GET", f"/roster/v1/towns/{TOWN}/people/{facts['person']['id']}", office)
        assert person["phone"] == facts["person"]["phone"]
        again = tmp_path / "again.docx"
        shared = ("--url", system.url, "--token", office)
        await lvzhi("rebuild", "ratings", TOWN, *shared)
        await lvzhi("report", TOWN, "2020", "--as-of", report["as_of"], "-o", again, *shared)
        assert "不符 0 个，不明 0 个，未绑定 0 个" in await lvzhi("verify", again, *shared)

        async def agrees() -> bool:
            """An event that a service did not follow before is on its way to it for some seconds."""
            return f"✓ {TOWN}" in await lvzhi("check", TOWN, *shared)

        await eventually(agrees, every=1.0)
