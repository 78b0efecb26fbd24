"""`lvzhi doctor` on a machine without a system: what is wrong is named, with what to do."""

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from services.cli import doctor, journal
from services.cli.__main__ import app
from services.cli.support import Finding
from services.host.lock import FolderLock
from shared.process.serve import key_store
from shared.security.keystore import KeyStore
from shared.settings import Settings
from shared.storage import mongo
from shared.storage.encryption import Vault

NOWHERE = "http://127.0.0.1:1"


def states(findings: list[Finding]) -> dict[str, str]:
    return {finding.subject: finding.state for finding in findings}


def place(data: Path, **settings: object) -> doctor.Place:
    return doctor.Place(Settings(data_dir=data, **settings), NOWHERE)  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that was used."""
    KeyStore(tmp_path / "keys")
    Vault.from_directory(tmp_path / "keys")
    (tmp_path / "store" / "mongo").mkdir(parents=True)
    return tmp_path


def test_a_folder_as_it_should_be(data: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--data", str(data), "--url", NOWHERE])
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert "! 系统  没有启动" in result.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: (data / "keys" / "signing-key.json").unlink(), "它的密钥应在"),
        (lambda data: shutil.rmtree(data / "store"), "signing-key.json 还在"),
        (lambda data: (data / "keys" / "signing-key.json").chmod(0o644), "别的用户也能读：signing-key.json"),
        (lambda data: (data / "keys" / "personal-data-keys").write_text("k1:short"), "读不懂"),
    ],
)
def test_keys_that_are_not_as_they_should_be(data: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(data)
    (finding,) = doctor.keys(place(data))
    assert (finding.state, said in finding.text) == ("✗", True)
    result = CliRunner().invoke(app, ["doctor", "--data", str(data), "--url", NOWHERE])
    assert (result.exit_code, "有 1 处不行：密钥" in result.output) == (1, True)


def test_a_clock_before_the_data_is_wrong(data: Path) -> None:
    (file := data / "store" / "mongo" / "x").touch()
    assert next(doctor.clock(data)).state != "✗"
    later = datetime.now(UTC).timestamp() + 2 * doctor.AHEAD_SECONDS
    os.utime(file, (later, later))
    assert states(list(doctor.clock(data))) == {"时钟": "✗"}


def test_a_folder_in_use_is_known_and_left_alone(data: Path) -> None:
    lock = FolderLock(data / "store")
    assert lock.is_held() is False
    assert not (data / "store" / "lock").exists()
    lock.acquire()
    assert FolderLock(data / "store").is_held() is True
    lock.release()
    assert lock.is_held() is False


async def test_servers_that_are_away_are_named(data: Path) -> None:
    away = place(
        data,
        mongodb_url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=10",
        amqp_url="amqp://x:y@127.0.0.1:1/",
    )
    (finding,) = [finding async for finding in doctor.broker(away)]
    assert (finding.state, "连不上" in finding.text) == ("✗", True)
    assert "y" not in finding.text


async def test_a_port_that_another_program_has_is_named(data: Path) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        there = doctor.Place(Settings(data_dir=data), f"http://127.0.0.1:{port}")
        (finding,) = [finding async for finding in doctor.system(there)]
    assert str(finding).startswith(f"✗ 端口  {port} 被别的程序占用")


@pytest.mark.parametrize("given", ["rubbish", "[1]", "{}"])
async def test_a_program_that_answers_something_else_has_the_port(given: str, data: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=given, content_type="application/json")

    app = web.Application()
    app.router.add_get("/health/ready", answer)
    async with TestServer(app) as other:
        there = doctor.Place(Settings(data_dir=data), str(other.make_url("")).rstrip("/"))
        (finding,) = [finding async for finding in doctor.system(there)]
        assert str(finding).startswith(f"✗ 端口  {other.port} 被别的程序占用")


@pytest.mark.parametrize("url", ["foo", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://["])
async def test_what_is_no_address_is_not_an_empty_port(url: str, data: Path) -> None:
    (finding,) = [finding async for finding in doctor.system(doctor.Place(Settings(data_dir=data), url))]
    assert str(finding) == f"✗ 系统  {url}/health/ready 不是网址。改正 --url 或者 LVZHI_URL"


@pytest.mark.parametrize(
    ("version", "numbers"), [("8.0.4", (8, 0)), ("4.1.0-rc.1", (4, 1)), ("3.13.7+ds", (3, 13))]
)
def test_versions_are_compared_as_numbers(version: str, numbers: tuple[int, int]) -> None:
    assert doctor._numbers(version) == numbers


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LVZHI_PORT", "secret")
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)])
    assert (result.exit_code, "LVZHI_PORT" in result.output, "secret" in result.output) == (1, True, False)


def test_what_is_done_on_the_machine_is_recorded(data: Path) -> None:
    run = CliRunner().invoke
    key_store(Settings(data_dir=data))
    assert run(app, ["token", "--area", "340281199", "--role", "office", "--data", str(data)]).exit_code == 0
    assert run(app, ["token", "--area", "x", "--role", "office", "--data", str(data)]).exit_code == 1
    assert run(app, ["account", "rotate-key", "--data", str(data)]).exit_code == 0
    assert run(app, ["account", "disable", "zhang", "--data", str(data), "--url", NOWHERE]).exit_code == 1
    lines = journal.read(data)
    assert [(line["command"], line["outcome"]) for line in lines] == [
        ("token", "done"),
        ("token", "failed"),
        ("account rotate-key", "done"),
        ("account disable", "failed"),
    ]
    assert (data / journal.NAME).stat().st_mode & 0o777 == 0o600


def test_a_torn_line_of_the_journal_hides_no_other(tmp_path: Path) -> None:
    journal.record(tmp_path, "serve", "started")
    with (tmp_path / journal.NAME).open("a") as file:
        file.write('{"at": "20\n[1]\n')
    journal.record(tmp_path, "serve", journal.DONE)
    assert [line["outcome"] for line in journal.read(tmp_path)] == ["started", "done"]


async def test_servers_are_asked_with_the_passwords_of_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the compose file the URL has no password; a secret has it."""
    asked: list[str] = []

    def noted(url: str, **_: object) -> object:
        asked.append(url)
        raise ValueError("nobody is there")

    monkeypatch.setattr(mongo, "connected", noted)
    monkeypatch.setattr(doctor, "broker_version", noted)
    there = place(
        tmp_path,
        mongodb_url="mongodb://roster@mongo/",
        mongodb_password="one",
        amqp_url="amqp://roster@rabbitmq/",
        amqp_password="two",
    )
    async for finding in doctor.database(there):
        assert finding.state == "✗"
    async for finding in doctor.broker(there):
        assert finding.state == "✗"
    assert asked == ["mongodb://roster:one@mongo/", "amqp://roster:two@rabbitmq/"]
