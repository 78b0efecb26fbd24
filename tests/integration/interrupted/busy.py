"""A test that starts what tests may start, says so in the file TEST_BUSY, and never ends.

It is collected where it is named, by the test beside it.
"""

import asyncio
import os
from pathlib import Path

import pytest

from tests.faults.conftest import machines
from tests.faults.fork_server import ForkRequest
from tests.faults.plan import calm
from tests.faults.stage import Machines
from tests.fixtures.browser import phone
from tests.fixtures.systems import DATA_KEY, alone

__all__ = ["machines"]  # a fixture


@pytest.mark.timeout(0)
async def test_that_never_ends(machines: Machines, mongo_url: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "LVZHI_DATA_DIR": str(tmp_path),
        "LVZHI_PERSONAL_DATA_KEYS": DATA_KEY,
        "MONGODB_URL": mongo_url,
        "AMQP_URL": machines.amqp_url,
    }
    machines.fork_server.fork(
        ForkRequest(name="roster.0", service="roster", environment=environment, plan=calm(), run=tmp_path)
    )
    async with alone(tmp_path), phone(tmp_path / "browser"):
        Path(os.environ["TEST_BUSY"]).touch()
        await asyncio.Event().wait()
