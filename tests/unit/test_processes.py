"""A process that cannot start for its settings says so in one Chinese sentence, which names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from shared.process.serve import serve
from tests.architecture.sources import ROOT, sources

MODULES = sorted(
    s.name.removesuffix(".py").removesuffix("/__main__").replace("/", ".")
    for s in sources("services")
    if 'if __name__ == "__main__":' in s.path.read_text("utf-8")
    and s.name not in ("services/cli/__main__.py", "services/host/embedded.py")  # a command; a child process
)
PREFIXES = {"services.host.gateway": "LVZHI_GATEWAY_", "services.host.adapter": "LVZHI_ADAPTER_"}


def _started(module: str, **variables: str) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LVZHI_")}
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("module", MODULES)
def test_a_wrong_setting_is_named_without_its_value(module: str) -> None:
    prefix = PREFIXES.get(module, "LVZHI_")
    wrong = {f"{prefix}PORT": "secret", f"{prefix}LOG_LEVEL": "secret"}
    told = f"设置 {'、'.join(wrong)} 的值不对，见 docs/configuration.md\n"
    assert _started(module, **wrong) == (1, "", told)


def test_the_gateway_names_a_common_setting_too() -> None:
    told = "设置 LVZHI_CORS_ORIGINS 的值不对，见 docs/configuration.md\n"
    assert _started("services.host.gateway", LVZHI_CORS_ORIGINS="*") == (1, "", told)


def test_every_process_is_here() -> None:
    names = ("accounts", "activities", "console", "ratings", "reports", "roster")
    assert sorted([*(f"services.{name}" for name in names), *PREFIXES]) == MODULES


@pytest.mark.parametrize(
    "variables",
    [
        {"MONGODB_URL": "secret"},
        {"MONGODB_URL": "mongodb://u:se/secret@h:x/"},
        {"AMQP_URL": "secret"},
        {"LVZHI_PERSONAL_DATA_KEYS": "secret"},
        {"LVZHI_ISSUER": "http://secret"},
    ],
    ids=str,
)
def test_a_setting_that_nothing_can_be_done_with_is_named(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usable = {"MONGODB_URL": "mongodb://127.0.0.1:1/", "AMQP_URL": "amqp://127.0.0.1:1", "LVZHI_PORT": "0"}
    for name, value in (usable | {"LVZHI_DATA_DIR": str(tmp_path)} | variables).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        serve(build, Settings)
    assert next(iter(variables)) in str(ended.value.code)
    assert "secret" not in str(ended.value.code)
