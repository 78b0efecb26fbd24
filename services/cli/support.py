"""The support bundle: what helps to understand a failure, and no word about a person, key or password."""

import importlib.metadata
import json
import os
import platform
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from services.cli import journal
from services.cli.client import Away, Client, Refused, calling
from services.host.installation import SERVICES
from shared.settings import Settings

State = Literal["✓", "!", "✗"]


@dataclass(frozen=True)
class Finding:
    """What was found about a subject, and what to do: ✓ is well, ! may become trouble, ✗ is trouble."""

    subject: str
    state: State
    text: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.state} {self.subject}  {self.text}{'。' + self.advice if self.advice else ''}"


def good(subject: str, text: str) -> Finding:
    return Finding(subject, "✓", text)


def poor(subject: str, text: str, advice: str = "") -> Finding:
    return Finding(subject, "!", text, advice)


def bad(subject: str, text: str, advice: str) -> Finding:
    return Finding(subject, "✗", text, advice)


async def write(path: Path, findings: Sequence[Finding], settings: Settings, url: str) -> None:
    """Write the bundle; an existing file is replaced when the new one is whole."""
    parts = {
        "结果.txt": "\n".join(map(str, findings)) + "\n",
        "版本.json": _json(_versions()),
        "设置.json": _json(dict(_settings(settings))),
        "数据文件夹.json": _json(_files(settings.data_dir)),
        "操作.json": _json(
            [
                {name: line[name] for name in ("at", "command", "outcome")}
                for line in journal.read(settings.data_dir)
            ]
        ),
    }
    async with calling() as session:
        client = Client(session, url, "")
        parts["是否正常.json"] = _json(await _health(client))
        parts |= {f"指标/{name}.txt": text for name in SERVICES if (text := await _metrics(client, name))}
    half = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    half.replace(path)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _versions() -> dict[str, Any]:
    """Of the machine without its name, of Python and of every package."""
    packages = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions()}
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "packages": dict(sorted(packages.items())),
    }


def _settings(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Which settings are set; values only of those that are numbers, switches or choices."""
    shown = settings.model_fields_set
    for name in sorted(shown):
        value = getattr(settings, name)
        harmless = isinstance(value, bool | int | float) or name == "log_level"
        yield name, value if harmless else "（已设置）"
    for name in sorted(os.environ):
        if name.startswith("LVZHI_") and name.removeprefix("LVZHI_").lower() not in shown:
            yield name, "（已设置）"


def _files(data: Path) -> list[dict[str, Any]]:
    """Path within the data folder, size and mode of each file. Names are those that this program gives."""
    return [
        {
            "path": str(file.relative_to(data)),
            "bytes": (state := file.stat()).st_size,
            "mode": oct(state.st_mode & 0o777),
            "changed_at": datetime.fromtimestamp(state.st_mtime, UTC).isoformat(timespec="seconds"),
        }
        for folder in ("store", "keys", "box-keys")
        for file in sorted((data / folder).rglob("*"))
        if file.is_file()
    ]


async def _health(client: Client) -> Any:
    try:
        return await client.json("GET", "/health/ready")
    except Refused as refused:
        return refused.problem
    except Away:
        return None


async def _metrics(client: Client, service: str) -> str:
    """Metrics name routes as declared, never who or what was asked for. Empty where there is no answer."""
    try:
        return (await client.download(f"/{service}/metrics")).decode()
    except (Away, Refused, ValueError):
        return ""
