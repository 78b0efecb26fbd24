"""`lvzhi dead`: list, show, replay and drop dead letters."""

import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.client import Client, calling
from services.cli.terminal import Token, Url, run

dead = typer.Typer(help="未能处理的事件：查看、重新处理、放弃。", no_args_is_help=True)


class ServiceName(StrEnum):
    ROSTER = "roster"
    ACTIVITIES = "activities"
    RATINGS = "ratings"
    REPORTS = "reports"
    ACCOUNTS = "accounts"


Service = Annotated[ServiceName, typer.Option(help="哪个服务没有处理成")]
Town = Annotated[str, typer.Option(help="乡镇的 9 位区划代码")]
Ids = Annotated[list[str], typer.Argument(help="编号，如 roster-12，可多个")]

_URL = "http://127.0.0.1:8080"


@dead.command("list")
def list_(service: Service, town: Town, url: Url = _URL, token: Token = "") -> None:
    """列出一个服务未能处理的本乡镇事件。"""

    async def show(client: Client) -> None:
        dead_letters = await dead_letters_of(client, service, town)
        for dead_letter in dead_letters:
            typer.echo(
                f"{dead_letter['id']}  {dead_letter['type']}  {dead_letter['subject']}  {dead_letter['parked']}"
            )
            typer.echo(f"    {dead_letter['reason']}")
        typer.echo(f"共 {len(dead_letters)} 件" if dead_letters else "没有未能处理的事件")

    _do(show, url, token)


@dead.command()
def show(
    id: Annotated[str, typer.Argument(help="编号，如 roster-12")],
    service: Service,
    town: Town,
    url: Url = _URL,
    token: Token = "",
) -> None:
    """显示一件未能处理的事件的全部内容。"""

    async def print_one(client: Client) -> None:
        dead_letter = await client.json("GET", _path(service, town, id))
        typer.echo(json.dumps(dead_letter, ensure_ascii=False, indent=2))

    _do(print_one, url, token)


@dead.command()
def replay(ids: Ids, service: Service, town: Town, url: Url = _URL, token: Token = "") -> None:
    """重新处理；遇到仍然处理不了的就停下，并说明原因。"""

    async def again(client: Client) -> None:
        for id in ids:
            await client.json("POST", f"{_path(service, town, id)}:replay", {})
            typer.echo(f"{id} 已处理")

    _do(again, url, token)


@dead.command()
def drop(
    ids: Ids,
    service: Service,
    town: Town,
    reason: Annotated[str, typer.Option(help="为什么可以不要")],
    url: Url = _URL,
    token: Token = "",
) -> None:
    """放弃：事件仍在来源的日志里，但这个服务不再处理它。"""

    async def give_up(client: Client) -> None:
        for id in ids:
            await client.json("POST", f"{_path(service, town, id)}:drop", {"reason": reason})
            typer.echo(f"{id} 已放弃")

    _do(give_up, url, token)


async def dead_letters_of(client: Client, service: str, town: str) -> list[dict[str, Any]]:
    return await client.items(f"/{service}/v1/towns/{town}/dead")


def _path(service: str, town: str, id: str) -> str:
    return f"/{service}/v1/towns/{town}/dead/{quote(id, safe='')}"


def _do(work: Callable[[Client], Awaitable[None]], url: str, token: str) -> None:
    async def connected() -> None:
        async with calling() as session:
            await work(Client(session, url, token))

    run(connected())
