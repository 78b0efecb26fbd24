"""A number that a person writes is in the digits 0 to 9; `\\d` takes those of every script, which nobody means."""

import re

from tests.architecture.sources import sources

JUDGING = ("services/reports/document/", "services/reports/narrative/")
"""Where texts are searched for every numeral that somebody might take for a figure."""
EVERY_SCRIPT = re.compile(r"(?<!\[\^\\W)\\[dD]")


def test_patterns_name_the_digits_they_read() -> None:
    found = [
        f"{source.name}:{number}"
        for source in sources("services", "shared")
        if not source.name.startswith(JUDGING)
        for number, line in enumerate(source.text.splitlines(), start=1)
        if EVERY_SCRIPT.search(line)
    ]
    assert found == []
