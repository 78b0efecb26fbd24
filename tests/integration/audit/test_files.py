"""Every duty file of a town from the command line, for paper and signatures."""

import zipfile
from pathlib import Path

from tests.integration.audit.conftest import TOWN, Office


async def test_every_file_is_written_and_nothing_is_overwritten_unasked(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "履职档案"
    wanted = ("files", TOWN, "2020", "-o", str(folder))
    status, said = await office.lvzhi(*wanted)
    assert status == 0, said
    found = sorted(folder.rglob("*.docx"))
    assert f"{len(found)} 份履职档案" in said
    assert {path.parent.name for path in found} == {"代表", "小组"}
    assert all(zipfile.is_zipfile(path) for path in found)
    before = {path: path.read_bytes() for path in found}
    status, said = await office.lvzhi(*wanted)
    assert (status, "--replace" in said) == (1, True)
    assert (await office.lvzhi(*wanted, "--replace"))[0] == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.docx")} == before


async def test_a_town_out_of_reach_leaves_no_folder(office: Office, tmp_path: Path) -> None:
    status, said = await office.lvzhi("files", "340281200", "2020", "-o", str(tmp_path / "x"))
    assert (status, "404" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []
