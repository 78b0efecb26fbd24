"""Pictures of an uploaded file, refused before they are decoded where they are too large or none."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import cv2
import numpy as np
import pillow_heif
import pypdfium2

from shared.documents.pictures import Shape, detect_type, is_heic, is_whole, shape
from shared.documents.scan.straighten import Pixels

ENOUGH: Final = 14_000_000
"""Pixels: a larger picture is made smaller while it is decoded, or right after."""
MOST_PAGES: Final = 100
PDF_DPI: Final = 220
PDF_PIXELS: Final = (2570, 3300)
"""Of the long side of a page: phones write pages of a dot to each pixel, which are metres long."""
QUALITY: Final = 88
"""Of a JPEG that is kept in place of a HEIC."""
_DAMAGED: Final = (ValueError, OSError, EOFError, RuntimeError, SyntaxError, LookupError)
"""What the reader of HEIC raises of a file that is none."""
_PNG_COLOURS: Final = 25
_WITH_ALPHA: Final = (4, 6)
"""Where a PNG says what its colours are, and those with an alpha channel."""


class Unfit(Exception):
    """Why a file is not read: `none`, `large`, `pages` or `locked`."""


def pictures(data: bytes) -> Iterator[Pixels]:
    """Each page of a PDF, or the one picture. Errors: Unfit."""
    kind = detect_type(data)
    if kind == "application/pdf":
        yield from _pdf(data)
    elif is_heic(data):
        yield _heif(data)
    elif kind is not None:
        yield _decoded(kind, data)
    else:
        raise Unfit("none")


def _decoded(kind: str, data: bytes) -> Pixels:
    size = shape(kind, data)
    if size is None:
        raise Unfit("none")
    if not size.fits(kind):
        raise Unfit("large")
    # A cut JPEG is decoded as far as it goes, and what is missing would be read as empty boxes.
    if kind == "image/jpeg" and not is_whole(data):
        raise Unfit("none")
    way = cv2.IMREAD_REDUCED_COLOR_2 if size.width * size.height > ENOUGH else cv2.IMREAD_COLOR
    clear = kind == "image/png" and data[_PNG_COLOURS] in _WITH_ALPHA
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED if clear else way)
    if picture is None:
        raise Unfit("none")
    return _on_white(picture) if clear else np.asarray(picture, dtype=np.uint8)


def _on_white(picture: Any) -> Pixels:
    """A picture with transparent places as it is shown."""
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    alpha = np.ascontiguousarray(picture[..., 3:].repeat(3, axis=2))
    inked = cv2.multiply(np.ascontiguousarray(picture[..., :3]), alpha, scale=1 / 255)
    return smaller(np.asarray(cv2.add(inked, 255 - alpha), np.uint8))


def _heif(data: bytes) -> Pixels:
    try:
        file = pillow_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=True)
        if not Shape(*file.size).fits("image/heic"):
            raise Unfit("large")
        picture = np.asarray(file.to_pillow().convert("RGB"))
    except _DAMAGED:
        raise Unfit("none") from None
    return smaller(np.ascontiguousarray(picture[..., ::-1]))


def jpeg(data: bytes) -> bytes:
    """A HEIC picture encoded again as JPEG, the right way up and without metadata. Errors: Unfit."""
    done, encoded = cv2.imencode(".jpg", _heif(data), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise Unfit("none")
    return encoded.tobytes()


def smaller(picture: Pixels) -> Pixels:
    area = picture.shape[0] * picture.shape[1]
    if area <= ENOUGH:
        return picture
    share = (ENOUGH / area) ** 0.5
    return np.asarray(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def _pdf(data: bytes) -> Iterator[Pixels]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as failed:
        locked = failed.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unfit("locked" if locked else "none") from None
    if len(document) > MOST_PAGES:
        raise Unfit("pages")
    for number in range(len(document)):
        yield _drawn(document, number)


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Pixels:
    """The page is closed at once: it keeps the pictures in it decoded, at their own size."""
    try:
        page = document[number]
        try:
            long = max(1.0, *page.get_size())
            least, most = (pixels / long for pixels in PDF_PIXELS)
            bitmap = page.render(scale=min(max(PDF_DPI / 72, least), most))
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        raise Unfit("none") from None
    return np.ascontiguousarray(bitmap.to_numpy()[..., :3])
