"""Whatever a test starts ends with the run of tests, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.probes import eventually

BUSY = Path(__file__).with_name("busy.py")
ROOT = Path(__file__).parents[3]


@pytest.mark.own_servers
@pytest.mark.slow
@pytest.mark.parametrize(
    ("workers", "number", "to_all"),
    [
        pytest.param(1, signal.SIGINT, True, id="ctrl-c"),
        pytest.param(0, signal.SIGTERM, False, id="terminated", marks=pytest.mark.nightly),
        pytest.param(0, signal.SIGKILL, False, id="killed", marks=pytest.mark.nightly),
        pytest.param(1, signal.SIGKILL, False, id="controller killed", marks=pytest.mark.nightly),
    ],
)
async def test_nothing_outlives_an_interrupted_run(
    workers: int, number: signal.Signals, to_all: bool, tmp_path: Path
) -> None:
    busy, said = tmp_path / "busy", tmp_path / "said"
    # What a shell starts in the background ignores Ctrl+C, and so does everything that it starts.
    heeding = ["env", "--default-signal=INT"]
    command = [*heeding, sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-p", "no:cacheprovider"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    with said.open("wb") as output, subprocess.Popen(
        [*command, f"--basetemp={tmp_path / 'temporary'}", str(BUSY)],
        cwd=ROOT,
        env=environment | {"TEST_BUSY": str(busy)},
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as run:  # fmt: skip
        try:
            await eventually(lambda: run.poll() is None and busy.exists(), every=0.2)
            started = " ".join(living(busy))
            for program in ("beam.smp", "epmd", "secantusd", "fork_server", "services.cli", "chromium"):
                assert program in started, said.read_text()
        finally:
            (os.killpg if to_all else os.kill)(run.pid, number)

    def nothing_left() -> bool:
        assert living(busy) == []
        return True

    await eventually(nothing_left, every=0.2)


def living(busy: Path) -> list[str]:
    """The command lines of those processes whose environment names the file."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TEST_BUSY={busy}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found
