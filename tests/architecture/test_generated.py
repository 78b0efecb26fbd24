"""What the code says of itself in docs/ is what the code says now."""

from scripts.describe import generated_files
from tests.architecture.sources import ROOT


def test_the_generated_pages_are_current() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in generated_files()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"
