"""Starts the process that reads a file, with limits of memory and time, and takes what it found."""

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final, Self

import structlog
from pydantic import BaseModel

from shared.documents.layout import Layout
from shared.documents.pictures import LARGE
from shared.errors import PhotographUnfit, ScanMissing

log = structlog.get_logger(__name__)

LIBRARIES: Final = ("cv2", "pillow_heif", "pypdfium2", "zxingcpp")
CPU_SECONDS: Final = 400
"""Of a file of up to 100 pages; a page takes one, few take two."""
WALL_SECONDS: Final = 600
MEMORY: Final = 900 << 20
"""Bytes of data that the process may have: three times what a page takes."""
OVER_LIMIT: Final = 3
"""Its exit status where that is too little."""
TOO_LONG: Final = "这个文件读得太久，已中断：页数多的请分成几个文件再传"
SURE: Final = 0.5
"""Less is in doubt."""
WHY: Final = {
    "none": "文件不是完好的 JPEG、PNG、HEIC 图片或者 PDF；没有传完的请重传，别的格式（如 TIFF）请另存为 PDF",
    "large": LARGE,
    "locked": "PDF 有密码，请去掉密码以后再传",
    "pages": "PDF 的页数太多，一次不超过 100 页",
}
NAMED: Final = {
    "not_ours": "没有认出这是本系统印的表：四角的方块和右上角的码要拍全、拍清楚",
    "incomplete": "这一页没有拍全：四角的方块被遮住或者在画面外，请把整页放平再拍",
    "several": "画面里不止一张表，请把别的表挪开，一张一张拍",
    "other_kind": "这是另一种表",
    "other_area": "这是别的乡镇的表",
    "other_subject": "这是另一次会议或者活动的表",
    "other_edition": "这张表是名单改动以前印的，格子和现在的名单对不上，请按纸上手工登记",
}
"""What is said of a page that was not read."""


@dataclass(frozen=True)
class Mark:
    """One box: whether there is ink, how sure that is from 0 to 1, and its picture (JPEG) where it is in doubt."""

    ink: bool
    sure: float
    picture: bytes = b""

    @property
    def doubtful(self) -> bool:
        return self.sure < SURE


@dataclass(frozen=True)
class Page:
    """One page of a file. `sheet`: which of the layouts; `problem`: a key of `NAMED`, empty where it was read; `again`:
    an earlier page of the file is the same one; `rows`: pictures (JPEG) of all numbers that are marked by digit."""

    sheet: int | None
    page: int | None
    problem: str
    upside_down: bool
    again: bool
    marks: Mapping[str, Mark]
    rows: Mapping[str, bytes] = field(default_factory=dict)


class ReadPage(BaseModel):
    """What is told of a page: `sheet` is its name, null for none of the layouts; `problem`: why it was not read, with a
    `message`; both empty where it was. `again`: an earlier page of the file is the same one; a box that they differ on
    is in doubt."""

    sheet: str | None
    page: int | None
    problem: str
    message: str
    upside_down: bool
    again: bool

    @classmethod
    def of(cls, page: Page, sheet: str | None) -> Self:
        told = {name: getattr(page, name) for name in ("page", "problem", "upside_down", "again")}
        return cls.model_validate(told | {"sheet": sheet, "message": NAMED.get(page.problem, "")})


class ReaderFault(Exception):
    """The process that reads failed, whatever the file is like."""


def require_scan() -> None:
    """Errors: ScanMissing."""
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        raise ScanMissing(
            f"请管理员安装识读组件：pip install 'lvzhi[scan]'（缺少 {'、'.join(missing)}）；现在请照纸上手工登记"
        )


async def read_file(
    data: bytes, layouts: Sequence[Layout], *, cut: bool, copies: Sequence[int] = ()
) -> list[Page]:
    """The pages of a file that should be of one of the layouts. `copies`: the layouts that are printed many times: the
    same page again is another paper. Errors: ScanMissing, PhotographUnfit, ReaderFault."""
    answer = await _answer(data, layouts=[one.as_json() for one in layouts], cut=cut, copies=list(copies))
    return [_page(page) for page in answer["pages"]]


async def as_jpeg(data: bytes) -> bytes:
    """A HEIC picture as JPEG without metadata. Errors: ScanMissing, PhotographUnfit, ReaderFault."""
    return base64.b64decode((await _answer(data, layouts=None))["jpeg"])


async def _answer(data: bytes, **asked: Any) -> dict[str, Any]:
    require_scan()
    asked |= {"seconds": CPU_SECONDS, "bytes": MEMORY}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "shared.documents.scan"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            told, _ = await process.communicate(json.dumps(asked).encode() + b"\n" + data)
    except TimeoutError:
        raise PhotographUnfit(TOO_LONG) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    status = await process.wait()
    if status == -signal.SIGXCPU:
        raise PhotographUnfit(TOO_LONG)
    if status == OVER_LIMIT or status < 0:
        raise PhotographUnfit("这个文件读不出来：内容损坏，或者占用的内存超过限制")
    answer: dict[str, Any] = json.loads(told) if status == 0 else {"fault": "exit", "at": ""}
    if "fault" in answer:
        log.error("reading failed", kind=answer["fault"], at=answer["at"], status=status)
        raise ReaderFault(answer["fault"])
    if "unfit" in answer:
        raise PhotographUnfit(WHY[answer["unfit"]])
    return answer


def _page(told: Mapping[str, Any]) -> Page:
    cuts = {name: base64.b64decode(cut) for name, cut in told["cuts"].items()}
    marks = {name: Mark(ink, sure, cuts.pop(name, b"")) for name, (ink, sure) in told["boxes"].items()}
    known = {name: told[name] for name in ("sheet", "page", "problem", "upside_down", "again")}
    return Page(**known, marks=marks, rows=cuts)
