"""`lvzhi backup`, `restore` and what belongs to them: keys of the recipient, the list of backups."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli import drilling
from services.cli.terminal import Data, errors_as_messages, fail, run
from services.host.backup import keys as key_files
from services.host.backup import places, restoring, taking
from services.host.backup.errors import BackupFailed
from services.host.backup.folder import Folder, Manifest
from services.host.installation import SERVICES
from services.host.standalone import services
from shared.clock import BEIJING
from shared.observability import logs
from shared.settings import Settings

Backups = Annotated[Path, typer.Argument(help="备份的文件夹，最好在另一块磁盘上", envvar="LVZHI_BACKUP_DIR")]
Keep = Annotated[
    int | None, typer.Option(min=1, help="只留最近几份备份，更早的连同只有它们用到的内容一起删除")
]
Less = Annotated[
    bool,
    typer.Option(
        "--accept-less",
        help="比上一份备份少也做：日志没有了、短了，或者是另一个安装。只在确实从头开始、确实不要了时用",
    ),
]
_UNTIL: Final = re.compile(r"(?:([0-9]{1,9})/)?([a-z]+)=([0-9]+)")


def backup_key(
    private: Annotated[Path, typer.Argument(help="私钥写到哪个文件；公钥写在旁边，加 .public")],
) -> None:
    """生成备份密钥的收件人：公钥给 lvzhi backup 用，私钥离开这台机器另外保管，恢复时才用。"""
    public = private.with_name(f"{private.name}.public")
    with errors_as_messages():
        key_files.make_pair(private, public)
    typer.echo(f"公钥 {public}：用于备份\n私钥 {private}：请移到别处保管。没有它，备份里的密钥谁也打不开")


def backup(
    folder: Backups,
    data: Data = Path("data"),
    recipient: Annotated[
        Path | None,
        typer.Option(
            help="收件人的公钥（lvzhi backup-key 生成），密钥加密给他", envvar="LVZHI_BACKUP_RECIPIENT"
        ),
    ] = None,
    keys: Annotated[
        list[Path] | None,
        typer.Option(
            "--keys",
            help="密钥所在的文件夹或者文件，可重复；默认是数据目录中的 keys，用容器的写各服务的卷和 secrets 文件夹",
        ),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option(help="只备份这个服务，可重复：各服务的库不在同一个 MongoDB 里的；默认全部"),
    ] = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="不备份密钥：已经另外保管好了")
    ] = False,
    keep: Keep = None,
    accept_less: Less = False,
) -> None:
    """备份全部服务，取自同一时刻，不必停止；只写入上次以来新的内容，写完读回核对。"""
    if recipient is None and not without_keys:
        fail(
            "请用 --recipient 写明收件人的公钥（lvzhi backup-key 生成），或者用 --without-keys 说明密钥另外保管"
        )
    _all_known(service or [])
    target, settings, sealed = Folder(folder), Settings(data_dir=data), None
    with errors_as_messages():
        if recipient is not None and not without_keys:
            sealed = key_files.encrypted(keys or [data / "keys"], key_files.recipient(recipient))
    made = run(_backup(target, settings, sealed, service, accept_less=accept_less))
    typer.echo(f"已备份 {made.id}：{_size_of(made)}；新写入 {target.written / 1024:.0f} KB")
    if keep is not None:
        _thin_out(target, keep)


async def _backup(
    folder: Folder,
    settings: Settings,
    keys: bytes | None,
    named: Sequence[str] | None,
    *,
    accept_less: bool,
) -> Manifest:
    elsewhere = settings.database is not None  # what is not on one MongoDB may be on another
    async with places.running_or_not(settings) as databases:
        wanted = named or (SERVICES if elsewhere else None)
        return await taking.take(databases, folder, keys, wanted, accept_less=accept_less)


def backups(folder: Backups, keep: Keep = None) -> None:
    """列出备份，最早的在前：编号，什么时候，各日志到第几号。加 --keep 先删去更早的，例如磁盘满了、备份做不成的时候。"""
    found = Folder(folder)
    if keep is not None:
        _thin_out(found, keep)
    with errors_as_messages():
        if not (ids := found.ids()):
            fail(f"{folder} 中还没有备份")
        for made in _readable(found, ids):
            typer.echo(f"{made.id}  {_time(made.made_at)}  {_size_of(made)}")
            for source, cut in sorted(made.heads.items()):
                typer.echo(f"    {source}：第 {cut.sequence} 号，散列 {cut.hash[:16]}…")


def restore(
    folder: Backups,
    data: Data = Path("data"),
    id: Annotated[str, typer.Option("--id", help="哪一份备份，见 lvzhi backups；默认最近一份")] = "",
    until: Annotated[
        list[str] | None,
        typer.Option(help="不超过这个序号的最近一份：服务=序号 或者 区划代码/服务=序号，可重复"),
    ] = None,
    service: Annotated[list[str] | None, typer.Option(help="只恢复这个服务，可重复；默认全部")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="删除要恢复的服务现有的数据")] = False,
    identity: Annotated[
        Path | None,
        typer.Option(help="收件人的私钥：连密钥一起恢复到数据目录", envvar="LVZHI_BACKUP_IDENTITY"),
    ] = None,
    keys_only: Annotated[
        bool, typer.Option("--keys-only", help="只放回数据目录里缺少的密钥，不动数据库；要 --identity")
    ] = False,
) -> None:
    """恢复到空的数据目录或者空的 MongoDB；要先停止服务。恢复以后各日志开始新的一段，别的服务和系统由此得知。"""
    source, settings = Folder(folder), Settings(data_dir=data)
    logs.configure("ERROR")
    with errors_as_messages():
        made = _chosen(source, id, until or [])
        if keys_only:
            if service or replace:
                fail("--keys-only 不动数据库，不能与 --service、--replace 一起用")
            _put_keys_back(source, made, identity, data)
            return
    run(_restore(source, made, settings, service, identity, replace=replace))
    typer.echo(f"已恢复 {made.id}（{_time(made.made_at)}）：{_size_of(made)}，与备份逐条相符")
    if identity is None and made.keys is not None and not service:
        typer.echo("没有恢复密钥（--identity）：启动以前请把原来的密钥放回原处")


async def _restore(
    folder: Folder,
    made: Manifest,
    settings: Settings,
    named: list[str] | None,
    identity: Path | None,
    *,
    replace: bool,
) -> None:
    names = named or made.services
    _all_known(names)
    definitions = [one for one in services(settings) if one.name in names]
    restoring.check(folder, made, named)
    if identity is not None:
        key_files.place(_keys_in(folder, made, identity), settings.data_dir)
    async with places.stopped(settings) as databases:
        await restoring.restore(databases, folder, made, names, replace=replace)
        await restoring.finish(databases, definitions)


def _put_keys_back(folder: Folder, made: Manifest, identity: Path | None, data: Path) -> None:
    """Write the keys that the data folder lacks, and name them and those it has otherwise. Errors: BackupFailed."""
    if identity is None:
        fail("请用 --identity 写明收件人的私钥：没有它，备份里的密钥谁也打不开")
    files = _keys_in(folder, made, identity)
    others = key_files.others_of(files, data)
    placed = key_files.place_missing(files, data)
    typer.echo(f"备份 {made.id}：" + (f"放回了 {'、'.join(placed)}" if placed else f"密钥 {data} 里都有"))
    if others:
        typer.echo(f"与备份不同，没有动：{'、'.join(others)}。确定要换成备份里的，先把它移到别处，再执行一次")


def _keys_in(folder: Folder, made: Manifest, identity: Path) -> Mapping[str, bytes]:
    """The keys in a backup, by the names of their files. Errors: BackupFailed, Torn."""
    if made.keys is None:
        raise BackupFailed(f"备份 {made.id} 里没有密钥")
    return key_files.decrypted(folder.keys(made.keys), identity)


def drill(folder: Backups) -> None:
    """演练：把最近一份备份恢复到临时的地方，核对全部日志和记录，重算最近的总结。没有通过，退出状态为 1。"""
    logs.configure("ERROR")
    result = run(drilling.drill(Folder(folder)))
    typer.echo(f"备份 {result.backup}：{result.message}；用时 {result.seconds} 秒")
    if not result.passed:
        fail("演练没有通过")


def _all_known(names: Sequence[str]) -> None:
    if unknown := set(names) - set(SERVICES):
        fail(f"没有这个服务：{'、'.join(sorted(unknown))}")


def _chosen(folder: Folder, id: str, until: list[str]) -> Manifest:
    """The backup that is meant. Errors: BackupFailed, Torn."""
    if id:
        return folder.manifest(id)
    if not until:
        return folder.newest()
    limits = [_limit(text) for text in until]
    for made in _readable(folder, reversed(folder.ids())):
        if all(_within(made, *limit) for limit in limits):
            return made
    raise BackupFailed(f"没有哪一份备份不超过 {'、'.join(until)}；各份到第几号见 lvzhi backups")


def _limit(text: str) -> tuple[str, str, int]:
    if (match := _UNTIL.fullmatch(text)) is None:
        fail(f"--until 写作 服务=序号 或者 区划代码/服务=序号，不是 {text}")
    return match[1] or "", match[2], int(match[3])


def _within(made: Manifest, town: str, service: str, sequence: int) -> bool:
    """Whether every stream of the service ends at the sequence or before, or that of the town."""
    cuts = {source: cut for source, cut in made.heads_of(service).items() if source.startswith(f"/{town}")}
    return bool(cuts) and all(cut.sequence <= sequence for cut in cuts.values())


def _thin_out(folder: Folder, keep: int) -> None:
    with errors_as_messages(), folder.locked():
        thinned = folder.thin_out(keep)
    if thinned.removed:
        typer.echo(f"删除了更早的 {thinned.removed} 份")
    for torn in thinned.torn:
        typer.echo(f"{torn}：不知道它用到哪些内容，所以内容都没有删；把它移到别处，下一次再删", err=True)


def _readable(folder: Folder, ids: Iterable[str]) -> Iterator[Manifest]:
    """Those that can be read; a torn one is told and hides no other."""
    for id in ids:
        readable, torn = folder.readable([id])
        yield from readable
        for fault in torn:
            typer.echo(f"{id}  {fault}", err=True)


def _size_of(made: Manifest) -> str:
    documents = sum(piece.documents for kept in made.databases.values() for piece in kept.values())
    keys = "含密钥（已加密）" if made.keys else "不含密钥"
    return f"{len(made.heads)} 份日志、{documents} 条记录，{keys}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
