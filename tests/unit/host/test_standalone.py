"""What `lvzhi serve` hands on to the services it is made of."""

from pathlib import Path

import pytest

from services.host.standalone import services
from services.reports.settings import Settings as ReportsSettings
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
