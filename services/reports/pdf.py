"""Conversion of Word to PDF by LibreOffice; no other document depends on it. Results are kept by digest."""

import asyncio
import hashlib
import os
import shutil
import signal
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from services.reports.errors import NoConverter
from shared.http.bulkhead import Bulkhead

KEPT_BYTES: Final = 64 * 1024 * 1024
ARCHIVAL: Final = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
"""PDF/A-2b, in the words of LibreOffice."""
_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "TZ", "FONTCONFIG_FILE")
"""Of the environment nothing else is passed on: it may contain secrets, and a document is input from outside."""


@dataclass
class Converter:
    """The LibreOffice of this machine. `fonts`: as in `to_pdf`. LibreOffice takes some seconds of a core and 200 MB."""

    program: str
    seconds: float
    fonts: Path
    bulkhead: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=1, waiting=4, retry_seconds=15))
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _bytes: int = 0

    async def convert(self, docx: bytes, *, archival: bool = False) -> bytes:
        """The PDF of a Word file; `archival`: PDF/A-2. Errors: NoConverter, Busy."""
        digest = hashlib.sha256(docx).hexdigest() + (":archival" if archival else "")
        if digest not in self._kept:
            async with self.bulkhead.turn():
                if digest not in self._kept:  # another request for the same file was first
                    pdf = await to_pdf(
                        docx,
                        program=self.program,
                        seconds=self.seconds,
                        fonts=self.fonts,
                        form=ARCHIVAL if archival else "pdf",
                    )
                    self._keep(digest, pdf)
                    return pdf
        self._kept.move_to_end(digest)
        return self._kept[digest]

    def _keep(self, digest: str, pdf: bytes) -> None:
        self._kept[digest] = pdf
        self._bytes += len(pdf)
        while self._bytes > KEPT_BYTES:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= len(forgotten)


async def to_pdf(docx: bytes, *, program: str, seconds: float, fonts: Path, form: str = "pdf") -> bytes:
    """Convert a Word file. `fonts`: a fontconfig file for machines without the official fonts; `form`: as LibreOffice
    names it, with options.

    Errors: NoConverter when the program is missing, fails or takes longer than `seconds`.
    """
    executable = shutil.which(program)
    if executable is None:
        raise NoConverter("服务器上没有安装 LibreOffice，请下载 Word 文件后自行转换")
    with tempfile.TemporaryDirectory(prefix="lvzhi-pdf-") as folder:
        source = Path(folder) / "report.docx"
        source.write_bytes(docx)
        process = await asyncio.create_subprocess_exec(
            executable,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            folder,
            str(source),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(folder, fonts),
            start_new_session=True,  # so that its child processes are killed with it
        )
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError as error:
            raise NoConverter("转换用时过长，已停止，请下载 Word 文件后自行转换") from error
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        pdf = source.with_suffix(".pdf")
        if not pdf.exists():
            raise NoConverter("转换没有成功，请下载 Word 文件后自行转换")
        return pdf.read_bytes()


def _environment(folder: str, fonts: Path) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {"FONTCONFIG_FILE": str(fonts), **inherited, "HOME": folder, "TMPDIR": folder}
