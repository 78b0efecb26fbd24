"""Builds the container image twice from nothing and holds the two to the same files.

`python -m scripts.image TAG` lists the files of an image that is there, to be compared with the list of its release.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
NO_ENGINE: Final = "no image: no container engine answers `docker info`"


def engine_answers() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def reproducible_image(tag: str, epoch: int) -> str:
    """Build the image under `tag`; returns the list of its files. Errors: SystemExit where two builds differ."""
    again = f"{tag}-again"
    build(tag, epoch)
    build(again, epoch)
    first, second = files(tag), files(again)
    _docker("rmi", again)
    if differing := sorted(set(first) ^ set(second)):
        raise SystemExit("two builds of the image differ:\n" + "".join(differing[:20]))
    return "".join(first)


def build(tag: str, epoch: int) -> None:
    """From the base that docker-compose.yml names, without layers of earlier builds."""
    arguments = {"SOURCE_DATE_EPOCH": str(epoch)}
    if base := os.environ.get("LVZHI_BASE_IMAGE"):
        arguments["BASE"] = base
    if index := os.environ.get("PIP_INDEX_URL"):
        arguments["PIP_INDEX_URL"] = index
    given = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
    _docker("build", "--quiet", "--no-cache", "--tag", tag, *given, str(ROOT))


def save(tag: str, archive: Path) -> None:
    """As `docker load` takes it."""
    with subprocess.Popen(["docker", "save", tag], stdout=subprocess.PIPE) as saving:
        assert saving.stdout is not None
        with gzip.open(archive, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(saving.stdout, packed)
    if saving.returncode:
        raise SystemExit(f"docker save of {tag} failed")


def files(tag: str) -> list[str]:
    """A line for each file of the image: path, kind, mode, owner, SHA-256 of the content or target of the link.

    Not its time, which is when the layer was built.
    """
    container = _docker("create", tag)
    try:
        with subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE) as export:
            assert export.stdout is not None
            found = sorted(listed(export.stdout))
        if export.returncode:
            raise SystemExit(f"docker export of {tag} failed")
    finally:
        _docker("rm", container)
    return found


def listed(exported: IO[bytes]) -> Iterator[str]:
    with tarfile.open(fileobj=exported, mode="r|") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isfile() else None
            what = hashlib.sha256(content.read()).hexdigest() if content else entry.linkname or "-"
            kind = entry.type.decode()
            yield f"{entry.name}\t{kind} {entry.mode:04o} {entry.uid}:{entry.gid} {what}\n"


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"docker {' '.join(arguments)}:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.stdout.writelines(files(sys.argv[1]))
