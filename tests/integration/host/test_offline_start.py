"""`start.sh` of the offline package: it prints the one-time address of its own start, and of no earlier one."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.host.embedded import free_port
from tests.architecture.sources import ROOT
from tests.fixtures.systems import environment_of
from tests.probes import PATIENCE

pytestmark = [pytest.mark.own_servers]
PACKAGE = ROOT / "scripts" / "offline"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """As it is after install.sh."""
    for script in PACKAGE.glob("*.sh"):
        shutil.copy(script, tmp_path)
    (tmp_path / "lvzhi").symlink_to(sys.prefix)
    yield tmp_path
    run(tmp_path, "stop.sh")


def run(package: Path, script: str, port: int = 0) -> str:
    done = subprocess.run(
        ["sh", package / script],
        env=environment_of(package) | {"PORT": str(port), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_process_that_got_the_number_of_one_before_is_left_alone(package: Path) -> None:
    """As after the machine was started again."""
    other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd=package)
    try:
        (package / "lvzhi.pid").write_text(str(other.pid))
        assert run(package, "stop.sh") == ""
        assert other.poll() is None
        (package / "lvzhi.pid").write_text(str(other.pid))
        assert "履职系统已启动" in run(package, "start.sh", free_port())
        assert other.poll() is None
        assert run(package, "stop.sh") == "已停止\n"
    finally:
        other.communicate()


def test_a_start_prints_its_own_address_and_none_of_an_earlier_one(package: Path) -> None:
    port = free_port()
    first = run(package, "start.sh", port)
    (code,) = re.findall(r"/accounts/set-up/(\w+)", first)
    account = {"name": "wang01", "display_name": "王示例01", "area": "340281199"}
    body = {"code": code, "password": "quiet river 42 stones", "account": account}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/accounts/v1/set_ups",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Idempotency-Key": "first"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status in (200, 201)

    run(package, "stop.sh")
    second = run(package, "start.sh", port)
    assert "/accounts/set-up/" in (package / "lvzhi.log").read_text("utf-8")
    assert "/accounts/set-up/" not in second
    assert f"account recover --first --data data --url http://127.0.0.1:{port}" in second
    assert second.count("履职系统已启动") == 1
