"""Files as phones, scanners and programs write them: read as they are shown, or refused with the reason."""

from collections.abc import Callable
from functools import cache, partial
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from shared.documents.scan.files import Unfit, pictures
from shared.documents.scan.worker import WHY
from tests.scan.photographs import rendered
from tests.scan.samples import ballot


@cache
def paper() -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(rendered(ballot()[0])[0][..., ::-1])).resize((620, 877))


def written(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    file = BytesIO()
    (picture or paper()).save(file, kind, **options)
    return file.getvalue()


def clear() -> Image.Image:
    """Black ink on nothing."""
    ink = 255 - np.asarray(paper().convert("L"))
    return Image.fromarray(np.dstack([np.zeros_like(ink)] * 3 + [ink]), "RGBA")


def deep() -> bytes:
    """16 bits a pixel."""
    ink = np.asarray(paper().convert("L")).astype(np.uint16) * 257
    data: bytes = cv2.imencode(".png", ink)[1].tobytes()
    return data


def turned(way_up: int) -> bytes:
    """Stored turned or mirrored, and said to be so."""
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
    }
    exif = Image.Exif()
    exif[0x112] = way_up
    return written("JPEG", paper().transpose(ways[way_up]), exif=exif.tobytes())


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: written("JPEG", progressive=True), id="progressive"),
        pytest.param(lambda: written("JPEG", paper().convert("CMYK")), id="CMYK"),
        pytest.param(lambda: written("JPEG", paper().convert("L")), id="gray"),
        pytest.param(lambda: written("JPEG") + bytes(100_000), id="with a film appended"),
        *[pytest.param(partial(turned, way_up), id=f"orientation {way_up}") for way_up in (2, 4, 5, 6, 7)],
        pytest.param(lambda: written("PNG", paper().quantize(16)), id="palette"),
        pytest.param(lambda: written("PNG", paper().convert("1")), id="black and white"),
        pytest.param(lambda: written("PNG", clear()), id="ink on nothing"),
        pytest.param(lambda: written("PNG", clear().convert("LA")), id="gray on nothing"),
        pytest.param(deep, id="16 bits"),
    ],
)
def test_a_picture_is_read_as_it_is_shown(made: Callable[[], bytes]) -> None:
    (picture,) = pictures(made())
    shown = np.asarray(paper())[..., ::-1].astype(int)
    assert picture.shape == shown.shape
    assert float(np.abs(picture - shown).mean()) < 12


@pytest.mark.parametrize("inches", [3, 34, 150])
def test_a_page_of_any_size_is_drawn_large_enough_and_not_larger(inches: int) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(inches * 72 * 0.7, inches * 72)
    file = BytesIO()
    document.save(file)
    (picture,) = pictures(file.getvalue())
    assert 2500 < max(picture.shape) <= 3301


LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -64/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
%%%%EOF
""" % (b"41" * 32, b"42" * 32)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        pytest.param(lambda: LOCKED, "locked", id="a password"),
        pytest.param(lambda: LOCKED[: LOCKED.index(b"3 0 obj")], "none", id="a page that is not there"),
        pytest.param(lambda: written("TIFF", save_all=True, append_images=[paper()]), "none", id="TIFF"),
        pytest.param(lambda: written("WEBP"), "none", id="WebP"),
        pytest.param(lambda: written("BMP"), "none", id="BMP"),
        pytest.param(lambda: written("JPEG")[:-3000], "none", id="cut"),
        pytest.param(lambda: written("JPEG")[:-3000] + bytes(5000), "none", id="cut, and filled up"),
    ],
)
def test_what_is_not_read_is_refused_with_the_reason(made: Callable[[], bytes], why: str) -> None:
    data = made()
    with pytest.raises(Unfit, match=why):
        list(pictures(data))
    assert WHY[why]
