"""One installation of containers for all tests here, with the example's year in it."""

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.compose.engine import ROOT, NoEngine, engine, stand_ins
from tests.compose.stack import EVERY, Stack, project
from tests.e2e.example import BASE, EXAMPLES, TOWN
from tests.fixtures.systems import System


@dataclass
class Office(System):
    """The installation from outside, and from its own shell."""

    stack: Stack | None = None
    summary: bytes = b""
    """The document of the example's year, as it was compiled first."""
    meeting: dict[str, Any] = field(default_factory=dict)
    """A box that is open while containers are killed and exchanged."""
    tokens: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Those asked for so far: each is good for hours."""

    async def token(self, area: str, *roles: str, subject: str = "office") -> str:
        assert self.stack is not None
        key = (area, *roles, subject)
        if key not in self.tokens:
            asked = [word for role in roles for word in ("--role", role)]
            self.tokens[key] = self.stack.lvzhi("token", "--area", area, *asked, "--subject", subject)
        return self.tokens[key]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Built from the sources; with REAL set by the images of the registries, else by those that stand in for them."""
    real = bool(os.environ.get("REAL"))
    try:
        with engine() as own:
            if not real:
                stand_ins(own)
            with project(own, tmp_path_factory.mktemp("office"), real=real) as made:
                made.compose("build")
                made.compose("up", "-d")
                yield made
    except NoEngine as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
async def office(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The example imported through the gateway, its year closed, its summary compiled."""
    await stack.until_healthy(*EVERY)
    office = Office(stack.url(), tmp_path_factory.mktemp("out"), dict(os.environ), stack=stack)
    token = await office.token(TOWN, "office")
    tellers = [await office.token(TOWN, "teller", subject=f"teller-{n}") for n in (1, 2)]
    shared = ("--url", office.url, "--token", token)
    await office.cli("import", str(ROOT / EXAMPLES), *shared, "--teller", tellers[0], "--teller", tellers[1])
    words = tomllib.loads((ROOT / EXAMPLES / "总结设置.toml").read_text("utf-8"))
    body = json.loads(json.dumps({k: v for k, v in words.items() if k not in ("year", "as_of")}, default=str))
    await office.must("PUT", f"{BASE}/settings", token, body)
    office.summary = await compiled(office, "first")
    return office


async def compiled(office: Office, name: str) -> bytes:
    """Close the example's year and fetch its document."""
    token = await office.token(TOWN, "office")
    out: Path = office.data / f"{name}.docx"
    await office.cli(
        *("report", TOWN, "2020", "--as-of", "2020-12-07", "-o", str(out)),
        *("--url", office.url, "--token", token),
    )
    return out.read_bytes()
