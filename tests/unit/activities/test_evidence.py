"""What an office hands in as evidence, as it is kept."""

import pytest

from services.activities.domain.evidence import prepared
from services.activities.errors import EvidenceUnfit
from tests.fixtures.pictures import JPEG, jpeg_with, png_with


def test_the_name_of_a_file_ends_with_what_its_bytes_are() -> None:
    assert prepared("照片.html", JPEG) == ("照片.html.jpg", "image/jpeg", JPEG)
    assert prepared("0320.JPEG", JPEG) == ("0320.JPEG", "image/jpeg", JPEG)


@pytest.mark.parametrize(
    ("fits", "large"),
    [
        (jpeg_with(width=10_000, height=6_000), jpeg_with(width=30_000, height=30_000)),
        (png_with(width=8_000, height=5_000), png_with(width=10_000, height=6_000)),
    ],
)
def test_a_picture_nobody_could_print_is_refused_before_it_is_kept(fits: bytes, large: bytes) -> None:
    assert prepared("照片", fits)[2] == fits
    with pytest.raises(EvidenceUnfit, match="万像素"):
        prepared("照片", large)


def test_a_picture_without_a_size_is_none() -> None:
    with pytest.raises(EvidenceUnfit, match="大小"):
        prepared("照片", png_with(width=0))
