"""Logs as files: drops for an exchange folder, bundles for a stick. What was tampered with shows."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.host import files
from tests.integration.audit.conftest import TOWN, Office

BASE = f"/roster/v1/towns/{TOWN}"
TRAINING = {"kind": "training", "title": "学习", "held_on": "2020-05-06"}


async def another_event(office: Office, name: str) -> None:
    await office.client.json("POST", f"{BASE}/people", {"name": name, "born_year": 1970})


async def log_of(office: Office, service: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        path = f"/{service}/v1/towns/{TOWN}/events"
        page = await office.client.json("GET", path, after=len(events), limit=1000)
        if not page:
            return events
        events += page


async def done(office: Office, *arguments: str) -> str:
    status, said = await office.lvzhi(*arguments)
    assert status == 0, said
    return said


async def checked(*arguments: str) -> tuple[int, str]:
    """A command that reads files alone: without address and token."""
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    return result.exit_code, result.output


async def test_a_drop_is_complete_when_its_ok_is_there_and_is_not_written_twice(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "前置机"
    folder.mkdir()
    said = await done(office, "drop", str(folder), "--area", TOWN)
    names = sorted(path.stem for path in folder.glob("*.ok"))
    assert len(names) >= 4
    assert f"{len(names)} 份没有回执" in said
    for name in names:
        content = (folder / f"{name}.jsonl").read_bytes()
        listed = (folder / f"{name}.manifest.json").read_bytes()
        manifest = json.loads(listed)
        assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
        assert manifest["sm3"] == hashlib.new("sm3", content).hexdigest()
        assert manifest["count"] == manifest["last"] - manifest["first"] + 1 == content.count(b"\n")
        assert (folder / f"{name}.ok").read_text().strip() == hashlib.sha256(listed).hexdigest()
    (roster,) = [name for name in names if "_roster_" in name]
    kept = [json.loads(line) for line in (folder / f"{roster}.jsonl").read_text("utf-8").splitlines()]
    assert kept == await log_of(office, "roster")
    before = sorted(path.name for path in folder.iterdir())
    await done(office, "drop", str(folder), "--area", TOWN)
    assert sorted(path.name for path in folder.iterdir()) == before


async def test_a_receipt_settles_a_drop_and_a_refusal_has_it_written_again(
    office: Office, tmp_path: Path
) -> None:
    await done(office, "drop", str(tmp_path), "--area", TOWN)
    names = sorted(path.stem for path in tmp_path.glob("*.ok"))
    for name in names[1:]:
        (tmp_path / f"{name}.ack").write_text("ok")
    (tmp_path / f"{names[0]}.ack").write_text("sha256 不符")
    content = (tmp_path / f"{names[0]}.jsonl").read_bytes()
    for path in tmp_path.glob(f"{names[0]}.[jmo]*"):
        path.unlink()
    said = await done(office, "drop", str(tmp_path), "--area", TOWN)
    assert "sha256 不符" in said
    assert "1 份没有回执" in said
    await another_event(office, "后来者")
    await done(office, "drop", str(tmp_path), "--area", TOWN, "--again", names[0])
    assert (tmp_path / f"{names[0]}.jsonl").read_bytes() == content
    (tmp_path / f"{names[0]}.ack").write_text("OK\n")
    said = await done(office, "drop", str(tmp_path), "--area", TOWN)
    (newest,) = tmp_path.glob(f"{TOWN}_roster_*_000002.manifest.json")
    assert json.loads(newest.read_bytes())["count"] == 1
    assert (await office.lvzhi("drop", str(tmp_path), "--area", TOWN, "--again", names[0]))[0] == 1


@pytest.mark.parametrize("stopped_at", [".jsonl", ".ok"])
@pytest.mark.parametrize("received", [True, False])
async def test_a_drop_that_was_stopped_leaves_the_receiver_nothing_out(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: str, *, received: bool
) -> None:
    """Killed right after a file was placed; the receiver may take and acknowledge what has its `.ok` meanwhile. It
    takes each name once."""
    place = files.write_whole

    def stopped(path: Path, content: bytes) -> None:
        place(path, content)
        if path.suffix == stopped_at and "_roster_" in path.name:
            raise KeyboardInterrupt

    taken: dict[str, list[dict[str, Any]]] = {}

    def take() -> None:
        for ok in tmp_path.glob("*_roster_*.ok"):
            lines = ok.with_suffix(".jsonl").read_text("utf-8").splitlines()
            taken.setdefault(ok.stem, [json.loads(line) for line in lines])
            ok.with_suffix(".ack").write_text("ok")
            ok.unlink()

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_whole", stopped)
        assert (await office.lvzhi("drop", str(tmp_path), "--area", TOWN))[0] != 0
    if received:
        take()
    await another_event(office, f"停电以后 {stopped_at} {received}")
    for _ in range(2):
        await done(office, "drop", str(tmp_path), "--area", TOWN)
        take()
    assert [event for name in sorted(taken) for event in taken[name]] == await log_of(office, "roster")
    await done(office, "drop", str(tmp_path), "--area", TOWN)
    assert not list(tmp_path.glob("*_roster_*.ack"))


async def test_a_drop_that_can_never_be_finished_holds_up_no_other(office: Office, tmp_path: Path) -> None:
    """The source was restored from a backup of before what was to be written."""
    await done(office, "drop", str(tmp_path), "--area", TOWN)
    state = json.loads((tmp_path / "drops.json").read_text())
    (lost,) = [name for name in state["waiting"] if "_roster_" in name]
    (tmp_path / "drops.json").write_text(
        json.dumps(state | {"unplaced": [lost]}).replace(state["waiting"][lost]["hash"], "f" * 64)
    )
    await office.client.json("POST", f"/activities/v1/towns/{TOWN}/activities", TRAINING)
    status, said = await office.lvzhi("drop", str(tmp_path), "--area", TOWN)
    assert (status, lost in said) == (1, True), said
    assert list(tmp_path.glob(f"{TOWN}_activities_*_000002.ok"))


async def test_bundles_are_taken_over_one_after_the_other(office: Office, tmp_path: Path) -> None:
    first, second, copy = tmp_path / "1.zip", tmp_path / "2.zip", tmp_path / "副本"
    state = str(tmp_path / "state.json")
    await done(office, "bundle", "export", TOWN, "-o", str(first), "--state", state)
    await another_event(office, "第二包")
    await done(office, "bundle", "export", TOWN, "-o", str(second), "--state", state)
    assert second.stat().st_size < first.stat().st_size
    keys = tmp_path / "jwks.json"
    with zipfile.ZipFile(first) as packed:
        keys.write_text(json.loads(packed.read("manifest.json"))["keys"])
    status, said = await checked("bundle", "verify", str(first), "--keys", str(keys))
    assert (status, "没有给出公钥" in said) == (0, False), said
    assert (await checked("bundle", "verify", str(second)))[0] == 0
    status, said = await checked("bundle", "import", str(second), str(copy))
    assert (status, "先导入前一个包" in said) == (1, True)
    assert list(copy.rglob("*.jsonl")) == []
    assert (await checked("bundle", "import", str(first), str(copy)))[0] == 0
    kept = copy / TOWN / "roster.jsonl"
    whole = kept.read_bytes()
    kept.write_bytes(whole + b'{"specversion":"1.0","id":"cut')  # as a power failure leaves it
    status, said = await checked("bundle", "import", str(second), str(copy))
    assert (status, "新增 1 件" in said) == (0, True), said
    status, said = await checked("bundle", "import", str(first), str(copy))
    assert (status, "新增 0 件" in said) == (0, True), said
    lines = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    assert lines == await log_of(office, "roster")
    assert "副本与系统相符" in await done(office, "reconcile", str(copy), TOWN)
    kept.write_bytes(kept.read_bytes().rpartition(b"\n{")[0] + b"\n")
    status, said = await office.lvzhi("reconcile", str(copy), TOWN)
    assert (status, "1 处不同" in said, "roster.person" in said) == (1, True, True), said


def without_an_event(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:3] + lines[4:])


def cut_off(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-1])


def changed(content: bytes) -> bytes:
    return content.replace("示例".encode(), "样例".encode(), 1)


def swapped(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join([*lines[:2], lines[3], lines[2], *lines[4:]])


def half_a_line(content: bytes) -> bytes:
    return content[:-10]


@pytest.fixture(scope="module")
async def exported(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    await done(office, "bundle", "export", TOWN, "-o", str(out))
    return out


def repacked(bundle: Path, out: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A bundle with some entries changed, or left out."""
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                target.writestr(name, content)
    return out


def a_member_twice(content: bytes) -> bytes:
    return content.replace(b'{"actor":', b'{"actor":"somebody","actor":', 1)


TAMPERS = [without_an_event, cut_off, changed, swapped, half_a_line, a_member_twice, None]


@pytest.mark.parametrize("tamper", TAMPERS)
async def test_a_log_that_was_tampered_with_is_refused(
    office: Office, exported: Path, tmp_path: Path, tamper: Callable[[bytes], bytes] | None
) -> None:
    def change(name: str, content: bytes) -> bytes | None:
        if not name.endswith("roster.jsonl"):
            return content
        return tamper(content) if tamper else None

    bad = repacked(exported, tmp_path / "bad.zip", change)
    for command in (("verify", str(bad)), ("import", str(bad), str(tmp_path / "copy"))):
        status, said = await checked("bundle", *command)
        assert (status, "Traceback" in said) == (1, False), said
    assert not list((tmp_path / "copy").rglob("*.jsonl"))


@pytest.mark.parametrize("what", ["statement", "service", "area", "begins", "strange", "no zip"])
async def test_a_manifest_that_was_tampered_with_is_refused(
    office: Office, exported: Path, tmp_path: Path, what: str
) -> None:
    def change(name: str, content: bytes) -> bytes | None:
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        if what == "statement":
            head, payload, signature = manifest["statements"][0].split(".")
            manifest["statements"][0] = f"{head}.{payload[:-4]}AAAA.{signature}"
        elif what == "service":
            manifest["statements"].pop(0)
        elif what == "area":
            manifest["area"] = TOWN[:6]
        elif what == "begins":
            manifest["begins"][f"/{TOWN}/roster"] = [1, "0" * 64]
        return json.dumps(manifest).encode()

    bad = repacked(exported, tmp_path / "bad.zip", change)
    if what == "strange":
        with zipfile.ZipFile(bad, "a") as packed:
            packed.writestr("../../etc/passwd", "x")
    if what == "no zip":
        bad.write_bytes(b"PK\x03\x04 not a bundle")
    status, said = await checked("bundle", "verify", str(bad))
    assert (status, "Traceback" in said) == (1, False), said


async def test_an_export_goes_on_where_it_was_stopped(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "bundle.zip"
    out.mkdir()  # in the way, so that the last step fails
    status, _ = await office.lvzhi("bundle", "export", TOWN, "-o", str(out))
    assert status == 1
    part = tmp_path / "bundle.zip.part"
    before = {path: path.stat().st_mtime_ns for path in part.rglob("*.jsonl")}
    assert before
    out.rmdir()
    await another_event(office, "此后的不在其中")
    kept = {path.relative_to(part).as_posix(): path.read_bytes() for path in before}
    await done(office, "bundle", "export", TOWN, "-o", str(out))
    assert not part.exists()
    with zipfile.ZipFile(out) as packed:
        assert {name: packed.read(f"logs/{name}") for name in kept} == kept
