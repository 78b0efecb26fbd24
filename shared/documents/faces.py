"""A Chinese typeface from the machine's fonts: widths and outlines of characters.

No font is shipped: one font is larger than this program, and office machines and Debian's packages have them.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from shared.errors import FontMissing

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
"""Parts of family names by which the mainland variant in a font collection is found."""


class Face:
    """Outlines in font units, `em` of them per font size."""

    def __init__(self, font: TTFont) -> None:
        self._glyphs: Any = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        self.em: int = font["head"].unitsPerEm

    def width(self, character: str) -> float:
        """Width as a fraction of the font size."""
        return float(self._glyph(character).width) / self.em

    def outline(self, character: str) -> str:
        """Outline as a PDF path (ISO 32000-2 §8.5.2), without the fill operator."""
        pen = _Path(self._glyphs)
        self._glyph(character).draw(pen)
        return " ".join(pen.steps)

    def _glyph(self, character: str) -> Any:
        return self._glyphs[self._names.get(ord(character), ".notdef")]


def face(path_setting: Path | None, folders: Sequence[Path] = FOLDERS) -> Face:
    """The face of the file named in the settings, else of the first font found. Errors: FontMissing."""
    for path in [path_setting] if path_setting else _candidates(folders):
        try:
            return _load(path)
        except (OSError, TTLibError):
            continue
    raise FontMissing(
        "请管理员在服务器上安装软件包 fonts-noto-cjk（Debian、Ubuntu），或用 LVZHI_SLIPS_FONT 指明字体文件；"
        "票和签到册现在可以改用网页打印；什么也没有印出，票号也没有占用"
    )


def _load(path: Path) -> Face:
    """Reads the file into memory, so that it does not stay open; tables are parsed on demand."""
    content = BytesIO(path.read_bytes())
    if path.suffix.lower() != ".ttc":
        return Face(TTFont(content, lazy=True))
    fonts = TTCollection(content, lazy=True).fonts
    named = [(str(font["name"].getDebugName(1)), font) for font in fonts]
    return Face(next((font for name, font in named if any(word in name for word in SIMPLIFIED)), fonts[0]))


def _candidates(folders: Sequence[Path]) -> Iterator[Path]:
    for file in FILES:
        for folder in folders:
            yield from sorted(folder.rglob(file))


class _Path(BasePen):  # type: ignore[misc]  # fontTools is not typed, and names the methods
    """A pen that collects path operators; quadratic curves become cubic ones."""

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
