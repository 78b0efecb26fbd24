"""Which fixtures there are, and which tests stay together when two processes share them; nothing imports from here."""

import os

import pytest
from hypothesis import settings

# Speed is the benchmarks' business; a busy machine is no reason for a property to fail.
# `make check EXAMPLES=2000` looks longer.
settings.register_profile("lvzhi", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "40")))
settings.load_profile("lvzhi")

pytest_plugins = [
    "tests.fixtures.mongo",
    "tests.fixtures.rabbit",
    "tests.fixtures.apps",
    "tests.fixtures.systems",
]

SHARED = ("tests/e2e/test_contract_", "tests/integration/audit/")
"""Tests around one running system that is dear to make; all others stay together by file."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(
            pytest.mark.xdist_group(next((start for start in SHARED if file.startswith(start)), file))
        )
