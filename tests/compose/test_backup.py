"""A backup by the compose file's own container, restored on a machine that has the sources and `secrets` alone."""

import json
import secrets
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from services.host.installation import DEPLOYED
from tests.compose.stack import Stack, project
from tests.probes import eventually

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.own_servers,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
]

TOWN = "340281197"
PHONE = "13800000000"
USER = 10001
"""Of the containers."""


@pytest.fixture
def folder(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """For backups, on the host; only the containers' user may enter it."""
    with TemporaryDirectory(prefix="lvzhi-backup-") as name:
        place = Path(name)
        shutil.chown(place, USER)
        monkeypatch.setitem(stack.variables, "LVZHI_BACKUP_DIR", name)
        yield place


async def test_an_empty_machine_has_everything_again_by_two_commands(
    stack: Stack, folder: Path, tmp_path: Path
) -> None:
    await stack.until_healthy(*DEPLOYED, "gateway")
    _ask(stack, "PUT", f"/roster/v1/towns/{TOWN}", {"name": "又一镇"})
    person = _ask(stack, "POST", f"/roster/v1/towns/{TOWN}/people", {"name": "赵示例901", "phone": PHONE})
    stack.compose("run", "--rm", "-T", "backup", "lvzhi", "backup-key", f"{folder}/recipient")
    assert "含密钥" in stack.compose("run", "--rm", "-T", "backup")
    stack.compose("stop")
    try:
        with project(stack.engine, tmp_path, real="MONGO_IMAGE" not in stack.variables) as other:
            shutil.rmtree(tmp_path / "secrets")
            shutil.copytree(stack.folder / "secrets", tmp_path / "secrets")
            other.variables["LVZHI_BACKUP_DIR"] = str(folder)
            restore = ("lvzhi", "restore", "--identity", f"{folder}/recipient")
            assert "逐条相符" in other.compose("run", "--rm", "-T", "backup", *restore)
            other.compose("up", "-d", "--no-build")
            await other.until_healthy(*DEPLOYED, "gateway")
            again = _ask(other, "GET", f"/roster/v1/towns/{TOWN}/people/{person['id']}")
            assert again["phone"] == PHONE
            await eventually(lambda: _agrees(other), every=1.0)
    finally:
        stack.compose("start")
        await stack.until_healthy(*DEPLOYED, "gateway")


def _agrees(stack: Stack) -> bool:
    """`lvzhi check` finds nothing in the town"""
    return f"✓ {TOWN}" in stack.compose("exec", "-T", "accounts", "sh", "-c", CHECK)


CHECK = (
    "LVZHI_URL=http://gateway:8080 LVZHI_TOKEN=$(lvzhi token --area 34 --role service) lvzhi check || true"
)
"""As docs/operating.md has it."""


def _ask(stack: Stack, method: str, path: str, body: object = None) -> dict[str, str]:
    token = stack.lvzhi("token", "--area", TOWN, "--role", "office", "--subject", "office")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = secrets.token_hex(16)
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(stack.url() + path, content, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, str] = json.loads(answer.read())
    return found
