"""What an office hands in as evidence, as it is kept."""

from services.activities.domain.evidence import prepared
from tests.fixtures.pictures import JPEG


def test_the_name_of_a_file_ends_with_what_its_bytes_are() -> None:
    assert prepared("照片.html", JPEG) == ("照片.html.jpg", "image/jpeg", JPEG)
    assert prepared("0320.JPEG", JPEG) == ("0320.JPEG", "image/jpeg", JPEG)
