"""However a drill fails, the result is kept: yesterday's must not go on saying that the backup is good."""

import asyncio
import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect

from services.cli import drilling
from services.host.backup import restoring, schedule
from services.host.backup.folder import Folder, Manifest
from services.host.embedded import NotInstalled
from shared.errors import CannotStart
from shared.process import backups

BACKUP = "20201207T000000000000Z"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """With a backup of today and the result of yesterday."""
    (tmp_path / f"{BACKUP}.json").touch()
    passed = backups.Drill(at=datetime(2020, 12, 6, tzinfo=UTC), backup=BACKUP, passed=True, message="")
    (tmp_path / backups.DRILL).write_text(passed.model_dump_json())
    return Folder(tmp_path)


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(drilling, "_try", fail)


def kept(folder: Folder) -> tuple[bool, str]:
    drill = backups.kept(folder.path).drill
    assert drill is not None
    assert drill.backup == BACKUP
    return drill.passed, drill.message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CannotStart("内嵌数据库刚启动就退出了"), "内嵌数据库刚启动就退出了"),
        (AutoReconnect("李示例"), "试恢复没有做完：数据库没有答复"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "试恢复没有做完：磁盘读写出错"),
        (OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)), "试恢复没有做完：没有应答"),
    ],
)
async def test_a_failure_that_is_known_is_the_result(
    folder: Folder, error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    assert not (await drilling.drill(folder)).passed
    assert kept(folder) == (False, message)


async def test_where_no_drill_can_be_made_the_last_result_stays(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a container, which has no embedded database: that says nothing of the backup."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(restoring, "check", lambda *_: None)
    before = (folder.path / backups.DRILL).read_bytes()
    (folder.path / f"{BACKUP}.json").unlink()
    manifest = Manifest(
        id=BACKUP, made_at=datetime(2020, 12, 7, tzinfo=UTC), version="1", databases={}, heads={}
    )
    folder.place(manifest)
    with pytest.raises(NotInstalled, match="没有安装内嵌数据库"):
        await drilling.drill(folder)
    with pytest.raises(NotInstalled):
        await schedule._drill(backups.Watched(folder.path), BACKUP)
    assert (folder.path / backups.DRILL).read_bytes() == before


@pytest.mark.parametrize(
    ("made", "own", "later"),
    [
        ("1.1.0", "1.0.3", True),
        ("2.0.0", "1.9.0", True),
        ("1.10.0", "1.9.0", True),
        ("1.0.9", "1.0.3", False),
        ("0.1.0", "1.0.0", False),
    ],
)
async def test_a_backup_of_a_later_version_is_told_and_has_not_failed(
    folder: Folder, made: str, own: str, later: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.path / f"{BACKUP}.json").unlink()
    made_at = datetime(2020, 12, 7, tzinfo=UTC)
    folder.place(Manifest(id=BACKUP, made_at=made_at, version=made, databases={}, heads={}))
    before = (folder.path / backups.DRILL).read_bytes()
    monkeypatch.setattr(drilling, "version", lambda _: own)
    if later:
        with pytest.raises(drilling.MadeByLater, match="请先升级"):
            await drilling.drill(folder)
        assert (folder.path / backups.DRILL).read_bytes() == before
    else:
        drilling._check_version(made, own)


async def test_a_failure_that_nobody_knows_is_the_result_and_is_raised(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, KeyError("李示例"))
    with pytest.raises(KeyError):
        await drilling.drill(folder)
    assert kept(folder) == (False, "试恢复没有做完：程序出错（KeyError）")


async def test_a_drill_that_does_not_end_took_too_long(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forever(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(drilling, "_try", forever)
    monkeypatch.setattr(drilling, "DRILL_SECONDS", 0.0)
    await drilling.drill(folder)
    assert kept(folder) == (False, backups.TOO_LONG)
