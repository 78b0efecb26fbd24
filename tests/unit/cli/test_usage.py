"""What a command cannot go on with is one Chinese sentence and an exit status."""

import errno
from pathlib import Path

import pytest
from pydantic import ValidationError
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError
from typer.testing import CliRunner

from services.cli import usage
from services.cli.__main__ import app
from services.host.backup.folder import Folder
from shared.security.keystore import KeyStore
from shared.settings import Settings, wrong_setting

TOKEN = ["token", "--area", "340281199", "--role", "office"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["backup"], "缺少 folder。用法：lvzhi backup --help"),
        (["account", "add"], "缺少 name。用法：lvzhi account add --help"),
        (["token", "--role", "office"], "缺少 --area。用法：lvzhi token --help"),
        (["token", "--hours", "x"], "--hours 的值不对。用法：lvzhi token --help"),
        (["token", "--area"], "--area 后面要写它的值"),
        (["check", "--tokn", "x"], "没有选项 --tokn，是不是 --token。用法：lvzhi check --help"),
        (["nosuch"], "不认识 nosuch。用法：lvzhi --help"),
        (["backups", "a", "b"], "不认识 b。用法：lvzhi backups --help"),
    ],
)
def test_wrong_arguments_are_told(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(app, arguments, prog_name="lvzhi")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{told}\n")


@pytest.mark.parametrize("group", [[], ["account"], ["bundle"]])
def test_a_group_alone_is_its_help(group: list[str]) -> None:
    done = CliRunner().invoke(app, group, prog_name="lvzhi")
    assert (done.exit_code, "用法：" in done.output, "参数不对" in done.output) == (2, True, False)


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LVZHI_DRILL_DAYS", "secret")
    done = CliRunner().invoke(app, ["serve", "--data", str(tmp_path / "data")])
    assert (done.exit_code, done.stderr) == (1, "设置 LVZHI_DRILL_DAYS 的值不对，见 docs/configuration.md\n")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        (
            {"MONGODB_URL": "secret@h/x", "MONGODB_PASSWORD": "secret"},
            "有 MONGODB_PASSWORD 时，MONGODB_URL 须写明用户而不写口令：mongodb://用户@主机…",
        ),
        (
            {"MONGODB_URL": "u:secret@h", "MONGODB_PASSWORD": "secret"},
            "有 MONGODB_PASSWORD 时，MONGODB_URL 须写明用户而不写口令：mongodb://用户@主机…",
        ),
        (
            {"LVZHI_CORS_CREDENTIALS": "true", "LVZHI_CORS_ORIGINS": '["*"]'},
            "LVZHI_CORS_CREDENTIALS 打开时，LVZHI_CORS_ORIGINS 须逐一写明来源，不能是 *",
        ),
        ({"LVZHI_CORS_ORIGINS": "*"}, "设置 LVZHI_CORS_ORIGINS 的值不对"),
        ({"LVZHI_CORS_ORIGINS": '["secret"]'}, "设置 LVZHI_CORS_ORIGINS 的值不对"),
        (
            {"LVZHI_DRILL_DAYS": "secret", "LVZHI_PARTITIONS": "0"},
            "设置 LVZHI_PARTITIONS、LVZHI_DRILL_DAYS 的值不对",
        ),
    ],
)
@pytest.mark.parametrize("command", ["serve", "doctor", "restore"])
def test_settings_that_do_not_go_together_are_told(
    command: str, variables: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    arguments = [
        command,
        "--data",
        str(tmp_path / "data"),
        *([str(tmp_path)] if command == "restore" else []),
    ]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.removeprefix("✗ ") == f"{told}，见 docs/configuration.md\n"


def test_a_setting_with_a_name_of_its_own_is_called_by_it(tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"MONGODB_URL": ["secret"], "data_dir": tmp_path})
    assert wrong_setting(caught.value) == "设置 MONGODB_URL 的值不对，见 docs/configuration.md"


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(104, "Connection reset by peer")])
def test_an_error_of_no_file_is_not_told_as_one(error: OSError) -> None:
    with pytest.raises(type(error)):
        usage.told(error)


def test_a_full_disk_is_told_where_a_write_names_no_file() -> None:
    assert usage.told(OSError(errno.ENOSPC, "No space left on device")) == ("文件 不能使用（磁盘已满）", 1)


def test_an_interruption_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(_folder: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "ids", interrupted)
    done = CliRunner().invoke(app, ["backups", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (130, "已中断\n")


def test_a_file_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(_folder: object) -> None:
        raise PermissionError(13, "Permission denied", "there")

    monkeypatch.setattr(Folder, "ids", refused)
    done = CliRunner().invoke(app, ["backups", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (1, "there 不能使用（没有权限）\n")


def test_no_token_is_minted_where_no_system_has_its_keys(tmp_path: Path) -> None:
    """Keys that were made for it would sign what no system knows, and the first start would retire them."""
    done = CliRunner().invoke(app, [*TOKEN, "--data", str(tmp_path / "data")])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "里没有签发令牌的密钥" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "command",
    [TOKEN, ["account", "disable", "zhang", "--url", "http://127.0.0.1:1"]],
    ids=["token", "account"],
)
def test_where_there_is_an_example_alone_its_folder_is_named(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "example").mkdir()
    done = CliRunner().invoke(app, [*command, "--data", str(tmp_path)])
    assert (done.exit_code, f"--data {tmp_path / 'example'}" in done.stderr) == (1, True)


def test_an_example_once_tried_beside_an_installation_is_in_nobodys_way(tmp_path: Path) -> None:
    """One whose database is elsewhere has no folder of it, but has keys."""
    KeyStore(tmp_path / "keys")
    (tmp_path / "example").mkdir()
    done = CliRunner().invoke(app, [*TOKEN, "--data", str(tmp_path)])
    assert (done.exit_code, done.stderr, done.stdout.count(".")) == (0, "", 2)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (AutoReconnect("connection refused"), "没有做完：数据库没有答复，请再执行一次\n"),
        (OperationFailure("李示例"), "没有做完：数据库报错（OperationFailure），请再执行一次\n"),
    ],
)
def test_a_database_that_fails_is_told_without_its_words(
    error: PyMongoError, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def failing(_folder: object) -> None:
        raise error

    monkeypatch.setattr(Folder, "ids", failing)
    done = CliRunner().invoke(app, ["backups", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (1, told)


def test_a_folder_without_backups_is_not_an_empty_list(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["backups", str(tmp_path / "away")])
    assert (done.exit_code, done.stderr) == (1, f"{tmp_path / 'away'} 中还没有备份\n")


def test_no_key_is_made_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["account", "rotate-key", "--data", str(tmp_path / "away")])
    assert (done.exit_code, "没有数据目录" in done.stderr) == (1, True)
    assert not (tmp_path / "away").exists()
