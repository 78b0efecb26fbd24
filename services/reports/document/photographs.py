"""Photographs of the annex in Word: two per page, upright, files embedded unchanged but for orientation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.reports.document import wml
from services.reports.domain import Photograph
from services.reports.notation import full_day_text
from shared.documents.pictures import strip_metadata

ENDINGS: Final[Mapping[str, str]] = {"image/jpeg": "jpeg", "image/png": "png"}
WITHDRAWN: Final = "（照片已撤下）"
_PICTURE: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_EMU_PER_MM: Final = 36_000
_BOX_MM: Final = (140.0, 76.0)  # two of this height with captions fill a page
_NUMBER_FROM: Final = 1000  # ids below are those of charts
_TURNS: Final[Mapping[int, tuple[int, bool]]] = {
    1: (0, False), 2: (0, True), 3: (180, False), 4: (180, True),
    5: (270, True), 6: (90, False), 7: (90, True), 8: (270, False),
}  # fmt: skip
"""By Exif orientation: clockwise rotation, and whether mirrored before."""


@dataclass(frozen=True)
class Media:
    """A media file of the package."""

    relation: str
    name: str
    content: bytes
    described: str = ""


def caption(photograph: Photograph, number: int) -> str:
    """图1　视察农村饮水（2020年9月3日，视察）; the kind is not repeated."""
    about = [full_day_text(photograph.held_on)]
    about += [photograph.kind] if photograph.kind != photograph.title else []
    return f"图{number}　{photograph.title}（{'，'.join(about)}）"


def media(photograph: Photograph, number: int, data: bytes) -> Media:
    """The file without its Exif orientation, because the drawing rotates it."""
    content = strip_metadata(photograph.content_type, data, way_up=False) or data
    return Media(
        f"rIdPhotograph{number}",
        f"media/photograph{number}.{ENDINGS[photograph.content_type]}",
        content,
        caption(photograph, number),
    )


def drawing(photograph: Photograph, number: int, relation: str) -> str:
    """The run with the picture of a relationship, scaled to its box."""
    angle, mirrored = _TURNS[photograph.way_up]
    lying = angle in (90, 270)
    seen = (photograph.height, photograph.width) if lying else (photograph.width, photograph.height)
    scale = min(_BOX_MM[0] / seen[0], _BOX_MM[1] / seen[1]) * _EMU_PER_MM
    wide, high = round(photograph.width * scale), round(photograph.height * scale)
    size = f'cx="{wide}" cy="{high}"'
    turn = (f' rot="{angle * 60_000}"' if angle else "") + (' flipH="1"' if mirrored else "")
    # Extent effect of a rotated picture.
    aside, above = (max(high - wide, 0) // 2, max(wide - high, 0) // 2) if lying else (0, 0)
    id, description = _NUMBER_FROM + number, wml.attribute(caption(photograph, number))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:effectExtent l="{aside}" t="{above}" r="{aside}" b="{above}"/>'
        f'<wp:docPr id="{id}" name="photograph {number}" descr={description}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_PICTURE}"><pic:pic xmlns:pic="{_PICTURE}">'
        f'<pic:nvPicPr><pic:cNvPr id="{id}" name="photograph {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm{turn}><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
