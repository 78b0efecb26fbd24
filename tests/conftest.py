"""Which fixtures there are; nothing imports from here."""

pytest_plugins = [
    "tests.fixtures.mongo",
    "tests.fixtures.rabbit",
    "tests.fixtures.apps",
    "tests.fixtures.systems",
]
