"""`lvzhi setup env`: every password and key is made once, readable where it must be, and never written over."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.__main__ import app
from services.cli.setup import MADE
from shared.storage.encryption import Vault


def setup(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["setup", "env", str(folder), *options])


def made(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8").strip() for file in (folder / "secrets").iterdir()}


def test_every_secret_is_made_and_only_the_folder_is_closed(tmp_path: Path) -> None:
    assert setup(tmp_path).exit_code == 0
    secrets = made(tmp_path)
    assert set(secrets) == set(MADE)
    assert len(set(secrets.values())) == len(secrets)
    assert all(len(value) >= 32 for value in secrets.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()} == {0o444}
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"secrets", ".env"}


def test_no_password_is_taken_for_an_option(tmp_path: Path) -> None:
    """Of base64url one in 64 begins with a hyphen, with which `mongosh -p` fails."""
    assert setup(tmp_path).exit_code == 0
    passwords = {name: value for name, value in made(tmp_path).items() if name.endswith("_password")}
    assert len(passwords) == 9
    assert not [name for name, value in passwords.items() if not re.fullmatch("[0-9a-f]{48}", value)]


def test_keys_are_those_that_services_take(tmp_path: Path) -> None:
    setup(tmp_path)
    keys = [value for name, value in made(tmp_path).items() if name.endswith("_data_keys")]
    assert len(keys) == 5
    for key in keys:
        vault = Vault.from_text(key)
        assert vault.decrypt(vault.encrypt(b"1", "a"), "a") == b"1"
    assert re.fullmatch(r"[A-Za-z0-9+/=]{64}", made(tmp_path)["mongo_key"])


def test_the_keys_of_all_services_make_one_vault(tmp_path: Path) -> None:
    """An installation that moves to `lvzhi serve` has one, and refuses two keys of one id."""
    setup(tmp_path)
    keys = [value for name, value in made(tmp_path).items() if name.endswith("_data_keys")]
    assert set(Vault.from_text("\n".join(keys)).keys) == {
        f"{name}-1" for name in ("roster", "activities", "reports", "accounts", "console")
    }


def test_addresses_are_settings(tmp_path: Path) -> None:
    setup(tmp_path, "--url", "https://a.example.cn", "--voters-url", "https://b.example.cn")
    lines = (tmp_path / ".env").read_text("utf-8").splitlines()
    assert lines[1:] == ["LVZHI_PUBLIC_URL='https://a.example.cn'", "LVZHI_VOTERS_URL='https://b.example.cn'"]


@pytest.mark.parametrize("there", ["secrets", ".env"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    result = setup(tmp_path)
    assert (result.exit_code, "不覆盖" in result.output) == (1, True)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(there, "mine")]


def test_an_environment_of_before_is_kept(tmp_path: Path) -> None:
    """Other passwords would lock the database, other keys would lose what they encrypted."""
    before = "\n".join(f"{variable}=old-{name}" for name, (variable, _) in MADE.items())
    before += '\nLVZHI_PUBLISH=0.0.0.0:80\nLVZHI_WEBHOOK_NETWORKS=["10.0.0.0/8"]\nLVZHI_ISSUER=\n'
    (tmp_path / ".env").write_text(before)
    result = setup(tmp_path, "--from", str(tmp_path / ".env"))
    assert result.exit_code == 0, result.output
    assert made(tmp_path) == {name: f"old-{name}" for name in MADE}
    kept = (tmp_path / ".env").read_text("utf-8")
    assert "old-" not in kept
    assert "LVZHI_PUBLISH='0.0.0.0:80'\nLVZHI_WEBHOOK_NETWORKS='[\"10.0.0.0/8\"]'\n" in kept


def test_lost_secrets_are_made_anew_beside_the_settings_that_are_there(tmp_path: Path) -> None:
    """As the manual tells who has the `.env` of before and no `secrets`."""
    before = "LVZHI_BACKUP_DIR='/mnt/backup'\nLVZHI_PUBLIC_URL='https://a.example.cn'\n"
    (tmp_path / ".env").write_text(before, "utf-8")
    result = setup(tmp_path, "--from", str(tmp_path / ".env"))
    assert result.exit_code == 0, result.output
    assert set(made(tmp_path)) == set(MADE)
    assert (tmp_path / ".env").read_text("utf-8").endswith(before)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = setup(tmp_path / "file" / "folder")
    assert result.exit_code == 1
    assert "不能写入" in result.output
    absent = setup(tmp_path, "--from", str(tmp_path / "nowhere"))
    assert (absent.exit_code, "找不到文件" in absent.output) == (1, True)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_passwords_of_before_are_not_lost_where_the_folder_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = "MONGODB_ROOT_PASSWORD='the only copy'\n"
    (tmp_path / ".env").write_text(before, "utf-8")

    def refused(self: Path, target: Path) -> None:
        raise PermissionError(13, "", str(target))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        assert setup(tmp_path, "--from", str(tmp_path / ".env")).exit_code == 1
    assert (tmp_path / ".env").read_text("utf-8") == before
    assert [file.name for file in tmp_path.iterdir()] == [".env"]
