"""The documentation site builds, and no link of it leads nowhere."""

import re
from pathlib import Path

from scripts import site
from tests.architecture.sources import ROOT

FETCHED = re.compile(r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*?\s(?:src|href)="https?://')


def test_the_site_builds_and_no_link_is_broken() -> None:
    assert site.build() == []
    home = (site.SITE / "index.html").read_text("utf-8")
    assert "平时随手登记乡镇人大一年的工作" in home
    assert (site.SITE / "docs" / "images" / "report.png").exists()
    fetched = [page.name for page in site.SITE.rglob("*.html") if FETCHED.search(page.read_text("utf-8"))]
    assert fetched == []


def test_every_page_is_in_the_navigation() -> None:
    """Decisions are found from their list."""
    navigation = (ROOT / "zensical.toml").read_text("utf-8")
    pages = [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/guide/*.md"), *ROOT.glob("services/*/README.md")]
    missing = [str(p.relative_to(ROOT)) for p in pages if f'"{p.relative_to(ROOT)}"' not in navigation]
    assert missing == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text('<h2 id="部分">x</h2>', "utf-8")
    links = (
        "there.html",
        "there.html#部分",
        "there.html#gone",
        "gone.html",
        "https://example.com/x",
        "#top",
        "folder",
    )
    (tmp_path / "folder").mkdir()
    (tmp_path / "page.html").write_text("".join(f'<a href="{link}">x</a>' for link in links), "utf-8")
    assert site.broken_links(tmp_path) == [
        "page.html: #top",
        "page.html: folder",
        "page.html: gone.html",
        "page.html: there.html#gone",
    ]
