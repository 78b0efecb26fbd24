"""The container engine of the tests: the one that answers, else a daemon of their own; and the images they run."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from services.host.embedded import dying_with_parent

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
CACHE: Final = ROOT / ".cache" / "compose"
START_SECONDS: Final = 60.0
MIRROR: Final = "http://deb.debian.org/debian"
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
SLIM: Final = """path-exclude=/usr/share/locale/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
"""
"""As in Debian's slim images."""

PYTHON, MONGO, RABBITMQ = "lvzhi-test/python", "lvzhi-test/mongo", "lvzhi-test/rabbitmq"
CADDY: Final = "lvzhi-test/caddy"
_DEBIAN: Final = "lvzhi-test/debian"


class NoEngine(Exception):
    """No container engine can run here; says why in one sentence."""


class Engine:
    """Commands to a daemon; `host` is empty for the one that the environment names."""

    def __init__(self, host: str = "") -> None:
        self.environment = (
            dict(os.environ) | ({"DOCKER_HOST": host} if host else {}) | {"DOCKER_BUILDKIT": "0"}
        )

    def docker(self, *arguments: str, given: bytes | None = None) -> str:
        """Output of a command that must succeed."""
        done = subprocess.run(
            ["docker", *arguments], env=self.environment, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, (
            f"docker {' '.join(arguments)}:\n{(done.stdout + done.stderr).decode()[-4000:]}"
        )
        return done.stdout.decode().strip()

    def answers(self) -> bool:
        if not shutil.which("docker"):
            return False
        return (
            subprocess.run(
                ["docker", "info"], env=self.environment, capture_output=True, check=False
            ).returncode
            == 0
        )

    def build(self, tag: str, folder: Path, *options: str) -> None:
        self.docker("build", "--quiet", "--tag", tag, *options, str(folder))

    def has(self, tag: str) -> bool:
        return bool(self.docker("images", "--quiet", tag))


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine that answers, else a daemon that ends with the block and keeps its images for the next time.

    Errors: NoEngine.
    """
    if (there := Engine()).answers():
        yield there
        return
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        raise NoEngine(
            "No container engine answers, and none can be started: run scripts/compose-deps as root."
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    run = Path(tempfile.mkdtemp(prefix="lvzhi-docker-"))  # the path of a socket must be short
    socket, log = run / "docker.sock", CACHE / "dockerd.log"
    own = Engine(f"unix://{socket}")
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            dying_with_parent(
                [
                    *("dockerd", "--host", f"unix://{socket}", "--pidfile", str(run / "dockerd.pid")),
                    *("--data-root", str(CACHE / "data"), "--exec-root", str(run / "exec")),
                ]
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not own.answers():
            if daemon.poll() is not None or time.monotonic() > deadline:
                last = log.read_text("utf-8", "replace").strip().rpartition("\n")[2]
                raise NoEngine(f"The container engine does not start here: {last}")
            time.sleep(0.2)
        yield own
    finally:
        daemon.terminate()
        daemon.wait(60)
        shutil.rmtree(run, ignore_errors=True)


def stand_ins(own: Engine) -> None:
    """Make the images that stand in for those of a registry: Debian by debootstrap, and on it the others."""
    if not own.has(_DEBIAN):
        own.docker("import", "--change", f"ENV PIP_CERT={CERTIFICATES}", str(_debian()), _DEBIAN)
    if not own.has(PYTHON):
        own.docker("build", "--quiet", "--tag", PYTHON, "-", given=(HERE / "base.Dockerfile").read_bytes())
    packages = " ".join(f"{name}=={version(name)}" for name in ("secantusdb", "pymongo"))
    own.build(MONGO, HERE / "mongo", "--build-arg", f"PACKAGES={packages}")
    own.build(RABBITMQ, HERE / "rabbitmq")
    own.build(CADDY, HERE / "caddy")


def _debian() -> Path:
    """An archive of a small Debian with this machine's sources of packages and certificates."""
    archive, folder = CACHE / "debian.tar", CACHE / "debian"
    if archive.exists():
        return archive
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", str(folder), MIRROR],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.copy(CERTIFICATES, folder / "etc/ssl/certs")
    (folder / "etc/dpkg/dpkg.cfg.d/slim").write_text(SLIM)
    for path in ("var/cache/apt", "var/lib/apt/lists", "usr/share/locale", "usr/share/man"):
        shutil.rmtree(folder / path)
        (folder / path).mkdir()
    for file in (folder / "usr/share/doc").glob("*/*"):
        if file.name != "copyright" and not file.is_dir():
            file.unlink()
    part = archive.with_suffix(".part")
    subprocess.run(["tar", "--one-file-system", "-C", str(folder), "-cf", str(part), "."], check=True)
    shutil.rmtree(folder)
    return part.rename(archive)
