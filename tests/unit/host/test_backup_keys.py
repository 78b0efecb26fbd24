"""Which files a backup takes as keys: all of every place that is named, or it is refused."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from services.host.backup.errors import BackupFailed
from services.host.backup.keys import decrypted, encrypted, make_pair, recipient

NOBODY = 65534


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """The private key and the public one."""
    private, public = tmp_path / "identity", tmp_path / "identity.public"
    make_pair(private, public)
    return private, public


def written(path: Path, content: str = "k") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_a_volume_of_a_service_gives_its_keys_under_its_name(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    for service in ("roster", "ratings"):
        written(tmp_path / service / "keys" / service / "signing-key.json", service)
        written(tmp_path / service / "operations.jsonl", "journal")
    written(tmp_path / "ratings" / "box-keys" / "x" / "ab.key")
    written(tmp_path / "secrets" / "roster_data_keys", "data")
    places = [tmp_path / name for name in ("roster", "ratings", "secrets")]
    files = decrypted(encrypted(places, recipient(pair[1])), pair[0])
    assert dict(files) == {
        "roster/keys/roster/signing-key.json": b"roster",
        "ratings/keys/ratings/signing-key.json": b"ratings",
        "secrets/roster_data_keys": b"data",
    }


def test_a_place_without_a_key_is_named_beside_others_that_have_some(
    tmp_path: Path, pair: tuple[Path, Path]
) -> None:
    there, empty = written(tmp_path / "roster" / "keys" / "a").parents[1], tmp_path / "secrets"
    empty.mkdir()
    with pytest.raises(BackupFailed, match=r"secrets 中没有密钥"):
        encrypted([there, empty], recipient(pair[1]))


@pytest.mark.parametrize("closed", ["secrets", "secrets/below"])
def test_a_folder_that_may_not_be_read_is_named(pair: tuple[Path, Path], closed: str) -> None:
    to = recipient(pair[1])
    with TemporaryDirectory(prefix="lvzhi-test-") as name:  # under folders that anybody may enter
        place = Path(name)
        written(place / "secrets" / "below" / "hidden")
        written(place / "secrets" / "seen")
        place.chmod(0o755)
        (place / closed).chmod(0o000)
        with without_rights(), pytest.raises(BackupFailed, match=f"{closed}.* 读不出来（没有权限）"):
            encrypted([place / "secrets"], to)
        (place / closed).chmod(0o700)


@contextmanager
def without_rights() -> Iterator[None]:
    """As root is refused nothing, it becomes another user within the block."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if own == 0:
            os.seteuid(own)
