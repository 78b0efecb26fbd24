"""Conversion of Word to PDF by LibreOffice; no other document depends on it."""

import asyncio
import os
import shutil
import signal
import tempfile
from pathlib import Path

from services.reports.errors import NoConverter


async def to_pdf(docx: bytes, *, program: str, seconds: float, fonts: Path) -> bytes:
    """Convert a Word file. `fonts`: a fontconfig file for machines without the official fonts.

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
            "pdf",
            "--outdir",
            folder,
            str(source),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"FONTCONFIG_FILE": str(fonts), **os.environ},
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
