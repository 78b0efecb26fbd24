"""SIGTERM during the import of the example: the workbook under way goes in whole, those after it not at all."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from examples.build import HERE
from shared.process.serve import LATE
from tests.fixtures.systems import System, alone
from tests.probes import PATIENCE, eventually

TOWN = "340281199"
WORKBOOKS = ("名册.xlsx", "履职.xlsx", "测评.xlsx")


def importing(system: System, office: str, said: Path, *options: str) -> subprocess.Popen[bytes]:
    with said.open("wb") as output:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "services.cli", "import", str(HERE), *options),
                *("--url", system.url, "--token", office),
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def connected(port: int) -> bool:
    """Whether somebody has a connection to this port of this machine."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(row[2].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


@pytest.mark.own_servers
@pytest.mark.slow
@pytest.mark.parametrize(
    "done",
    [
        pytest.param(0, id="in the first workbook"),
        pytest.param(1, id="in the second"),
    ],
)
@pytest.mark.nightly
async def test_a_workbook_goes_in_whole_or_not_at_all(tmp_path: Path, done: int) -> None:
    data, said = tmp_path / "data", tmp_path / "said"
    data.mkdir()
    async with alone(data) as system:
        office, serving = await system.token(TOWN, "office"), system.processes["lvzhi"]
        with importing(system, office, said) as sending:

            def begun() -> bool:
                """the workbook on its way"""
                return said.read_text().count("\n") == done and connected(int(system.url.rpartition(":")[2]))

            await eventually(begun)
            serving.terminate()
            ended = await asyncio.to_thread(serving.wait, PATIENCE)
            assert (ended, LATE in system.logs()) in ((0, False), (1, True)), system.logs()
            assert await asyncio.to_thread(sending.wait, PATIENCE) == 1
        told, finished = said.read_text(), said.read_text().count("：新增")
        assert finished in (done, done + 1), told
        assert "连接不上" in told or "要么整个办成了，要么完全没有办" in told
        system.serve()
        await system.ready()
        with importing(system, office, said, "--dry-run") as checking:
            assert await asyncio.to_thread(checking.wait, PATIENCE) == 0, said.read_text()
    lines = said.read_text().splitlines()
    found = {line.partition("：")[0]: line for line in lines if line.startswith(WORKBOOKS)}
    for place, workbook in enumerate(WORKBOOKS):
        unchanged = "新增 0，修改 0" in found[workbook]
        new = "修改 0，不变 0，有误 0" in found[workbook]
        assert unchanged is not new, found
        assert unchanged or place >= finished, found
