"""The office's workbooks as the services see them: which one a file is, its check, its import, its marked copy."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from services.console.errors import Refused
from services.console.repository import BOOKS, Uploaded
from services.console.visit import Visit
from shared.workbook import XLSX

NAMES: Final[Mapping[str, str]] = {"roster": "名册", "activities": "履职", "ratings": "测评"}
ROSTER: Final = NAMES["roster"]
UNKNOWN: Final = "workbook-unreadable"
"""The refusal for a file without a sheet that the service knows."""
ON_THE_WAY: Final = "not-heard-yet"
TRIES, WAIT_SECONDS = 15, 1.0


@dataclass
class Checked:
    """A file with what its import would do, or did. `fault`: why it was not read. `early`: it names what the roster
    brings, and there is no roster."""

    file: Uploaded
    report: Mapping[str, Any] | None = None
    fault: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    waiting: int = 0
    """Cells that name what an earlier workbook brings."""
    early: bool = False

    @property
    def title(self) -> str:
        return NAMES.get(self.file.service, "")

    @property
    def empty(self) -> bool:
        """Read without a fault, and not a row in it."""
        sheets = self.report["sheets"] if self.report else ()
        return self.report is not None and not self.problems and not any(sheet["rows"] for sheet in sheets)

    @property
    def applied(self) -> bool:
        return bool(self.report and self.report["applied"])

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """Each sheet with its rows by outcome."""
        found = []
        for sheet in self.report["sheets"] if self.report else ():
            outcomes = [row["outcome"] for row in sheet["rows"]]
            counts = {
                name: outcomes.count(name) for name in ("new", "changed", "unchanged", "wrong", "waiting")
            }
            found.append({"name": sheet["name"], "changes": sheet["changes"], **counts})
        return found


async def whose(visit: Visit, name: str, data: bytes) -> str:
    """The service whose workbook a file is: by its name, if that names one alone, else by its sheets; empty where none
    knows it."""
    hinted = [service for service in BOOKS if NAMES[service] in name]
    if len(hinted) == 1:
        return hinted[0]
    for service in BOOKS:
        try:
            await _sent(visit, service, name, data, dry_run=True)
        except Refused as refused:
            if refused.code == UNKNOWN:
                continue
        return service
    return ""


async def checked(visit: Visit, files: Sequence[Uploaded]) -> list[Checked]:
    """What importing the files would do; nothing is written."""
    found: list[Checked] = []
    coming = False
    for file in files:
        if not file.service:
            found.append(await _unknown(visit, file))
            continue
        try:
            answer = await _sent(visit, file.service, file.name, file.data, dry_run=True)
        except Refused as refused:
            known = refused.code != UNKNOWN
            found.append(
                Checked(file, fault=refused.detail or refused.title) if known else await _unknown(visit, file)
            )
            continue
        found.append(await _against_the_roster(visit, file, answer, coming=coming))
        if file.service == "roster":
            coming = any(count for outcome, count in answer["totals"].items() if outcome != "unchanged")
    return found


async def _unknown(visit: Visit, file: Uploaded) -> Checked:
    """A file in which no service knows a sheet: a ledger of another make, unless it is no workbook."""
    path = visit.at(BOOKS[0], "imports:propose")
    try:
        await visit.api.answer("POST", path, headers=named(file.name), data=file.data)
    except Refused as refused:
        return Checked(file, fault=refused.detail or refused.title)
    return Checked(replace(file, service=""))


async def _against_the_roster(
    visit: Visit, file: Uploaded, report: Mapping[str, Any], *, coming: bool
) -> Checked:
    """`coming`: a roster is imported before the file."""
    result = _read(file, report, without=ROSTER if coming else "")
    if not any(problem["refers"] == ROSTER for problem in result.problems):
        return result
    deputies = await visit.api.get(visit.at("roster", "deputyships"), limit=1)
    if deputies["items"]:
        return result
    return replace(_read(file, report, without=ROSTER), early=True)


def faults(results: Sequence[Checked]) -> list[str]:
    """What keeps the files from being imported, a line each: what was not read first."""
    told = [f"“{one.file.name}”没有读取：{one.fault}" for one in results if one.fault]
    told += [f"“{one.file.name}”没有认得的工作表" for one in results if not (one.fault or one.file.service)]
    if any(one.early for one in results):
        told.append("名册还没有导入。先导入名册，或者把名册和它们一起选")
    if count := sum(len(one.problems) for one in results):
        told.append(f"有 {count} 处要改。在 Excel 里改好，再选一次文件")
    if not told and all(one.empty for one in results):
        told.append("没有一行内容。填好以后再选一次文件")
    return told


async def imported(visit: Visit, files: Sequence[Uploaded], key: str) -> list[Checked]:
    """Import the files in their order; the first that is refused ends it. Each waits for the roster before it."""
    done: list[Checked] = []
    after: dict[str, str] = {}
    for file in files:
        try:
            answer = await _sent(
                visit,
                file.service,
                file.name,
                file.data,
                headers={"Idempotency-Key": f"{key}-{file.id}", **after},
            )
        except Refused as refused:
            done.append(Checked(file, fault=refused.detail or refused.title))
            break
        done.append(_read(file, answer))
        if file.service == "roster":
            visit.console.town_names.forget(visit.town)
            head = await visit.api.get(visit.at("roster", "head"))
            after = {"Lvzhi-After": f"roster={head['sequence']}"} if head["sequence"] else {}
    return done


async def _sent(
    visit: Visit,
    service: str,
    name: str,
    data: bytes,
    *,
    dry_run: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The report of a check or an import; asked again while events that it depends on are on their way."""
    for attempt in range(TRIES):
        try:
            answer = await visit.api.answer(
                "POST",
                visit.at(service, "imports"),
                query={"dry_run": dry_run},
                headers={**named(name), **(headers or {})},
                data=data,
            )
        except Refused as refused:
            if refused.code != ON_THE_WAY or attempt == TRIES - 1:
                raise
            await asyncio.sleep(WAIT_SECONDS)
        else:
            return answer.body
    raise AssertionError


def named(name: str) -> dict[str, str]:
    """The name of a file that is sent as a body tells which sheet a .csv is."""
    return {"Content-Type": XLSX, "Content-Disposition": f"attachment; filename={quote(name)}"}


def _read(file: Uploaded, report: Mapping[str, Any], *, without: str = "") -> Checked:
    """`without`: problems that refer to this workbook, which comes first, are not the file's."""
    result = Checked(file, report)
    for sheet in report["sheets"]:
        for piece in (sheet, *sheet["rows"]):
            for problem in piece["problems"]:
                if without and problem["refers"] == without:
                    result.waiting += 1
                else:
                    result.problems.append({"sheet": sheet["name"], "row": piece.get("row"), **problem})
            result.notes += [{"sheet": sheet["name"], **note} for note in piece["notes"]]
    return result
