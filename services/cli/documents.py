"""Commands that fetch documents: report, photographs, files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.cli import office, photographs
from services.cli.client import Client, calling
from services.cli.terminal import Token, Url, fail
from services.cli.terminal import run as run_command

FORMATS = ("docx", "html", "xlsx", "json", "pdf")


def report(
    town: Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")],
    year: Annotated[
        str, typer.Argument(help="统计期：2020、2020-H1、2020-Q3、2020-04-01--2021-03-31、term-17")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="输出文件，按扩展名 docx、html、xlsx、json、pdf 决定格式")
    ],
    as_of: Annotated[str | None, typer.Option(help="截止日期 YYYY-MM-DD，默认今天或统计期末")] = None,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """封账、等待编制完成并下载年度（或者半年、任意一段、一届）的总结。"""
    if out.suffix.lstrip(".").lower() not in FORMATS:  # before anything is closed
        fail(f"{out.name}：扩展名须是 {'、'.join(FORMATS)} 之一；没有封账")
    if as_of is not None and not _is_day(as_of):
        fail(f"--as-of {as_of}：没有这一天，写成 2020-12-07；没有封账")

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            await office.close_year(client, town, year, as_of)
            await office.fetch_report(client, town, year, out)

    run_command(run())
    typer.echo(f"已写入 {out}")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def photographs_(
    town: Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")],
    period: Annotated[str, typer.Argument(help="统计期，写法同 report")],
    most: Annotated[int, typer.Option(min=1, max=24, help="还没有选过时，按活动先后最多放几张")] = 12,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把活动的佐证照片放进总结的“活动照片”附件；选过的照旧，没有选过的按活动先后选。"""

    async def run() -> int:
        async with calling() as session:
            return await photographs.attach(Client(session, url, token), town, period, most, typer.echo)

    typer.echo(f"附件“活动照片”现有 {run_command(run())} 张")


def files(
    town: Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")],
    year: Annotated[int, typer.Argument(help="年度")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件夹")],
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
    replace: Annotated[bool, typer.Option("--replace", help="覆盖文件夹中同名的文件")] = False,
) -> None:
    """把一年中全部代表和小组的履职档案写成 docx 文件，供打印签名。"""

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            await office.fetch_files(client, town, year, out, replace=replace, echo=typer.echo)

    run_command(run())
