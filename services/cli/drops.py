"""`lvzhi drop`: new events as files in a folder, which a one-way exchange takes away; receipts come back the same way.

A drop `{town}_{service}_{yyyymmdd}_{number}` is three files: `.jsonl`, `.manifest.json` and, last, `.ok`. The receiver
answers with `.ack`: `ok`, or why not. `drops.json` in the folder says how far each stream is and what has no receipt,
before a file is written: a name stands for one range of events for ever, whenever the command is killed.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import BaseModel, ValidationError

from services.cli import copies
from services.cli.client import Client, calling
from services.cli.copies import At
from services.cli.terminal import Token, Url, fail, run
from services.cli.verifying import Unverifiable
from services.host import files
from shared.clock import BEIJING
from shared.endpoints.heads import Head
from shared.envelope import Event

STATE: Final = "drops.json"
AGAIN: Final = "all"


class Drop(BaseModel):
    """One drop: the events first … last of a stream, which begin behind `previoushash`."""

    source: str
    first: int
    last: int
    previoushash: str
    hash: str


class Place(BaseModel):
    """How far a stream was dropped, and in how many drops."""

    sequence: int = 0
    hash: str = At().hash
    drops: int = 0


class State(BaseModel):
    streams: dict[str, Place] = {}
    waiting: dict[str, Drop] = {}
    """Drops without a receipt, by name."""
    unplaced: list[str] = []
    """Of these, what was recorded and may not lie in the folder."""


def drop(
    folder: Annotated[Path, typer.Argument(help="前置机来取文件的文件夹")],
    area: Annotated[str, typer.Option("--area", help="区划代码：一个乡镇 9 位，或一个区域的前几位")],
    again: Annotated[
        str, typer.Option("--again", help="重写这一份；all 为全部没有回执的。内容与原来一个字节不差")
    ] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把新的事件写成文件放进文件夹：JSON Lines、清单（条数、起止号、SHA-256、SM3），.ok 最后写。每天执行一次。"""

    async def work() -> State:
        async with calling() as session:
            client = Client(session, url, token)
            state = take_receipts(folder, read_state(folder), typer.echo)
            if again:
                await write_again(client, folder, state, again, typer.echo)
            else:
                await write_new(client, folder, area, state, typer.echo)
            return state

    state = run(work())
    typer.echo(f"{len(state.waiting)} 份没有回执" if state.waiting else "全部有回执")


async def write_new(
    client: Client, folder: Path, area: str, state: State, echo: Callable[[str], None]
) -> None:
    """One drop for each stream with new events, after those are placed at which the run before was stopped. What cannot
    be written holds up no other. Errors: Unverifiable, at the end."""
    faults: list[str] = []
    for name in list(state.unplaced):
        if state.waiting[name].source.startswith(f"/{area}"):
            try:
                await _write_known(client, folder, state, name)
            except Unverifiable as fault:
                faults.append(f"{name}：{fault}")
            else:
                echo(f"{name}：上次没有写完，已写完")
    day = datetime.now(BEIJING).strftime("%Y%m%d")
    heads = [head for service in await copies.heads(client, area) for head in service.items]
    for head in heads:
        if head.sequence <= state.streams.get(head.source, Place()).sequence:
            continue
        try:
            name = await _write_next(client, folder, state, head, day)
        except Unverifiable as fault:
            faults.append(str(fault))
        else:
            echo(f"{name}：第 {state.waiting[name].first}–{state.waiting[name].last} 号")
    if faults:
        raise Unverifiable("\n".join(faults))


async def _write_next(client: Client, folder: Path, state: State, head: Head, day: str) -> str:
    """The name of the drop of a stream's new events. Errors: Unverifiable."""
    place = state.streams.get(head.source, Place())
    after = At(place.sequence, place.hash)
    events = await copies.events_between(client, head.source, after, head.sequence)
    copies.check(head.source, after, events, [head])
    _, town, service = head.source.split("/")
    name = f"{town}_{service}_{day}_{place.drops + 1:06d}"
    about = Drop(
        source=head.source,
        first=events[0].sequence,
        last=events[-1].sequence,
        previoushash=events[0].previoushash,
        hash=events[-1].hash,
    )
    moved = Place(sequence=about.last, hash=about.hash, drops=place.drops + 1)
    state.streams[head.source], state.waiting[name] = moved, about
    place_drop(folder, state, name, events)
    return name


async def write_again(
    client: Client, folder: Path, state: State, wanted: str, echo: Callable[[str], None]
) -> None:
    """Errors: Unverifiable for a drop that has its receipt, or never was."""
    names = sorted(state.waiting) if wanted == AGAIN else [wanted]
    for name in names:
        if name not in state.waiting:
            raise Unverifiable(f"没有叫 {name} 的、还没有回执的文件")
        about = await _write_known(client, folder, state, name)
        echo(f"{name}：第 {about.first}–{about.last} 号，重写")


async def _write_known(client: Client, folder: Path, state: State, name: str) -> Drop:
    about = state.waiting[name]
    after = At(about.first - 1, about.previoushash)
    events = await copies.events_between(client, about.source, after, about.last)
    if events[-1].hash != about.hash:
        raise Unverifiable(f"{about.source} 第 {about.last} 号与上次写的不同：来源从备份恢复过")
    place_drop(folder, state, name, events)
    return about


def place_drop(folder: Path, state: State, name: str, events: Sequence[Event]) -> None:
    """Place a drop of the state without a receipt. The state is written before its files and after them; a receipt that
    lies there is not for what is written now."""
    (folder / f"{name}.ack").unlink(missing_ok=True)
    state.unplaced = [*state.unplaced, *({name} - {*state.unplaced})]
    write_state(folder, state)
    write(folder, name, state.waiting[name], events)
    state.unplaced.remove(name)
    write_state(folder, state)


def write(folder: Path, name: str, about: Drop, events: Sequence[Event]) -> None:
    """The three files, `.ok` last; while it is missing nobody may take the others."""
    (folder / f"{name}.ok").unlink(missing_ok=True)
    content = copies.written(events)
    manifest: dict[str, Any] = {
        "name": name,
        **about.model_dump(),
        "count": len(events),
        "bytes": len(content),
        **copies.digests(content),
    }
    listed = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    files.write_whole(folder / f"{name}.jsonl", content)
    files.write_whole(folder / f"{name}.manifest.json", listed)
    files.write_whole(folder / f"{name}.ok", f"{copies.digests(listed)['sha256']}\n".encode())


def take_receipts(folder: Path, state: State, echo: Callable[[str], None]) -> State:
    """Settle what was received; what was refused stays, and is told."""
    for name in sorted(state.waiting):
        receipt = folder / f"{name}.ack"
        if not receipt.exists():
            continue
        answer = receipt.read_text("utf-8", "replace").strip()
        if answer.lower() in ("", "ok"):
            del state.waiting[name]
            state.unplaced = [other for other in state.unplaced if other != name]
            write_state(folder, state)
            receipt.unlink()
        else:
            echo(f"{name}：对方没有收下：{answer[:200]}；改正后用 --again {name} 重写")
    return state


def read_state(folder: Path) -> State:
    path = folder / STATE
    if not path.exists():
        return State()
    try:
        return State.model_validate_json(path.read_bytes())
    except ValidationError:
        fail(f"{path} 读不出来：从备份恢复它，或者换一个空的文件夹从头写起")


def write_state(folder: Path, state: State) -> None:
    files.write_whole(folder / STATE, state.model_dump_json(indent=2).encode())
