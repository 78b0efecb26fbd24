"""The published catalogue says what the program does."""

from pathlib import Path

from services.reports.checks.catalogue import page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_catalogue_is_current() -> None:
    written = (DOCS / "figures.md").read_text("utf-8")
    assert written == page(), "python -m services.reports.checks.catalogue > docs/figures.md"
