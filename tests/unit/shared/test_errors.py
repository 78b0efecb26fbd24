"""What the system refused is told in Chinese."""

import errno
import os

import pytest

from shared.errors import why_refused


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.ENOENT, errno.EISDIR])
def test_what_is_usual_has_a_chinese_reason(code: int) -> None:
    assert not why_refused(OSError(code, os.strerror(code))).isascii()


def test_what_is_rare_keeps_its_own_words() -> None:
    assert why_refused(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert why_refused(OSError("no code")) == "no code"
