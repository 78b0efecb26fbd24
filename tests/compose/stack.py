"""The whole compose file as an operator runs it: from a copy of the sources, by one command after another."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from services.host.embedded import free_port
from services.host.installation import DEPLOYED
from tests.compose.engine import CADDY, HERE, MONGO, PYTHON, RABBITMQ, ROOT, Engine
from tests.probes import eventually

EVERY: Final = (*DEPLOYED, "gateway", "mongo", "rabbitmq")
IMAGE, NEXT = "lvzhi-test/lvzhi:now", "lvzhi-test/lvzhi:next"
DOMAIN, VOTERS_DOMAIN = "lvzhi.example.gov.cn", "piao.example.gov.cn"
VOTERS_URL: Final = f"https://{VOTERS_DOMAIN}"


@dataclass
class Stack:
    """The containers of one project. `variables` are those of an operator's shell and go before `.env`."""

    engine: Engine
    folder: Path
    variables: dict[str, str]
    files: tuple[str, ...]
    project: str = field(default_factory=lambda: f"lvzhi-{secrets.token_hex(3)}")

    def compose(self, *arguments: str) -> str:
        """Output of a command of Compose that must succeed."""
        files = [word for file in self.files for word in ("-f", file)]
        done = subprocess.run(
            [*_program(self.engine), "-p", self.project, *files, *arguments],
            env=self.engine.environment | self.variables,
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, f"compose {' '.join(arguments)}:\n{said[-6000:]}\n{self.logs()}"
        return done.stdout.decode().strip()

    def logs(self) -> str:
        return "\n".join(
            f"== {one['Name']}\n{self.engine.docker('logs', '--tail', '15', one['Id'])}"
            for containers in self.containers().values()
            for one in containers
        )

    def containers(self) -> dict[str, list[dict[str, Any]]]:
        """What the engine says of each container, by service."""
        mine = f"label=com.docker.compose.project={self.project}"
        ids = self.engine.docker("ps", "-aq", "--filter", mine).split()
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in EVERY}
        for one in json.loads(self.engine.docker("inspect", *ids)) if ids else []:
            found.setdefault(one["Config"]["Labels"]["com.docker.compose.service"], []).append(one)
        return found

    def inspect(self, service: str) -> list[dict[str, Any]]:
        return self.containers()[service]

    def healthy(self, *services: str) -> bool:
        """Whether there are containers of each service and all of them are healthy."""
        found = self.containers()
        states = {
            name: [one["State"].get("Health", {}).get("Status") for one in found[name]] for name in services
        }
        assert all(state and set(state) == {"healthy"} for state in states.values()), states
        return True

    async def until_healthy(self, *services: str) -> None:
        await eventually(lambda: self.healthy(*services), every=0.5)

    def kill(self, service: str) -> None:
        """Kill a container's first process as the kernel would: by `docker kill` it counts as stopped on purpose."""
        (container,) = self.inspect(service)
        os.kill(container["State"]["Pid"], signal.SIGKILL)

    def lvzhi(self, *arguments: str) -> str:
        """Output of the `lvzhi` command in the container of accounts, where the key of tokens is."""
        return self.compose("exec", "-T", "accounts", "lvzhi", *arguments)

    def url(self, port: int = 8080) -> str:
        return f"http://{self.variables['LVZHI_PUBLISH' if port == 8080 else 'LVZHI_VOTERS_PUBLISH']}"


@contextmanager
def project(engine: Engine, folder: Path, *, real: bool) -> Iterator[Stack]:
    """A copy of the sources with `.env` and `secrets` made; what is brought up in it is removed with the block."""
    for name in subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, text=True
    ).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    subprocess.run(
        [sys.executable, "-m", "services.cli", "setup", "env", str(folder), "--voters-url", VOTERS_URL],
        check=True,
        cwd=ROOT,
    )
    variables = {
        "LVZHI_IMAGE": IMAGE,
        "LVZHI_PUBLISH": f"127.0.0.1:{free_port()}",
        "LVZHI_VOTERS_PUBLISH": f"127.0.0.1:{free_port()}",
        "LVZHI_HTTP_PUBLISH": f"127.0.0.1:{free_port()}",
        "LVZHI_HTTPS_PUBLISH": f"127.0.0.1:{free_port()}",
    }
    files: tuple[str, ...] = ("docker-compose.yml",)
    if not real:
        variables |= {"LVZHI_BASE_IMAGE": PYTHON, "MONGO_IMAGE": MONGO, "RABBITMQ_IMAGE": RABBITMQ}
        variables |= {"CADDY_IMAGE": CADDY, "MONGO_OPTIONS": "directConnection=true&retryWrites=false"}
        files += (str(HERE / "override.yml"),)
    stack = Stack(engine, folder, variables, files)
    try:
        yield stack
    finally:
        stack.compose("down", "--volumes", "--timeout", "5")


def _program(engine: Engine) -> list[str]:
    """Compose as a plugin, else the program of before."""
    plugin = subprocess.run(
        ["docker", "compose", "version"], env=engine.environment, capture_output=True, check=False
    )
    return ["docker", "compose"] if plugin.returncode == 0 else ["docker-compose"]


def code_in(text: str) -> str:
    """The code in a one-time address."""
    found = re.search(r"/accounts/set-up/([0-9A-Za-z-]+)", text)
    assert found, text
    return found.group(1)
