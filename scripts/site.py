"""Builds the documentation site in build/site: pages of the repository as they are, and the files they link to.

`python -m scripts.site`; needs no network. A link to nowhere fails, be it to a page, an anchor, a picture or a file.
"""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE, SITE = ROOT / "build" / "site-source", ROOT / "build" / "site"
PAGES: Final = ("*.md", "docs/**/*.md", "services/*/README.md", "examples/README.md")
HOME: Final = {"README.zh-CN.md": "README.md", "README.md": "README.en.md"}
"""The site is Chinese: its home page is the Chinese one."""
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HREF: Final = re.compile(r'<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"')
ANCHOR: Final = re.compile(r'\s(?:id|name)="([^"]+)"')


SHIM: Final = "https://unpkg.com/iframe-worker/shim"
"""With it the search works where the site is opened as files. The theme fetches it; the site has its own copy."""


def stage(root: Path, source: Path) -> None:
    """Copy the pages, and the files they link to, in the layout of the repository."""
    shutil.rmtree(source, ignore_errors=True)
    for pattern in PAGES:
        for page in root.glob(pattern):
            text = page.read_text("utf-8")
            for file in _linked_files(page, text):
                _place(file.read_bytes(), source / file.relative_to(root))
            if page.parent == root:
                text = LINK.sub(lambda link: f"]({HOME.get(link[1], link[1])})", text)
            name = HOME.get(page.name, page.name) if page.parent == root else page.name
            _place(text.encode(), source / page.parent.relative_to(root) / name)


def _linked_files(page: Path, text: str) -> Iterator[Path]:
    for link in LINK.findall(CODE.sub("", text)):
        target = page.parent / unquote(urldefrag(link).url)
        if "://" not in link and target.suffix != ".md" and target.is_file():
            yield target.resolve()


def _place(content: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def broken_links(site: Path) -> list[str]:
    """Links within a site that lead to no file, or to an anchor that its page has not."""
    pages = {page: page.read_text("utf-8") for page in site.rglob("*.html")}
    anchors = {
        page: {unquote(html.unescape(name)) for name in ANCHOR.findall(text)} for page, text in pages.items()
    }
    broken = []
    for page, text in pages.items():
        for link in map(html.unescape, HREF.findall(text)):
            address, fragment = urldefrag(link)
            target = (page.parent / unquote(address)).resolve() if address else page
            if re.match(r"[a-z]+:", link) or page.name == "404.html":
                continue
            if not target.is_file() or (
                fragment and target in anchors and unquote(fragment) not in anchors[target]
            ):
                broken.append(f"{page.relative_to(site)}: {link}")
    return sorted(set(broken))


def build() -> list[str]:
    """Build the site; returns the broken links. Errors: CalledProcessError where a page cannot be built."""
    stage(ROOT, SOURCE)
    shutil.rmtree(SITE, ignore_errors=True)
    program = Path(sys.executable).with_name("zensical")
    subprocess.run([program, "build", "--strict", "--clean"], cwd=ROOT, check=True)
    shutil.copy(ROOT / "scripts" / "iframe_worker.js", SITE / "assets")
    for page in SITE.rglob("*.html"):
        up = "../" * (len(page.relative_to(SITE).parts) - 1)
        page.write_text(page.read_text("utf-8").replace(SHIM, f"{up}assets/iframe_worker.js"), "utf-8")
    return broken_links(SITE)


if __name__ == "__main__":
    broken = build()
    sys.stderr.writelines(f"{link}\n" for link in broken)
    print(f"{SITE / 'index.html'}")
    sys.exit(1 if broken else 0)
