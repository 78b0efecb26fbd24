"""A release: licences that may be passed on, an honest audit, archives of the same bytes, a signature that holds."""

import hashlib
import io
import re
import shutil
import subprocess
import tarfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts import image, release
from services.cli.__main__ import app
from services.cli.licences import licence
from tests.architecture.sources import ROOT

PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Zlib|CC0|Python Software")
FOR_DEVELOPERS = re.compile(r"MPL|Mozilla")
"""Weak copyleft: used to build and test, not passed on."""
UNSTATED = {"axe-playwright-python": "MIT", "promql-parser": "MIT", "isoduration": "ISC"}
"""By their licence files."""
ALLOWED = {
    "secantusdb": "GPL-2.0-only AND CC-BY-4.0",  # run as a program of its own, never imported
    "pathspec": "Mozilla Public License 2.0 (MPL 2.0)",  # of the builder in the image, passed on as it is
}


def test_every_locked_package_may_be_used_and_those_of_an_installation_passed_on() -> None:
    passed_on = release.names_in((ROOT / "requirements-service.txt").read_text("utf-8"))
    locked = release.names_in((ROOT / "requirements.txt").read_text("utf-8"))
    here = {name: package for name in locked for package in distributions(name=name)}
    assert len(here) > 100  # some of the lock are for other systems
    licences = {name: licence(package) for name, package in here.items()} | UNSTATED
    wrong = {
        name: stated
        for name, stated in licences.items()
        if not PERMISSIVE.search(stated)
        and ALLOWED.get(name) != stated
        and not (FOR_DEVELOPERS.search(stated) and name not in passed_on)
    }
    assert wrong == {}


def test_a_package_that_was_skipped_is_not_called_audited() -> None:
    skipped = {"name": "a", "skip_reason": "Dependency not found on PyPI"}
    sound, known = {"name": "b", "vulns": []}, {"name": "c", "vulns": [{"id": "CVE-1"}]}
    assert release.audited([skipped], "2026-11-29").startswith("not audited, 2026-11-29")
    assert release.audited([skipped, sound, known], "2026-11-29").splitlines() == [
        "audited, 2026-11-29: 2 packages, 1 with advisories",
        "c: CVE-1",
        "not audited: a",
    ]


def test_an_archive_depends_on_contents_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    archives = []
    for name in ("one", "two"):
        folder = tmp_path / name
        for file in sorted(("start.sh", "a/b"), reverse=name == "two"):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(file, "utf-8")
        archives.append(release._archive(folder, "lvzhi"))
    assert archives[0] == archives[1]
    (packed := tmp_path / "x.tar.gz").write_bytes(archives[0])
    with tarfile.open(packed) as tar:
        modes = {entry.name: (entry.mode, entry.mtime, entry.uid) for entry in tar}
    assert modes == {"lvzhi/a/b": (0o644, 1600000000, 0), "lvzhi/start.sh": (0o755, 1600000000, 0)}


def test_what_the_compose_file_mounts_is_packed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "OUT", tmp_path)
    with tarfile.open(release.containers("9.9.9")) as tar:
        packed = {entry.name.removeprefix("lvzhi-9.9.9-compose/") for entry in tar}
    file = (ROOT / "docker-compose.yml").read_text("utf-8")
    mounted = set(re.findall(r"- \./([\w./-]+):/", file))
    assert "scripts/mongo_users.js" in mounted
    assert mounted - {"certificates"} <= packed
    assert {"docker-compose.yml", ".env.example", "deploy/kubernetes/kustomization.yaml"} <= packed


def test_nothing_that_lies_beside_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are written where the manifests read them, and git does not follow them there."""
    root = tmp_path / "root"
    for file in release.tracked(*release.COMPOSE, "examples/templates", "scripts/offline", ".gitignore"):
        (place := root / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    monkeypatch.setattr(release, "ROOT", root)
    monkeypatch.setattr(release, "OUT", tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    before = release.containers("9.9.9").read_bytes()
    assert setup_env(root / "deploy" / "kubernetes") == 0
    (root / "deploy" / "mine.yaml").write_text("password: mine")
    (root / "examples" / "templates" / "~$mine.xlsx").write_bytes(b"mine")
    assert release.containers("9.9.9").read_bytes() == before
    assert {path.suffix for path in release.tracked("examples/templates")} == {".xlsx"}
    assert not any("mine" in path.name for path in release.tracked("examples", "deploy"))


def setup_env(folder: Path) -> int:
    return CliRunner().invoke(app, ["setup", "env", str(folder)]).exit_code


def test_checksums_are_those_of_sha256sum_and_their_signature_verifies(tmp_path: Path) -> None:
    """As docs/releasing.md says, and not once a byte was changed."""
    (tmp_path / "lvzhi.whl").write_bytes(b"wheel")
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(release.checksums(tmp_path), "utf-8")
    assert (
        subprocess.run(["sha256sum", "--check", "--quiet", sums.name], cwd=tmp_path, check=False).returncode
        == 0
    )
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    release._run("ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", release.NAMESPACE, sums)
    (tmp_path / "signers").write_text(f"lvzhi {(tmp_path / 'key.pub').read_text()}", "utf-8")
    verify = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "signers",
        "-I",
        "lvzhi",
        "-n",
        release.NAMESPACE,
        "-s",
        "SHA256SUMS.sig",
    ]

    def verified() -> bool:
        done = subprocess.run(verify, cwd=tmp_path, input=sums.read_bytes(), capture_output=True, check=False)
        return done.returncode == 0

    assert verified()
    sums.write_text(sums.read_text().replace("a", "b"), "utf-8")
    assert not verified()


@pytest.mark.parametrize(
    "script", sorted((ROOT / "scripts" / "offline").glob("*.sh")), ids=lambda path: path.name
)
def test_scripts_of_the_offline_package_are_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_the_unit_can_write_where_its_heading_makes_a_folder() -> None:
    """systemd starts nothing where a path of ReadWritePaths is missing (226/NAMESPACE), unless marked with `-`."""
    unit = (ROOT / "scripts" / "offline" / "lvzhi.service").read_text("utf-8")
    heading, _, body = unit.partition("[Unit]")
    made = re.findall(r"install -d \S+ \S+ (\S+)", heading)
    assert re.findall(r"^ReadWritePaths=(\S+)$", body, re.MULTILINE) == made
    assert re.findall(r"^#ReadWritePaths=-(\S+)$", body, re.MULTILINE) == re.findall(
        r"^#Environment=LVZHI_BACKUP_DIR=(\S+)$", body, re.MULTILINE
    )
    assert heading.index("mv ") < heading.index("./install.sh"), (
        "the scripts of an environment name its folder"
    )


@pytest.mark.nightly
def test_two_builds_of_the_wheel_are_the_same_bytes_and_have_all_packages(tmp_path: Path) -> None:
    built = release.reproducible_wheel(tmp_path)
    names = subprocess.run(["unzip", "-Z1", built], capture_output=True, text=True, check=True).stdout.split()
    assert {name.partition("/")[0] for name in names} >= {"services", "shared", "recount"}
    assert {
        "services/descriptions.toml",
        "services/contract/openapi.json",
        "services/contract/asyncapi.json",
    } <= set(names)


def test_a_file_of_the_image_is_told_by_mode_owner_and_content_but_not_by_time() -> None:
    told = [
        *(_told(mtime=1), _told(mtime=2)),
        *(
            _told(mode=0o755),
            _told(uid=1),
            _told(b"other"),
            _told(type=tarfile.SYMTYPE, linkname="elsewhere"),
        ),
    ]
    assert told[0] == told[1] == ["opt/x\t0 0644 0:0 " + hashlib.sha256(b"content").hexdigest() + "\n"]
    assert len({line for lines in told for line in lines}) == 5


def _told(content: bytes = b"content", **about: object) -> list[str]:
    entry = tarfile.TarInfo("opt/x")
    for name, value in about.items():
        setattr(entry, name, value)
    if entry.isfile():
        entry.size = len(content)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(content))
    packed.seek(0)
    return list(image.listed(packed))


def test_without_an_engine_there_is_no_image_and_a_sentence_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(release.container(Path("lvzhi-1.0.0-py3-none-any.whl"))) == []
    assert capsys.readouterr().err == "no image: no container engine answers `docker info`\n"
