"""Fixtures of all tests, where their files lie, and the distribution over processes; nothing imports from here."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Speed is tested by benchmarks; a property must not fail on a busy machine.
# `make check EXAMPLES=2000` looks longer.
settings.register_profile("lvzhi", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "25")))
settings.load_profile("lvzhi")

# The usual renderer shows all locals of a traceback, which takes seconds for an error logged by a service.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

LOGGING = structlog.get_config()
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30

# Database and broker of the tests sync every commit: in memory that takes microseconds, on a busy disk milliseconds.
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

pytest_plugins = [
    "tests.fixtures.mongo",
    "tests.fixtures.rabbit",
    "tests.fixtures.apps",
    "tests.fixtures.systems",
]

DEAR = ("tests/faults/", "tests/console/", "tests/e2e/", "tests/integration/")
"""Begun first, so that the last minute is full of small ones."""

SHARED = (
    "tests/architecture/",
    "tests/console/",
    "tests/e2e/test_contract_",
    "tests/e2e/test_year_",
    "tests/faults/",
    "tests/integration/audit/",
)
"""Tests around something that is dear to make: a running system, a year, all sources read. They stay in one process;
others stay together by file."""


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command that is run in this process says how it logs, for itself alone."""
    yield
    structlog.configure(**LOGGING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(DEAR))


def pytest_unconfigure() -> None:
    """Worker processes end without their exit handlers."""
    if documents := sys.modules.get("tests.fixtures.documents"):
        documents.remove_keys()


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Schedules tests by file, and those in SHARED together. (xdist's own groups have no effect under pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((start for start in SHARED if file.startswith(start)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)
