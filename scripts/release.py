"""Builds what a release consists of: wheel, image, bill of materials, audit, offline packages, checksums, signature.

`python -m scripts.release [--offline] [--key FILE]` writes build/release. The wheel is built twice and must be the same
bytes; so is the image where a container engine answers, and must have the same files. `--offline`: the offline packages
alone. `--key`: a private key of ssh-keygen that signs the checksums.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scripts import image

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / "build" / "release"
COMPOSE: Final = (
    "docker-compose.yml",
    ".env.example",
    "scripts/mongo_users.js",
    "scripts/rabbitmq.conf",
    "scripts/rabbitmq_plugins",
    "deploy",
)
BIN: Final = Path(sys.executable).parent
ARCHITECTURES: Final = ("x86_64", "aarch64")
GLIBC: Final = 28
"""2.28 is that of 麒麟 V10 and 统信 UOS 20; wheels for newer ones would not load there."""
PYTHON: Final = "311"
NAMESPACE: Final = "lvzhi"


def epoch() -> int:
    """Time of the last commit: what is built from it has no other."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return int(told or _run("git", "log", "-1", "--format=%ct").strip())


def _run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def wheel(folder: Path) -> Path:
    """Build the wheel into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _run(
        BIN / "python",
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        folder,
        SOURCE_DATE_EPOCH=str(epoch()),
    )
    (built,) = folder.glob("lvzhi-*.whl")
    return built


def reproducible_wheel(folder: Path) -> Path:
    """The wheel, built twice. Errors: SystemExit where the two differ."""
    built = wheel(folder)
    with tempfile.TemporaryDirectory() as again:
        if wheel(Path(again)).read_bytes() != built.read_bytes():
            raise SystemExit("two builds of the wheel differ")
    return built


def locked() -> str:
    """The lock of what an installation of one machine needs: the services and the embedded database."""
    return _run(
        *(BIN / "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *(
            "--no-header",
            "--no-emit-index-url",
            "--extra",
            "embedded",
            "-c",
            "requirements.txt",
            "pyproject.toml",
        ),
    )


def names_in(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))


def bill_of_materials(lock: str) -> str:
    """CycloneDX of the packages in the lock, with their licences, as they are installed here."""
    names = names_in(lock)
    bom = json.loads(
        _run(
            BIN / "cyclonedx-py",
            "environment",
            sys.executable,
            "--pyproject",
            "pyproject.toml",
            "--output-reproducible",
        )
    )
    kept = [part for part in bom["components"] if _canonical(part["name"]) in names]
    refs = {part["bom-ref"] for part in kept} | {bom["metadata"]["component"]["bom-ref"]}
    bom["components"] = kept
    bom["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in refs]}
        for one in bom.get("dependencies", [])
        if one["ref"] in refs
    ]
    return json.dumps(bom, ensure_ascii=False, indent=1) + "\n"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def audit() -> str:
    """What pip-audit finds in the lock; where its advisories cannot be reached, that and the day."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    asked: list[str | Path] = [
        BIN / "pip-audit",
        "-r",
        "requirements.txt",
        "--require-hashes",
        "--disable-pip",
        "--timeout",
        "10",
        "-f",
        "json",
    ]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return f"not audited, {day}: the advisories could not be reached\n"
    return audited(found["dependencies"], day)


def audited(packages: Sequence[Mapping[str, Any]], day: str) -> str:
    """A package that was skipped, as where the index has no advisories, is not audited."""
    skipped = sorted(one["name"] for one in packages if "skip_reason" in one)
    if len(skipped) == len(packages):
        return f"not audited, {day}: the advisories could not be reached\n"
    known = {one["name"]: [v["id"] for v in one["vulns"]] for one in packages if one.get("vulns")}
    lines = [f"{name}: {', '.join(ids)}\n" for name, ids in sorted(known.items())]
    lines += [f"not audited: {', '.join(skipped)}\n"] if skipped else []
    total = f"audited, {day}: {len(packages) - len(skipped)} packages, {len(known)} with advisories\n"
    return "".join([total, *lines])


def offline_package(architecture: str, own: Path, lock: str) -> Path:
    """An archive that installs and runs without a network on one architecture."""
    name = f"{own.name.split('-py3')[0]}-linux-{architecture}"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "requirements.txt").write_text(lock, "utf-8")
        _download(folder / "wheels", folder / "requirements.txt", architecture)
        shutil.copy(own, folder / "wheels")
        for file in tracked("scripts/offline"):
            text = file.read_text("utf-8").replace("@ARCH@", architecture)
            (folder / file.name).write_text(text, "utf-8")
        for page in ("LICENSE", "docs/offline.md"):
            shutil.copy(ROOT / page, folder)
        (folder / "templates").mkdir()
        for file in tracked("examples/templates"):
            shutil.copy(file, folder / "templates")
        (folder / "SHA256SUMS").write_text(checksums(folder), "utf-8")
        archive = OUT / f"{name}.tar.gz"
        archive.write_bytes(_archive(folder, name))
    return archive


def containers(version: str) -> Path:
    """What an operator of containers needs beside the image: the compose file and what it mounts."""
    name = f"lvzhi-{version}-compose"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for file in tracked(*COMPOSE):
            place = folder / file.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
        archive = OUT / f"{name}.tar.gz"
        archive.write_bytes(_archive(folder, name))
    return archive


def tracked(*given: str) -> list[Path]:
    """The files of the repository at these places. What else lies there is somebody's own, as the passwords are that
    `lvzhi setup env` writes beside the manifests."""
    return [ROOT / name for name in _run("git", "ls-files", "-z", "--", *given).split("\0") if name]


def _download(folder: Path, requirements: Path, architecture: str) -> None:
    """Every wheel of the lock that glibc 2.28 can load. Errors: CalledProcessError where one has none."""
    tags = [f"manylinux_2_{minor}_{architecture}" for minor in range(5, GLIBC + 1)]
    tags += [f"{old}_{architecture}" for old in ("manylinux1", "manylinux2010", "manylinux2014")]
    platforms = [word for tag in tags for word in ("--platform", tag)]
    _run(
        *(BIN / "python", "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary=:all:", *platforms, "--python-version", PYTHON, "--implementation", "cp"),
        *("--abi", f"cp{PYTHON}", "--abi", "abi3", "--abi", "none", "--require-hashes"),
        *("-r", requirements, "-d", folder),
    )


def _archive(folder: Path, name: str) -> bytes:
    """A tar.gz that depends on names and contents alone."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = tarfile.TarInfo(f"{name}/{file.relative_to(folder)}")
                content = file.read_bytes()
                entry.size, entry.mtime = len(content), epoch()
                entry.mode = 0o755 if file.suffix == ".sh" else 0o644
                tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def checksums(folder: Path) -> str:
    """As sha256sum writes them."""
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and file.name not in ("SHA256SUMS", "SHA256SUMS.sig")
    )
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(folder)}\n" for f in files)


def container(own: Path) -> Iterator[Path]:
    """The image of this version and the list of its files; nothing, and a sentence, where no engine answers."""
    if not image.engine_answers():
        sys.stderr.write(f"{image.NO_ENGINE}\n")
        return
    version = own.name.split("-")[1]
    tag = f"lvzhi:{version}"
    yield _written(f"lvzhi-{version}-image.files", image.reproducible_image(tag, epoch()))
    image.save(tag, archive := OUT / f"lvzhi-{version}-image.tar.gz")
    yield archive


def release(key: Path | None, *, offline_alone: bool) -> Iterator[Path]:
    """Build; yields each file."""
    shutil.rmtree(OUT, ignore_errors=True)
    yield (own := reproducible_wheel(OUT))
    lock = locked()
    if not offline_alone:
        yield _written("sbom.cdx.json", bill_of_materials(lock))
        yield _written("audit.txt", audit())
        yield from container(own)
        yield containers(own.name.split("-")[1])
    for architecture in ARCHITECTURES:
        yield offline_package(architecture, own, lock)
    yield (sums := _written("SHA256SUMS", checksums(OUT)))
    if key is not None:
        _run("ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", NAMESPACE, sums)
        yield sums.with_name("SHA256SUMS.sig")


def _written(name: str, text: str) -> Path:
    path = OUT / name
    path.write_text(text, "utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline", action="store_true", help="the offline packages alone")
    parser.add_argument("--key", type=Path, default=None, help="private key that signs the checksums")
    asked = parser.parse_args()
    for path in release(asked.key, offline_alone=asked.offline):
        print(path.relative_to(ROOT))
    if asked.key is None:
        sys.stderr.write("SHA256SUMS is not signed: no --key\n")


if __name__ == "__main__":
    main()
