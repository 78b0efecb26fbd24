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
from urllib.parse import quote

from services.cli.books import SHEETS, WORKBOOKS, Book, Unfinished, find_books
from services.cli.client import Client, Refused, described
from services.host.installation import LEDGERS
from services.ratings.sheets import FIRST, SECOND
from shared.workbook import XLSX, Unreadable, read

REPORT_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 15.0
"""Maximum time until a service has received another's events."""

ON_THEIR_WAY: Final = "not-heard-yet"
"""The refusal that passes: a service has not received what `Lvzhi-After` names. A wrong workbook stays wrong."""

Echo = Callable[[str], None]


@dataclass(frozen=True)
class Imported:
    """Import report of one workbook."""

    workbook: str
    report: dict[str, Any]
    service: str = ""


def town_of(folder: Path, token: str) -> str:
    """Code of a folder's town: from its roster, else the area of the token if it is one town. Errors: Unfinished."""
    return _town_of(find_books(folder), token)


def _town_of(books: Sequence[Book], token: str) -> str:
    for book in books:
        if book.service == "roster":
            sheets, words = SHEETS[book.service]
            workbook = read(book.path.read_bytes(), sheets, filename=book.path.name, vocabulary=words)
            if (rows := workbook.rows("镇情况")) and rows[0]["code"]:
                return str(rows[0]["code"])
    area = area_of(token)
    if len(area) == 9:
        return area
    raise Unfinished("名册的“镇情况”表中没有区划代码，凭证也不只管一个乡镇，无法知道是哪个乡镇")


def area_of(token: str) -> str:
    """The claim `area` of a token, not verified; empty where it has none."""
    return _claim(token, "area")


def _claim(token: str, name: str) -> str:
    try:
        payload = token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))[name])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""


async def import_folder(
    client: Client, folder: Path, tellers: Sequence[str], *, dry_run: bool, echo: Echo
) -> list[Imported]:
    """Import the workbooks of a folder, or a file, in the order of their dependencies.

    Counts are keyed by two tellers, each with a token of their own. A dry run prints every problem. Errors:
    Refused, Unfinished, also of a dry run with a problem.
    """
    books = find_books(folder)
    town = _town_of(books, client.token)
    if not dry_run and len(tellers) > 1 and any(book.service == "ratings" for book in books):
        _check_tellers(client.token, *tellers[:2])
    imported: list[Imported] = []
    later = wrong = 0
    for book in books:
        after = {} if book.service == "roster" else await _after_roster(client, town)
        steps = [(client, "")]
        if book.service == "ratings":
            steps = _rating_steps(client, tellers, dry_run=dry_run, echo=echo)
        for sender, sheets in steps:
            report = await _send(sender, book, town, sheets, after, dry_run=dry_run)
            echo(f"{book.path.name}{'（' + sheets + '）' if sheets else ''}：{_totals(report)}")
            problems = _problems(report, without="名册" if _is_to_come(imported) else "")
            for line in (*_notes(report), *problems):
                echo(f"  {line}")
            imported.append(Imported(book.path.name, report, book.service))
            wrong += len(problems)
            later += report.get("problems", 0) - len(problems)
    if later:
        echo(f"另有 {later} 处写的是名册里新的人、小组或阵地，要等名册导入以后再核对")
    if wrong:
        raise Unfinished(f"共有 {wrong} 处错误，见上；没有写入任何内容")
    return imported


def _check_tellers(*tokens: str) -> None:
    """Two people count and a third publishes: the system would say so only after the first count is written.

    Errors: Unfinished where two tokens are of one holder.
    """
    holders = [holder for holder in (_claim(token, "sub") for token in tokens) if holder]
    if len(set(holders)) < len(holders):
        raise Unfinished(
            "主持计票的人和两名计票员须是三个人，这几份凭证却有同一个持有人"
            f"（{'、'.join(holders)}）：生成凭证时用 --subject 各写一人。没有写入任何内容"
        )


def _is_to_come(imported: Sequence[Imported]) -> bool:
    """Whether a roster was only checked, and is not what the system knows: its new names are unknown there."""
    return any(
        one.service == "roster"
        and one.report["dry_run"]
        and any(rows for outcome, rows in one.report["totals"].items() if outcome != "unchanged")
        for one in imported
    )


async def fetch_marked(client: Client, place: Path, folder: Path, echo: Echo) -> None:
    """Write each workbook with its problems marked into a folder; nothing is imported. Errors: Refused, Unfinished."""
    books = find_books(place)
    town = _town_of(books, client.token)
    folder.mkdir(parents=True, exist_ok=True)
    for book in books:
        marked = await client.upload_for_file(
            f"/{book.service}/v1/towns/{town}/imports", *_content(book, {"Accept": XLSX}), dry_run="true"
        )
        out = folder / f"{book.path.stem}-问题.xlsx"
        out.write_bytes(marked)
        echo(f"已写入 {out}")


async def export_folder(client: Client, folder: Path, town: str, *, replace: bool, echo: Echo) -> None:
    """Write the town's records as the workbooks that `import_folder` reads. Errors: Refused, Unfinished."""
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
    """Write everything held about one person, by service, to a file with mode 0600. Errors: Refused."""
    exports = {
        service: await client.json("GET", f"/{service}/v1/towns/{town}/people/{person}/export")
        for service in LEDGERS
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
    book: Book,
    town: str,
    sheets: str,
    after: Mapping[str, str],
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """Import one workbook; asked again while events that it depends on are on their way."""
    query: dict[str, str | int] = {"dry_run": "true" if dry_run else "false"}
    if sheets:
        query["sheets"] = sheets
    data, headers = _content(book, after)
    deadline = asyncio.get_running_loop().time() + RETRY_SECONDS
    while True:
        try:
            report = await client.upload(f"/{book.service}/v1/towns/{town}/imports", data, headers, **query)
        except Refused as refusal:
            late = asyncio.get_running_loop().time() > deadline
            if late or refusal.problem.get("code") != ON_THEIR_WAY:
                raise
            await asyncio.sleep(POLL_SECONDS * 5)
        else:
            return dict(report)


def _content(book: Book, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """The file and its headers; the name tells which sheet a .csv is."""
    named = f"attachment; filename={quote(book.path.name)}"
    return book.path.read_bytes(), {"Content-Type": XLSX, "Content-Disposition": named, **headers}


def _totals(report: dict[str, Any]) -> str:
    totals = report["totals"]
    names = {"new": "新增", "changed": "修改", "unchanged": "不变", "wrong": "有误"}
    words = [f"{word} {totals[key]}" for key, word in names.items()]
    words += [f"待核对 {report['waiting']}"] if report.get("waiting") else []
    return "，".join(words)


def _notes(report: dict[str, Any]) -> Iterator[str]:
    """What the import read as more than its cell says, with the cell; an earlier release has no notes."""
    for sheet in report.get("sheets", ()):
        for part in (sheet, *sheet["rows"]):
            for note in part.get("notes", ()):
                yield f"{sheet['name']}.{note['cell']} {note['message']}"


def _problems(report: dict[str, Any], *, without: str) -> list[str]:
    """Each problem: where, what, what stands there, and what is wanted. `without`: those that refer to a workbook."""
    return [
        described({**one, "loc": ".".join(filter(None, (sheet["name"], one["cell"])))})
        for sheet in report.get("sheets", ())
        for part in (sheet, *sheet["rows"])
        for one in part.get("problems", ())
        if not without or one.get("refers") != without
    ]


async def close_year(client: Client, town: str, period: int | str, as_of: str | None) -> dict[str, Any]:
    """Close a year or period and wait for its report. Errors: Unfinished where a source does not answer."""
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
            raise Unfinished(f"总结未齐全，还在等待：{'、'.join(waiting) or '编制'}")
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
    """Write all duty files of the town into a folder. Errors: Refused, Unfinished."""
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
    "fetch_marked",
    "fetch_report",
    "import_folder",
    "town_of",
]
