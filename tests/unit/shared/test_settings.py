"""Settings: passwords and keys come from files as from the environment, and are shown nowhere."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("MONGODB_URL", "MONGODB_PASSWORD", "AMQP_URL", "AMQP_PASSWORD", "LVZHI_PERSONAL_DATA_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_secrets_are_read_from_files_and_the_environment_goes_before_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mongodb_password").write_text("p/ä@:\n")
    (folder / "amqp_password").write_text("of-the-file\n")
    (folder / "lvzhi_personal_data_keys").write_text("k1:abc\n")
    monkeypatch.setenv("MONGODB_URL", "mongodb://roster@a:1,b:2/?authSource=lvzhi_roster")
    monkeypatch.setenv("AMQP_URL", "amqps://lvzhi@mq:5671/%2F?cafile=/ca.pem")
    monkeypatch.setenv("AMQP_PASSWORD", "of-the-environment")
    settings = Settings(_secrets_dir=folder)
    assert settings.database == "mongodb://roster:p%2F%C3%A4%40%3A@a:1,b:2/?authSource=lvzhi_roster"
    assert settings.broker == "amqps://lvzhi:of-the-environment@mq:5671/%2F?cafile=/ca.pem"
    assert settings.personal_data_keys is not None
    assert settings.personal_data_keys.get_secret_value() == "k1:abc"
    assert not [secret for secret in ("p/ä@:", "of-the-", "abc") if secret in repr(settings)]


def test_an_address_with_its_password_stays_as_it_is(folder: Path) -> None:
    settings = Settings(mongodb_url="mongodb://a:b@c/", amqp_url="amqp://d", _secrets_dir=folder)
    assert (settings.database, settings.broker) == ("mongodb://a:b@c/", "amqp://d")
    assert (Settings().database, Settings().broker) == (None, None)


@pytest.mark.parametrize(
    "url", ["mongodb://host/", "mongodb://user:secret@host/", "mongodb://@host/", "host"]
)
def test_a_password_without_its_user_is_refused_and_not_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MONGODB_URL", url)
    monkeypatch.setenv("MONGODB_PASSWORD", "hidden-word")
    with pytest.raises(ValidationError, match="MONGODB_URL 须写明用户") as refused:
        Settings(_secrets_dir=folder)
    assert "hidden-word" not in str(refused.value)
    assert "secret" not in str(refused.value)
