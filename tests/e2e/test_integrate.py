"""The guide for those who integrate: every block runs as printed, in order, against the example as it is served."""

import asyncio
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from services.accounts.domain.second_step import STEP_SECONDS, digits
from services.cli.example import FOLDER
from services.host.embedded import free_port
from services.host.sandbox import Credentials
from tests.fixtures.systems import System
from tests.probes import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.own_servers]

GUIDE = Path("docs/integrate.md")
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)


def written(folder: Path) -> str:
    """The programs of the guide as files, and its commands as one script."""
    commands = []
    for kind, code in BLOCK.findall(GUIDE.read_text("utf-8")):
        if kind == "python":
            (folder / code.partition("\n")[0].removeprefix("# ")).write_text(code, "utf-8")
        else:
            commands.append(code)
    return "\n".join(commands)


async def run(*command: str, **options: Any) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, **options
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def adapter(sandbox: System) -> str:
    """The address of an adapter in front of the sandbox."""
    port = str(free_port())
    sandbox.spawn("adapter", "services.host.adapter", LVZHI_ADAPTER_URL=sandbox.url, LVZHI_ADAPTER_PORT=port)
    url = f"http://127.0.0.1:{port}"

    async def listens() -> bool:
        """the adapter answers"""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(port))
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    await eventually(listens, every=0.1)
    return url


async def signing_client(sandbox: System) -> str:
    said = await sandbox.cli(
        *("client", "add", "县平台", "--role", "service", "--area", "340281", "--expires-on", "2099-12-31"),
        *("--signs", "--url", sandbox.url, "--data", str(sandbox.data / FOLDER)),
    )
    return ":".join(re.findall(r"[0-9a-f-]{36}|lzs_[\w-]+", said)[:2])


async def test_every_block_of_the_guide_runs_as_printed(
    sandbox: System, credentials: Credentials, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "URL": sandbox.url,
        "PORT": str(free_port()),
        "ADAPTER": await adapter(sandbox),
        "APP": await signing_client(sandbox),
    }
    for role in ("county", "office"):
        program = credentials.program(role)
        environment[role.upper()] = f"{program.client_id}:{program.client_secret}"
    status, said = await run(
        "bash", "-euo", "pipefail", "-c", written(tmp_path), cwd=tmp_path, env=environment
    )
    assert status == 0, f"{said}\n{sandbox.logs()}"
    assert "0 成功 roster.town." in said
    assert "404 " in said
    events = (tmp_path / "roster.jsonl").read_text("utf-8").splitlines()
    assert f"{len(events)} roster.jsonl" in said
    assert f"verified {{'/340281199/roster': ({len(events)}," in said
    assert "安全生产培训 60 of 63 version" in said
    assert {"[('xx镇', 'submitted')]", "accepted"} <= set(said.splitlines())
    received = (tmp_path / "received.txt").read_text("utf-8")
    assert "reports.webhook.tested.v1" in received
    assert "reports.report.submitted.v1" in received

    changed = "\n".join(events).replace("xx镇", "yy镇")
    (tmp_path / "changed.jsonl").write_text(changed, "utf-8")
    status, said = await run(sys.executable, "verify.py", "changed.jsonl", cwd=tmp_path)
    assert status == 1
    assert "/340281199/roster 1 was changed" in said


async def test_the_page_shows_everybody_who_may_use_the_example(
    sandbox: System, credentials: Credentials
) -> None:
    page = (await sandbox.must("GET", "/sandbox", "")).decode()
    for person in credentials.people:
        assert person.password in page
    for program in credentials.programs:
        assert program.client_secret in page


async def test_every_credential_is_good_for_its_role(sandbox: System, credentials: Credentials) -> None:
    roles = {person.role for person in credentials.people} | {
        program.role for program in credentials.programs
    }
    assert roles == {"office", "leader", "deputy", "teller", "county", "auditor", "service"}
    for person in credentials.people:
        typed = {"name": person.name, "password": person.password}
        if person.secret is not None:  # the next digits: those of now were used to set it up
            typed["digits"] = digits(person.secret, int(time.time()) // STEP_SECONDS + 1)
        signed = await sandbox.must("POST", "/accounts/v1/sign_ins", "", typed)
        assert signed["account"]["roles"] == [person.role]
