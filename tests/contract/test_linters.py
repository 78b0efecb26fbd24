"""The contract as the linters of its formats see it: no finding. `scripts/linters` fetches them; hence by night."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from playwright._impl._driver import compute_driver_executable

from tests.architecture.sources import ROOT

pytestmark = [pytest.mark.nightly, pytest.mark.slow]

CONTRACT: Final = ROOT / "services" / "contract"
RULES: Final = Path(__file__).parent / "linters"
LINTERS: Final = ROOT / ".cache" / "linters"
MODULES: Final = LINTERS / "node_modules"
SECONDS: Final = 900
SETTLED: Final = {
    ("no-ambiguous-paths", "/activities/v1/towns/{town}/activities/{id}/sheet"),
    # `activities/drafts/{id}`: no activity is called drafts, and paths are never renamed.
    ("operation-2xx-response", "/roster/v1/public/towns/{town}/deputies/{id}"),
    ("operation-2xx-response", "/roster/v1/public/towns/{town}/stations/{id}"),
    # Old addresses of the cards: 308 is all that they answer.
}


@pytest.fixture(scope="session", autouse=True)
def linters() -> None:
    assert (LINTERS / ".ready").exists(), "scripts/linters fetches them"


def test_spectral_finds_nothing() -> None:
    rules = ("--ruleset", str(RULES / "spectral.yaml"), "--format", "json", "--quiet")
    found = _findings("@stoplight/spectral-cli/dist/index.js", "lint", *rules, str(CONTRACT / "openapi.json"))
    assert [(one["code"], one["path"]) for one in json.loads(found or "[]")] == []


@pytest.mark.parametrize(
    "document", ["openapi.json", *(f"openapi/{path.name}" for path in (CONTRACT / "openapi").iterdir())]
)
def test_redocly_finds_nothing(document: str) -> None:
    rules = ("--config", str(RULES / "redocly.yaml"), "--format", "json")
    found = _findings("@redocly/cli/bin/cli.js", "lint", *rules, str(CONTRACT / document))
    told = {(one["ruleId"], _path(one)) for one in json.loads(found)["problems"]}
    assert told - SETTLED == set()


def test_the_asyncapi_parser_finds_nothing() -> None:
    found = _run(str(RULES / "asyncapi.cjs"), str(LINTERS), str(CONTRACT / "asyncapi.json"))
    assert found.strip() == "findings: 0"


def _path(problem: dict[str, Any]) -> str:
    """The path of the API that a finding speaks of."""
    pointer = str(problem["location"][0].get("pointer", ""))
    return pointer.removeprefix("#/paths/").partition("/")[0].replace("~1", "/")


def _findings(program: str, *arguments: str) -> str:
    return _run(str(MODULES / program), *arguments)


def _run(*arguments: str) -> str:
    """What Node, as Playwright brings it, prints; linters end with 1 where they find something."""
    node, _ = compute_driver_executable()
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
    ended = subprocess.run(
        [node, *arguments], capture_output=True, text=True, timeout=SECONDS, env=quiet, cwd=ROOT, check=False
    )
    assert ended.returncode in (0, 1), ended.stderr
    return ended.stdout
