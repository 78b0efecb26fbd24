"""`lvzhi sheets`: what is printed, as PDF files: sign-in sheets, slips, count sheets, posters, sheets of records."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import typer

from services.cli.books import Unfinished
from services.cli.client import Client, Refused, calling
from services.cli.terminal import Token, Url, run
from services.ratings.sheets import MEETINGS
from shared.workbook import row_id

PDF: Final = "application/pdf"
_FORBIDDEN: Final = str.maketrans('/\\:*?"<>|', "／＼：＊？＂＜＞｜")


class Kind(StrEnum):
    SIGN_IN = "sign-in"
    SLIPS = "slips"
    COUNTS = "counts"
    BALLOTS = "ballots"
    POSTERS = "posters"
    REGISTERS = "registers"
    ASSIGNMENTS = "assignments"
    REMINDERS = "reminders"
    SUMMARY = "summary"
    ACTIVITIES = "activities"


KINDS: Final = (
    "sign-in 签到册，slips 扫码票，counts 计票表，ballots 纸质选票，posters 意见二维码海报，registers 建议登记表，"
    "assignments 交办单，reminders 催办单（临期和逾期的），summary 建议汇总表，activities 活动登记表"
)
FORMS: Final = {
    Kind.REGISTERS: ("register", "建议登记表"),
    Kind.ASSIGNMENTS: ("assign", "交办单"),
    Kind.REMINDERS: ("remind", "催办单"),
}
"""Forms of a suggestion's sheet, and what the files are called."""
REFUSED: Final = 409
"""A form that the state of the suggestion does not allow."""


def sheets(
    town: Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")],
    kind: Annotated[Kind, typer.Argument(help=KINDS)],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件夹")],
    of: Annotated[
        str, typer.Option(help="签到册：session 人代会，presidium_meeting 主席团会议，或者活动的类型")
    ] = "",
    on: Annotated[str, typer.Option(help="签到册：日期，YYYY-MM-DD")] = "",
    title: Annotated[str, typer.Option(help="签到册：印在上面的名称")] = "",
    group: Annotated[int | None, typer.Option(help="签到册：小组活动的组号")] = None,
    meeting: Annotated[str, typer.Option(help="扫码票、计票表、选票：测评会的编号")] = "",
    count: Annotated[int | None, typer.Option(min=1, help="扫码票：印几张")] = None,
    year: Annotated[int | None, typer.Option(help="建议和活动的表：哪一年的；催办单不用填")] = None,
    base_url: Annotated[str, typer.Option(help="扫码票、海报：从外面打开本系统的网址")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把签到册、扫码票、计票表、意见二维码海报、建议和活动的表写成 PDF 文件，供打印。扫码票的票号只在这里出现一次。"""

    async def write() -> None:
        async with calling() as session:
            printer = Printing(Client(session, url, token), town, out, typer.echo)
            if kind is Kind.SIGN_IN:
                await printer.sign_in(of, on, title, group)
            elif kind is Kind.SLIPS:
                await printer.slips(meeting, count, base_url)
            elif kind is Kind.COUNTS:
                await printer.of_meeting(meeting, "计票表", "count_sheets")
            elif kind is Kind.BALLOTS:
                await printer.of_meeting(meeting, "选票", "paper_ballots")
            elif kind is Kind.POSTERS:
                await printer.posters(base_url)
            elif kind is Kind.SUMMARY:
                await printer.summary(year)
            elif kind is Kind.ACTIVITIES:
                await printer.activities(year)
            else:
                await printer.suggestions(kind, year)

    run(write())


class Printing:
    """Printing of one town's sheets into a folder; a file that is there already is not replaced. Errors: Unfinished."""

    def __init__(self, client: Client, town: str, folder: Path, echo: Callable[[str], None]) -> None:
        self.client, self.town, self.folder, self.echo = client, town, folder, echo

    async def sign_in(self, of: str, on: str, title: str, group: int | None) -> None:
        if not (of and on):
            raise Unfinished("签到册须写明 --of 和 --on")
        query = {"of": of, "held_on": on, "title": title}
        if group is not None:
            groups = await self.client.items(f"/roster/v1/towns/{self.town}/groups")
            ids = [one["id"] for one in groups if one["number"] == group]
            if not ids:
                raise Unfinished(f"名册中没有第 {group} 组")
            query["group_id"] = ids[0]
        path = self._new(f"签到册 {on} {title or of}")
        self._keep(path, await self._get(f"/activities/v1/towns/{self.town}/sign_in_sheet", query))

    async def slips(self, meeting: str, count: int | None, base_url: str) -> None:
        if count is None:
            raise Unfinished("扫码票须用 --count 写明印几张")
        found = await self._meeting(meeting)
        path = self._new(f"扫码票 {meeting}")  # before: the codes are told only once
        body = {"count": count} | ({"base_url": base_url} if base_url else {})
        place = f"/ratings/v1/towns/{self.town}/meetings/{found['id']}/codes"
        self._keep(path, await self.client.post_for_file(place, body, PDF))

    async def of_meeting(self, meeting: str, name: str, sheet: str) -> None:
        found = await self._meeting(meeting)
        path = self._new(f"{name} {meeting}")
        place = f"/ratings/v1/towns/{self.town}/meetings/{found['id']}/{sheet}"
        self._keep(path, await self._get(place, {}))

    async def posters(self, base_url: str) -> None:
        base = f"/activities/v1/towns/{self.town}"
        codes = await self.client.items(f"{base}/opinion_codes")
        stations = await self.client.items(f"/roster/v1/towns/{self.town}/stations")
        names = {station["id"]: station["name"] for station in stations}
        current = [code for code in codes if code["revoked_on"] is None]
        if not current:
            raise Unfinished("还没有发意见二维码")
        for code in current:
            path = self._new(f"海报 {names.get(code['station_id'], code['station_id'])} {code['id'][:4]}")
            query = {"base_url": base_url} if base_url else {}
            self._keep(path, await self._get(f"{base}/opinion_codes/{code['id']}/poster", query))

    async def suggestions(self, kind: Kind, year: int | None) -> None:
        """A sheet of each suggestion of the year, or of all open ones to remind of; what its state does not allow is
        left out."""
        form, name = FORMS[kind]
        if kind is not Kind.REMINDERS and year is None:
            raise Unfinished(f"{name}须用 --year 写明哪一年")
        written = 0
        for one in await self._records("suggestions", year if kind is not Kind.REMINDERS else None):
            path = f"/activities/v1/towns/{self.town}/suggestions/{one['id']}/sheet"
            try:
                data = await self._get(path, {"form": form})
            except Refused as refused:
                if refused.status != REFUSED:
                    raise
                continue
            self._keep(self._new(f"{name} {one['year']}-{one['number']} {one['title'][:30]}"), data)
            written += 1
        if not written:
            raise Unfinished(f"没有要印{name}的建议")

    async def summary(self, year: int | None) -> None:
        path = self._new(f"建议汇总表 {year or ''}")
        query = {"year": str(year)} if year is not None else {}
        self._keep(
            path, await self._get(f"/activities/v1/towns/{self.town}/suggestions/summary_sheet", query)
        )

    async def activities(self, year: int | None) -> None:
        if year is None:
            raise Unfinished("活动登记表须用 --year 写明哪一年")
        for one in await self._records("activities", year):
            path = self._new(f"活动登记表 {one['held_on']} {one['title'][:30]} {one['id'][-8:]}")
            place = f"/activities/v1/towns/{self.town}/activities/{one['id']}/sheet"
            self._keep(path, await self._get(place, {}))

    async def _records(self, name: str, year: int | None) -> list[dict[str, Any]]:
        wanted = {} if year is None else {"year": year}
        return await self.client.items(f"/activities/v1/towns/{self.town}/{name}", **wanted)

    async def _meeting(self, reference: str) -> dict[str, Any]:
        """The rating meeting of a number, as the office's workbook has it, or of an id."""
        if not reference:
            raise Unfinished("须用 --meeting 写明测评会的编号")
        meetings = await self.client.items(f"/ratings/v1/towns/{self.town}/meetings")
        own = row_id(self.town, MEETINGS.name, reference)
        found = [one for one in meetings if one["id"] in (own, reference)]
        if not found:
            raise Unfinished(f"没有编号为 {reference} 的测评会")
        return dict(found[0])

    async def _get(self, path: str, query: dict[str, str]) -> bytes:
        sent = urlencode({name: value for name, value in query.items() if value})
        return await self.client.download(f"{path}?{sent}" if sent else path, accept=PDF)

    def _new(self, name: str) -> Path:
        path = self.folder / f"{name.strip().translate(_FORBIDDEN)}.pdf"
        if path.exists():
            raise Unfinished(f"已有 {path}，请先移开")
        self.folder.mkdir(parents=True, exist_ok=True)
        return path

    def _keep(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        self.echo(f"已写入 {path}")
