"""A typeface with Chinese characters, from a font of the machine: how wide a character is and what its outline is.

None is shipped: one font is larger than this whole program, and every office machine and Debian's packages have one.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from services.ratings.errors import FontMissing

FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
FILES: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC*.[ot]tf",
    "SourceHanSans*Regular*",
    "NotoSerifCJK-Regular.ttc",
    "wqy-*.ttc",
    "uming.ttc",
    "ukai.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "PingFang.ttc",
    "STHeiti Light.ttc",
)
"""In order of preference."""
SIMPLIFIED: Final = ("SC", "CN", "YaHei", "SimSun")
"""In the family name of the face of a collection that draws characters as they are drawn on the mainland."""


class Face:
    """Outlines in units of which there are `em` to the size of the type."""

    def __init__(self, font: TTFont) -> None:
        self._glyphs: Any = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        self.em: int = font["head"].unitsPerEm

    def width(self, character: str) -> float:
        """As a share of the size of the type."""
        return float(self._glyph(character).width) / self.em

    def outline(self, character: str) -> str:
        """As a path of PDF (ISO 32000-2 §8.5.2), not filled yet."""
        pen = _Path(self._glyphs)
        self._glyph(character).draw(pen)
        return " ".join(pen.steps)

    def _glyph(self, character: str) -> Any:
        return self._glyphs[self._names.get(ord(character), ".notdef")]


def face(given: Path | None, folders: Sequence[Path] = FOLDERS) -> Face:
    """Of the file that the settings name, else of the first that is found. Errors: FontMissing."""
    for path in [given] if given else _found(folders):
        try:
            return _opened(path)
        except (OSError, TTLibError):
            continue
    raise FontMissing(
        "请管理员在服务器上安装软件包 fonts-noto-cjk（Debian、Ubuntu），或用 LVZHI_SLIPS_FONT 指明字体文件；"
        "现在可以改用网页打印，票号没有印出，也没有占用"
    )


def _opened(path: Path) -> Face:
    """Read whole, so that no file stays open; taken apart only as far as it is drawn."""
    content = BytesIO(path.read_bytes())
    if path.suffix.lower() != ".ttc":
        return Face(TTFont(content, lazy=True))
    fonts = TTCollection(content, lazy=True).fonts
    named = [(str(font["name"].getDebugName(1)), font) for font in fonts]
    return Face(next((font for name, font in named if any(word in name for word in SIMPLIFIED)), fonts[0]))


def _found(folders: Sequence[Path]) -> Iterator[Path]:
    for file in FILES:
        for folder in folders:
            yield from sorted(folder.rglob(file))


class _Path(BasePen):  # type: ignore[misc]  # fontTools is not typed, and names the methods
    """What is drawn with it, as steps of a path; quadratic curves come as cubic ones."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.steps: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(f"{_at(point)} m")

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(f"{_at(point)} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(f"{' '.join(map(_at, points))} c")

    def _closePath(self) -> None:  # noqa: N802
        self.steps.append("h")


def _at(point: tuple[float, float]) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
