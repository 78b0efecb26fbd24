"""The image of a release, built twice from nothing."""

import pytest

from scripts import image, release
from tests.compose.stack import Stack

BUILT = "lvzhi-test/lvzhi:built"

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.own_servers,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]


def test_two_builds_have_the_same_files(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stack.engine.environment.items():
        monkeypatch.setenv(name, value)
    if base := stack.variables.get("LVZHI_BASE_IMAGE"):
        monkeypatch.setenv("LVZHI_BASE_IMAGE", base)
    listed = image.reproducible_image(BUILT, release.epoch())
    assert "\nopt/lvzhi/bin/lvzhi\t" in listed
    assert "\nopt/lvzhi/LICENCES.txt\t" in listed
