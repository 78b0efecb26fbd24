"""What printed pages look like: small grey pictures, held against those that were looked at and kept."""

import subprocess
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from tests.probes import PATIENCE

KEPT: Final = Path(__file__).parent / "pages"
FOUND: Final = Path("out/pages")
"""Where the pictures of a page that has changed are left: as it is now, and what differs."""

DOTS_PER_INCH: Final = 50
BLUR: Final = 3
"""Radius in dots, 1.5 mm: the edges of characters may move, lines may not."""

DIFFERENT: Final = 48
"""Levels of 255 by which a blurred dot must differ to count; a line of print is some 90 darker than the paper."""

SHARE: Final = 0.002
"""Of a page's dots, some half a line of print."""


def drawn(pdf: Path, folder: Path) -> list[Path]:
    """A picture of each page, in order."""
    subprocess.run(
        ["pdftoppm", "-r", str(DOTS_PER_INCH), "-gray", "-png", str(pdf), str(folder / "page")],
        check=True,
        timeout=PATIENCE,
    )
    return sorted(folder.glob("page-*.png"))


def differences(pages: list[Path]) -> list[str]:
    """A sentence for each page that does not look like the kept one. Its pictures are then in FOUND, to be looked at:
    who finds the change right moves the page to KEPT."""
    faults = []
    names = {f"{number}.png": page for number, page in enumerate(pages, 1)}
    for name in sorted({*names, *(kept.name for kept in KEPT.glob("*.png"))}):
        if name not in names:
            faults.append(f"{name}: there is no such page any more")
            continue
        with Image.open(names[name]) as now:
            if not (KEPT / name).exists():
                faults.append(f"{name}: a page that nobody has looked at")
                _keep(now, name)
                continue
            with Image.open(KEPT / name) as kept:
                share, shown = _compared(kept, now)
            if share > SHARE:
                _keep(now, name)
                shown.save(FOUND / f"difference-{name}")
                faults.append(f"{name}: {share:.1%} of the page looks different")
    return faults


def _compared(kept: Image.Image, now: Image.Image) -> tuple[float, Image.Image]:
    """The share of dots that differ, and the page with what is gone in red and what is new in blue."""
    size = (max(kept.width, now.width), max(kept.height, now.height))
    before, after = (Image.new("L", size, 255) for _ in range(2))
    before.paste(kept.convert("L"))
    after.paste(now.convert("L"))
    soft = [one.filter(ImageFilter.BoxBlur(BLUR)) for one in (before, after)]
    mask = ImageChops.difference(*soft).point(lambda level: 255 if level > DIFFERENT else 0)
    shown = Image.merge("RGB", (after, ImageChops.darker(before, after), before))
    return mask.histogram()[255] / (size[0] * size[1]), shown


def _keep(page: Image.Image, name: str) -> None:
    FOUND.mkdir(parents=True, exist_ok=True)
    page.convert("L").quantize(16).save(FOUND / name, optimize=True)
