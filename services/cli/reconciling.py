"""`lvzhi reconcile`: compares a copy of the logs in files with the installation, by day and type."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli import copies
from services.cli.auditing import services_of
from services.cli.client import Client, calling
from services.cli.terminal import Token, Url, fail, run
from services.cli.verifying import Unverifiable
from shared.endpoints.tallies import DayTally, Tallies, TallyQuery, tally
from shared.envelope import Event


def reconcile(
    folder: Annotated[Path, typer.Argument(help="日志副本的文件夹（lvzhi bundle import 写的）")],
    area: Annotated[str, typer.Argument(help="区划代码：一个乡镇 9 位，或一个区域的前几位")],
    from_: Annotated[str, typer.Option("--from", help="从这一天起 YYYY-MM-DD")] = "",
    to: Annotated[str, typer.Option("--to", help="到这一天为止")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """对账：副本和系统各天、各类事件的件数和散列，逐项比较；有一处不同，退出状态为 1。"""
    asked = {name: value for name, value in (("from", from_), ("to", to)) if value}

    async def work() -> list[str]:
        async with calling() as session:
            return [line async for line in _compared(Client(session, url, token), folder, area, asked)]

    differences = run(work())
    for line in differences:
        typer.echo(line)
    if differences:
        fail(f"{len(differences)} 处不同")
    typer.echo("副本与系统相符")


async def _compared(client: Client, folder: Path, area: str, asked: dict[str, str]) -> AsyncIterator[str]:
    """A line for each day and type that differs, stream by stream."""
    for service in await services_of(client):
        heads = await client.json("GET", f"/{service}/v1/heads", area=area)
        for source in (item["source"] for item in heads["items"]):
            path = f"/{service}/v1/towns/{source.split('/')[1]}/tallies"
            there = Tallies.model_validate(await client.json("GET", path, **asked))
            here = tally(_kept(folder / copies.place_of(source)), _wanted(asked))
            for line in differences(source, here, there.items):
                yield line


def differences(source: str, here: list[DayTally], there: list[DayTally]) -> Iterator[str]:
    """Here: the copy; there: the installation."""
    own, theirs = ({(one.day, one.type): one for one in tallies} for tallies in (here, there))
    for day, type in sorted(own.keys() | theirs.keys()):
        mine, other = own.get((day, type)), theirs.get((day, type))
        if mine != other:
            counts = f"副本 {mine.count if mine else 0} 件，系统 {other.count if other else 0} 件"
            same = mine is not None and other is not None and mine.count == other.count
            yield f"✗ {source} {day} {type}：{counts}{'，内容不同' if same else ''}"


def _wanted(asked: dict[str, str]) -> TallyQuery:
    try:
        days = {name: date.fromisoformat(value) for name, value in asked.items()}
    except ValueError:
        raise Unverifiable("日期写成 2020-12-31 这样") from None
    return TallyQuery.model_validate(days)


def _kept(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open("rb") as file:
            events: Iterator[Event] = copies.lines_of(file, str(path))
            for event in events:
                yield json.loads(event.encode())
