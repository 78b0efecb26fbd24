"""`lvzhi bundle`: the logs of an area in one signed file, for a stick or a one-way gateway.

A bundle is a zip: `manifest.json` with the statements that the services signed of all their heads, the keys, and where
each log begins; `logs/{town}/{service}.jsonl` from there to the signed head. So nothing in it can be changed, left out
or cut off: what is signed is the hash of the last event, and every event contains the hash of the one before.
"""

import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, ValidationError

from services.cli import copies, witnessing
from services.cli.auditing import services_of
from services.cli.client import Client, calling
from services.cli.copies import At
from services.cli.terminal import Token, Url, errors_as_messages, run
from services.cli.verifying import Unverifiable
from services.host import files
from services.host.installation import LEDGERS, SERVICES
from shared.endpoints.heads import BadCheckpoint, Head, read_area, verification_keys

bundle = typer.Typer(help="签名的日志包：导出，核验，导入。", no_args_is_help=True)

MANIFEST: Final = "manifest.json"
MANIFEST_BYTES: Final = 64 << 20
BYTES: Final = 16 << 30
"""The most that a bundle may contain when it is unpacked."""
KEYS: Final = "jwks.json"
Keys = Annotated[
    list[Path] | None,
    typer.Option(
        "--keys",
        help="来源公布的 JWK 文件，每个服务一份，以服务命名（roster.json），或导入时留下的一份；"
        "事先另外取得；不给就用包里的，不能证明是谁签的",
    ),
]


class Manifest(BaseModel):
    """`begins`: by source, where the copy before ended: (sequence, hash)."""

    format: Literal["lvzhi-bundle/1"] = "lvzhi-bundle/1"
    area: str
    statements: list[str] = Field(min_length=1)
    keys: str
    begins: dict[str, tuple[int, str]] = {}


class State(BaseModel):
    """Where the last export ended, by source."""

    ends: dict[str, tuple[int, str]] = {}


@dataclass(frozen=True)
class Bundle:
    """A bundle whose manifest was verified. `heads`: the signed heads by source."""

    path: Path
    manifest: Manifest
    heads: Mapping[str, Head]

    def begin(self, source: str) -> At:
        return At(*self.manifest.begins.get(source, (0, At().hash)))


@bundle.command("export")
def export(
    area: Annotated[str, typer.Argument(help="区划代码：一个乡镇 9 位，或一个区域的前几位")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的文件 .zip")],
    state: Annotated[
        Path | None, typer.Option("--state", help="记着上次导出到哪里的文件：只导出此后的，导出完再更新")
    ] = None,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把一个区域的日志导出成一个签名的包；中断了再执行一次，接着做。"""

    async def work() -> Bundle:
        async with calling() as session:
            return await write(Client(session, url, token), area, out, state)

    made = run(work())
    typer.echo(f"已写入 {out}：{len(made.heads)} 个日志")


@bundle.command("verify")
def verify(file: Annotated[Path, typer.Argument(help="日志包 .zip")], keys: Keys = None) -> None:
    """核验一个包：签名，每件事件的散列，一件不少。有一处不符，退出状态为 1。"""
    with errors_as_messages():
        checked = opened(file, verification_keys(_joined(keys)) if keys else None)
        for source in checked.heads:
            check_log(checked, source)
    _tell(checked, typer.echo)
    if not keys:
        typer.echo("没有给出公钥：包自己前后相符，但不能证明是谁签的")


@bundle.command("import")
def take_over(
    file: Annotated[Path, typer.Argument(help="日志包 .zip")],
    folder: Annotated[Path, typer.Argument(help="日志副本的文件夹，每个乡镇、每个服务一个文件")],
    keys: Keys = None,
) -> None:
    """核验一个包，把其中新的事件接到副本后面；导入过的再导入不变，缺了前面的不接。"""
    with errors_as_messages():
        pinned = folder / KEYS
        known = _joined(keys) if keys else pinned.read_text("utf-8") if pinned.exists() else ""
        checked = opened(file, verification_keys(known) if known else None)
        added = take(checked, folder)
        if keys or not known:
            files.write_whole(pinned, (known or checked.manifest.keys).encode())
    typer.echo(f"新增 {added} 件事件")
    _tell(checked, typer.echo)


async def write(client: Client, area: str, out: Path, state: Path | None) -> Bundle:
    """Export by way of a folder beside the file, which a run that was interrupted leaves to the next."""
    part = out.with_name(f"{out.name}.part")
    manifest = part / MANIFEST
    if not manifest.exists():
        answers = await copies.heads(client, area)
        published = [
            (service, str(await client.download(f"/{service}/jwks.json"), "utf-8"))
            for service in await services_of(client)
        ]
        begun = Manifest(
            area=area,
            statements=[answer.statement for answer in answers],
            keys=witnessing.joined(published),
            begins=_state(state),
        )
        files.write_whole(manifest, begun.model_dump_json().encode())
    made = _signed(out, Manifest.model_validate_json(manifest.read_bytes()), None)
    if made.manifest.area != area:
        raise Unverifiable(f"{part} 是 {made.manifest.area} 没有做完的导出：先做完它，或者删掉这个文件夹")
    for source, head in made.heads.items():
        path, begin = part / copies.place_of(source), made.begin(source)
        if not path.exists() and begin.sequence < head.sequence:
            events = await copies.events_between(client, source, begin, head.sequence)
            copies.check(source, begin, events, [head])
            files.write_whole(path, copies.written(events))
    with files.whole_file(out) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(manifest, MANIFEST)
        for source in made.heads:
            if (path := part / copies.place_of(source)).exists():
                packed.write(path, _entry(source))
    if state is not None:
        ends = {source: (head.sequence, head.hash) for source, head in made.heads.items()}
        files.write_whole(state, State(ends=ends).model_dump_json().encode())
    shutil.rmtree(part)
    return made


def _state(path: Path | None) -> dict[str, tuple[int, str]]:
    """Errors: Unverifiable."""
    if path is None or not path.exists():
        return {}
    try:
        return State.model_validate_json(path.read_bytes()).ends
    except ValidationError:
        raise Unverifiable(f"{path} 不是上次导出记下的") from None


def opened(path: Path, keys: KeySet | None) -> Bundle:
    """A bundle, after its manifest was verified. `keys`: those of its own where there are none. Errors: Unverifiable,
    BadCheckpoint."""
    try:
        with zipfile.ZipFile(path) as packed:
            infos = packed.infolist()
            if (
                sum(info.file_size for info in infos) > BYTES
                or packed.getinfo(MANIFEST).file_size > MANIFEST_BYTES
            ):
                raise Unverifiable(f"{path} 解开以后太大")
            manifest = Manifest.model_validate_json(packed.read(MANIFEST))
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, RuntimeError):
        raise Unverifiable(f"{path} 不是日志包") from None
    known = _signed(path, manifest, keys)
    names = [info.filename for info in infos]
    strange = set(names) - {MANIFEST} - {_entry(source) for source in known.heads}
    if strange or len(set(names)) < len(names):
        raise Unverifiable(f"{path} 中有不该有的文件：{'、'.join(sorted(strange)[:3]) or '同名的两个'}")
    return known


def _signed(path: Path, manifest: Manifest, keys: KeySet | None) -> Bundle:
    trusted = keys or verification_keys(manifest.keys)
    heads: dict[str, Head] = {}
    areas = [read_area(statement, trusted) for statement in manifest.statements]
    if missing := set(LEDGERS) - {area.service for area in areas}:
        raise Unverifiable(f"{path} 缺少 {'、'.join(sorted(missing))} 的末号声明")
    for area in areas:
        if area.area != manifest.area:
            raise Unverifiable(f"{path} 的声明是 {area.area} 的，不是 {manifest.area} 的")
        for source, sequence, hash in area.heads:
            if source in heads:
                raise Unverifiable(f"{path} 的声明两次写明 {source} 的末号")
            heads[source] = Head(source=source, sequence=sequence, hash=hash, time=area.time)
    return Bundle(path, manifest, dict(sorted(heads.items())))


def check_log(checked: Bundle, source: str, after: At | None = None) -> bytes:
    """The new events of a stream behind `after`, as lines; by default behind where the bundle begins. Errors:
    Unverifiable where anything was changed, left out or cut off, or does not follow."""
    head, begin = checked.heads[source], checked.begin(source)
    with zipfile.ZipFile(checked.path) as packed:
        try:
            with packed.open(_entry(source)) as file:
                events = list(copies.lines_of(file, _entry(source)))
        except KeyError:
            events = []
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise Unverifiable(f"{checked.path} 中的 {_entry(source)} 已损坏") from error
    copies.check(source, begin, events, [head])
    reached = At(events[-1].sequence, events[-1].hash) if events else begin
    if reached != At(head.sequence, head.hash):
        raise Unverifiable(f"{source} 签名的末号是第 {head.sequence} 号，包里只到第 {reached.sequence} 号")
    if after is None or after == begin:
        return copies.written(events)
    if after.sequence < begin.sequence:
        raise Unverifiable(
            f"{source} 的副本到第 {after.sequence} 号，这个包从第 {begin.sequence} 号之后开始：先导入前一个包"
        )
    known = {begin.sequence: begin.hash} | {event.sequence: event.hash for event in events}
    if after.sequence > head.sequence:
        return b""  # an earlier bundle
    if known.get(after.sequence) != after.hash:
        raise Unverifiable(f"{source} 第 {after.sequence} 号与副本中的不同：日志分叉，或者来源从备份恢复过")
    return copies.written(event for event in events if event.sequence > after.sequence)


def take(checked: Bundle, folder: Path) -> int:
    """Append what is new; return how many events. Everything is checked before anything is written."""
    new: dict[Path, bytes] = {}
    here = {path.relative_to(folder).as_posix() for path in folder.glob(f"{checked.manifest.area}*/*.jsonl")}
    if gone := here - {copies.place_of(source) for source in checked.heads}:
        raise Unverifiable(f"副本中有 {'、'.join(sorted(gone)[:3])}，这个包里没有：少了日志")
    for source in checked.heads:
        path = folder / copies.place_of(source)
        new[path] = check_log(checked, source, copies.end_of(path))
    for path, content in new.items():
        if content:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    return sum(content.count(b"\n") for content in new.values())


def _entry(source: str) -> str:
    return f"logs/{copies.place_of(source)}"


def _joined(given: Sequence[Path]) -> str:
    """One JWK set of those given. A set as a service publishes it is named after the service, so that no service says
    itself for whom it speaks; one that was collected says it, and is given alone. Errors: BadCheckpoint."""
    published: list[tuple[str, str]] = []
    for path in given:
        text = (path / KEYS if path.is_dir() else path).read_text("utf-8")
        service = witnessing.service_named(path.as_posix())
        if len(given) == 1 and path.stem not in SERVICES and witnessing.is_collected(text):
            service = ""
        elif not service:
            raise BadCheckpoint(f"{path} 没有写明是哪个服务的公钥：文件以服务命名，如 roster.json")
        published.append((service, text))
    return witnessing.joined(published)


def _tell(checked: Bundle, echo: Callable[[str], None]) -> None:
    for source, head in checked.heads.items():
        echo(
            f"✓ {source}：第 {checked.begin(source).sequence + 1}–{head.sequence} 号，末号散列 {head.hash[:16]}…"
        )
