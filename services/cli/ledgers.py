"""Commands that bring ledgers in and out: import, export, export-person."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli import mapping, office
from services.cli.client import Client, calling
from services.cli.terminal import Token, Url, town_of
from services.cli.terminal import run as run_command


def import_(
    folder: Annotated[
        Path,
        typer.Argument(
            help="放有名册、履职、测评工作簿的文件夹，或者其中一个文件（.xlsx、.xls、.ods、.csv）"
        ),
    ],
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
    teller: Annotated[list[str] | None, typer.Option(help="计票员的凭证，两人各一份")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    marked: Annotated[
        Path | None, typer.Option(help="另把标出问题的工作簿写到这个文件夹，改好可以直接导入")
    ] = None,
    map_: Annotated[
        Path | None,
        typer.Option("--map", help="导入自己设计的台账：对照写在这个 .toml 文件里，没有就先提出建议"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="认可提出的对照，不再询问")] = False,
) -> None:
    """导入一个文件夹里的工作簿，或者一个文件；有一处错误就一行也不写入。"""

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            if map_ is not None:
                answer = (lambda _: True) if yes else typer.confirm if sys.stdin.isatty() else None
                await mapping.import_ledger(
                    client, folder, map_, teller or [], dry_run=dry_run, confirm=answer, echo=typer.echo
                )
                return
            if marked is not None:
                await office.fetch_marked(client, folder, marked, typer.echo)
            await office.import_folder(client, folder, teller or [], dry_run=dry_run, echo=typer.echo)

    run_command(run())


def export(
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹")],
    town: Annotated[str, typer.Option(help="乡镇的 9 位区划代码；凭证只管一个乡镇时可以不写")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
    replace: Annotated[bool, typer.Option("--replace", help="覆盖文件夹中已有的工作簿")] = False,
) -> None:
    """把三本台账导出为 名册.xlsx、履职.xlsx、测评.xlsx，改好可以再导入。"""
    code = town_of(town, token)

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            await office.export_folder(client, folder, code, replace=replace, echo=typer.echo)

    run_command(run())


def export_person(
    person: Annotated[str, typer.Argument(help="人员编号，见名册 people 的 id")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个 .json 文件，只有本人可读")],
    town: Annotated[str, typer.Option(help="乡镇的 9 位区划代码；凭证只管一个乡镇时可以不写")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把四个服务所存关于一个人的全部内容写成一个文件，供本人查阅；每个服务都记下这次读取。"""
    code = town_of(town, token)

    async def run() -> None:
        async with calling() as session:
            await office.export_person(Client(session, url, token), code, person, out)

    run_command(run())
    typer.echo(f"已写入 {out}，含个人信息，用完请妥善处理")
