"""`lvzhi opinion`: erases what is kept of a voter's opinion, at the voter's request."""

from typing import Annotated, Any

import typer

from services.activities.handlers.codes import SHEET
from services.cli.books import Unfinished
from services.cli.client import Client, Refused, calling
from services.cli.terminal import Token, Url, run
from shared.workbook import row_id

opinion = typer.Typer(help="选民意见。", no_args_is_help=True)


@opinion.callback()
def _commands() -> None:
    """选民意见。"""


@opinion.command("erase")
def erase(
    town: Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")],
    reference: Annotated[str, typer.Argument(help="意见的编号、工作簿里的编号，或者选民的回执号")],
    reason: Annotated[str, typer.Option("--reason", help="为什么删除，如：本人要求")],
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """永久删除一条意见的内容、答复和联系方式；条数照旧计数，谁、哪天、为什么删的记在日志里。"""

    async def erased() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            path = await _path(client, town, reference)
            answer = await client.json("POST", f"{path}:erase", {"reason": reason})
        typer.echo(f"已删除：{answer['erased']['on']}，编号 {answer['id']}，照旧计数")

    run(erased())


async def _path(client: Client, town: str, reference: str) -> str:
    """Of the opinion of this id, or of the id that a number of the workbook or of a receipt stands for. Errors:
    Unfinished."""
    for id in (reference, row_id(town, SHEET, reference)):
        path = f"/activities/v1/towns/{town}/opinions/{id}"
        try:
            found: dict[str, Any] = await client.json("GET", path)
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            if found["erased"] is not None:
                raise Unfinished(f"这条意见已在 {found['erased']['on']} 删除")
            return path
    raise Unfinished(f"没有编号或回执号为 {reference} 的意见")
