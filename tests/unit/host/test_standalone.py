"""What `lvzhi serve` hands on to the services it is made of."""

import socket
from pathlib import Path

import pytest

from services.host.standalone import services
from services.reports.settings import Settings as ReportsSettings
from shared.process.serve import url_of
from shared.settings import Settings


def test_every_service_has_the_settings_that_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URL", "mongodb://elsewhere")
    monkeypatch.setenv("LVZHI_DATA_DIR", "elsewhere")
    given = Settings(mongodb_url=None, data_dir=tmp_path, port=0, issuer="county", log_level="ERROR")
    common = set(Settings.model_fields)
    assert [one.settings.model_dump(include=common) for one in services(given)] == [given.model_dump()] * 5


def test_what_is_a_services_own_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LVZHI_SEAL_SECONDS", "7")
    (reports,) = (one for one in services(Settings()) if one.name == "reports")
    assert isinstance(reports.settings, ReportsSettings)
    assert reports.settings.seal_seconds == 7.0


@pytest.mark.parametrize(
    ("host", "here", "elsewhere"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080", "http://office:8080"),
        ("", "http://127.0.0.1:8080", "http://office:8080"),
        ("::", "http://[::1]:8080", "http://office:8080"),
        ("fd00::7", "http://[fd00::7]:8080", "http://[fd00::7]:8080"),
    ],
)
def test_an_address_is_one_that_can_be_opened(
    host: str, here: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "office")
    assert (url_of(host, 8080), url_of(host, 8080, to_others=True)) == (here, elsewhere)
