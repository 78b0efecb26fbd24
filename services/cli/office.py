"""Commands of an office over HTTP: import and export a folder, close a year, download its report."""

import asyncio
import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.cli.client import Client, Refused
from services.ratings.sheets import FIRST, SECOND
from services.roster.sheets import SHEETS as ROSTER_SHEETS
from shared.workbook import Unreadable, read

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOKS: Final = {"roster": "名册.xlsx", "activities": "履职.xlsx", "ratings": "测评.xlsx"}
SERVICES: Final = (*WORKBOOKS, "reports")
REPORT_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 15.0
"""Maximum time until a service has received another's events."""

ON_THEIR_WAY: Final = "not-heard-yet"
"""The refusal that passes: a service has not received what `Lvzhi-After` names. A wrong workbook stays wrong."""

Echo = Callable[[str], None]


class Unfinished(Exception):
    """The command could not be completed; the message says why."""


@dataclass(frozen=True)
class Imported:
    """Import report of one workbook."""

    workbook: str
    report: dict[str, Any]


def town_of(folder: Path, token: str) -> str:
    """Code of a folder's town: from 名册.xlsx, else the area of the token if it is one town. Raises Unfinished."""
    roster = folder / WORKBOOKS["roster"]
    if roster.exists():
        rows = read(roster.read_bytes(), ROSTER_SHEETS).rows("镇情况")
        if rows and rows[0]["code"]:
            return str(rows[0]["code"])
    area = area_of(token)
    if len(area) == 9:
        return area
    raise Unfinished(f"{roster.name} 的“镇情况”表中没有区划代码，无法知道是哪个镇")


def area_of(token: str) -> str:
    """The claim `area` of a token, not verified; empty where it has none."""
    try:
        payload = token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["area"])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""


async def import_folder(
    client: Client, folder: Path, tellers: Sequence[str], *, dry_run: bool, echo: Echo
) -> list[Imported]:
    """Import the folder's workbooks in the order of their dependencies.

    Counts are keyed by two tellers, each with a token of their own. Raises Refused, Unfinished.
    """
    workbooks = {service: folder / name for service, name in WORKBOOKS.items() if (folder / name).exists()}
    if not workbooks:
        raise Unfinished(f"{folder} 中没有 {'、'.join(WORKBOOKS.values())}")
    town = town_of(folder, client.token)
    imported: list[Imported] = []
    for service, path in workbooks.items():
        after = {} if service == "roster" else await _after_roster(client, town)
        steps = [(client, "")]
        if service == "ratings":
            steps = _rating_steps(client, tellers, dry_run=dry_run, echo=echo)
        for sender, sheets in steps:
            report = await _send(sender, service, town, path, sheets, after, dry_run=dry_run)
            echo(f"{path.name}{'（' + sheets + '）' if sheets else ''}：{_totals(report)}")
            for note in _notes(report):
                echo(f"  {note}")
            imported.append(Imported(path.name, report))
    return imported


async def export_folder(client: Client, folder: Path, town: str, *, replace: bool, echo: Echo) -> None:
    """Write the town's records as the workbooks that `import_folder` reads. Raises Refused, Unfinished."""
    paths = {service: folder / name for service, name in WORKBOOKS.items()}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not replace:
        raise Unfinished(f"{folder} 中已有 {'、'.join(there)}；要覆盖请加 --replace")
    content = {service: await client.download(f"/{service}/v1/towns/{town}/exports") for service in WORKBOOKS}
    folder.mkdir(parents=True, exist_ok=True)
    for service, path in paths.items():
        path.write_bytes(content[service])
        echo(f"已写入 {path}")


async def export_person(client: Client, town: str, person: str, out: Path) -> None:
    """Write everything held about one person, by service, to a file with mode 0600. Raises Refused."""
    exports = {
        service: await client.json("GET", f"/{service}/v1/towns/{town}/people/{person}/export")
        for service in SERVICES
    }
    out.touch(mode=0o600)
    out.write_text(json.dumps(exports, ensure_ascii=False, indent=2) + "\n", "utf-8")


async def _after_roster(client: Client, town: str) -> dict[str, str]:
    """Header that makes a service wait for the roster's current state, as 全体 refers to it."""
    head = await client.json("GET", f"/roster/v1/towns/{town}/head")
    return {"Lvzhi-After": f"roster={head['sequence']}"} if head["sequence"] else {}


def _rating_steps(
    client: Client, tellers: Sequence[str], *, dry_run: bool, echo: Echo
) -> list[tuple[Client, str]]:
    if dry_run:
        return [(client, "")]
    if len(tellers) < 2:
        echo("未提供两名计票员的凭证（--teller 两次），计票表没有录入，测评会保持打开")
        return [(client, "")]
    first, second = (Client(client.session, client.url, token) for token in tellers[:2])
    return [(client, ""), (first, FIRST.name), (second, SECOND.name), (client, "")]


async def _send(
    client: Client,
    service: str,
    town: str,
    path: Path,
    sheets: str,
    after: Mapping[str, str],
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """Import one workbook; asked again while events that it depends on are on their way."""
    query: dict[str, str | int] = {"dry_run": "true" if dry_run else "false"}
    if sheets:
        query["sheets"] = sheets
    headers = {"Content-Type": XLSX, **after}
    deadline = asyncio.get_running_loop().time() + RETRY_SECONDS
    while True:
        try:
            report = await client.upload(
                f"/{service}/v1/towns/{town}/imports", path.read_bytes(), headers, **query
            )
        except Refused as refusal:
            late = asyncio.get_running_loop().time() > deadline
            if late or refusal.problem.get("code") != ON_THEIR_WAY:
                raise
            await asyncio.sleep(POLL_SECONDS * 5)
        else:
            return dict(report)


def _totals(report: dict[str, Any]) -> str:
    totals = report["totals"]
    names = {"new": "新增", "changed": "修改", "unchanged": "不变", "wrong": "有误"}
    return "，".join(f"{word} {totals[key]}" for key, word in names.items())


def _notes(report: dict[str, Any]) -> Iterator[str]:
    """What the import read as more than its cell says, with the cell; an earlier release has no notes."""
    for sheet in report.get("sheets", ()):
        for row in sheet["rows"]:
            for note in row.get("notes", ()):
                yield f"{sheet['name']}.{note['cell']} {note['message']}"


async def close_year(client: Client, town: str, period: int | str, as_of: str | None) -> dict[str, Any]:
    """Close a year or period and wait for its report. Raises Unfinished when a source does not answer."""
    base = f"/reports/v1/towns/{town}/periods/{period}"
    body = {"as_of": as_of} if as_of else {}
    closing = await client.json("POST", f"{base}/closings", body)
    deadline = asyncio.get_running_loop().time() + REPORT_SECONDS
    while True:
        state = await client.json("GET", f"{base}/closings/{closing['id']}")
        if state["state"] == "compiled":
            return dict(await client.json("GET", f"{base}/report"))
        if asyncio.get_running_loop().time() > deadline:
            waiting = [s["source"] for s in state.get("sources", []) if s.get("state") != "sealed"]
            raise Unfinished(f"报告尚不完整，还在等待：{'、'.join(waiting) or '编制'}")
        await asyncio.sleep(POLL_SECONDS)


async def fetch_report(client: Client, town: str, period: int | str, out: Path) -> None:
    """Download the report in the format of the file's extension."""
    extension = out.suffix.lstrip(".").lower()
    content = await client.download(f"/reports/v1/towns/{town}/periods/{period}/report.{extension}")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


async def fetch_files(
    client: Client, town: str, year: int, folder: Path, *, replace: bool, echo: Echo
) -> None:
    """Write all duty files of the town into a folder. Raises Refused, Unfinished."""
    if folder.exists() and any(folder.iterdir()) and not replace:
        raise Unfinished(f"{folder} 中已有文件；要覆盖同名的请加 --replace")
    packed = await client.download(f"/reports/v1/towns/{town}/files.zip?year={year}")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
        echo(f"已写入 {folder}：{len(archive.namelist())} 份履职档案")


__all__ = [
    "Imported",
    "Unfinished",
    "Unreadable",
    "area_of",
    "close_year",
    "export_folder",
    "fetch_files",
    "fetch_report",
    "import_folder",
    "town_of",
]
