"""Commands of independent verification: `lvzhi verify …`, `heads …`, `check` and `rebuild`."""

import urllib.request
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from services.cli import auditing, recounting, verifying, witnessing
from services.cli.client import Client, calling
from services.cli.office import area_of
from services.cli.terminal import Token, Url, errors_as_messages, fail, run
from shared.security.keystore import KeyStore


class _FileFirst(TyperGroup):
    """Allows `verify FILE.docx` beside `verify log …`: an argument that is no command is a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = [_DOCUMENT, *args]
        return super().parse_args(ctx, args)


_DOCUMENT = "document"
verify = typer.Typer(
    cls=_FileFirst,
    help="不靠系统、只凭事件和文件本身核验：verify 文件.docx，或 verify log 日志。",
    no_args_is_help=True,
)
heads = typer.Typer(help="末号声明：取得、见证，日后据以核验日志。", no_args_is_help=True)

Keys = Annotated[
    Path,
    typer.Option(
        "--keys", help="见证人的密钥：自己的密钥目录，或他人公布的 JWK 文件", envvar="LVZHI_WITNESS_KEYS"
    ),
]


@verify.command("log")
def verify_log(
    source: Annotated[list[str], typer.Argument(help="日志的网址或文件（CloudEvents 批，或每行一个事件）")],
    witnessed: Annotated[list[Path] | None, typer.Option(help="见证过的末号声明，可重复")] = None,
    keys: Keys = Path("witness-keys"),
    token: Token = "",
) -> None:
    """核验日志：编号连续、散列相连；与见证过的末号相符。有一处不符，退出状态即为 1。"""

    async def check() -> None:
        own = witnessing.public_keys(keys) if witnessed else None
        witnessed_heads = [
            w.head for path in witnessed or () if own for w in witnessing.read_witnessed(path, own)
        ]
        logs = verifying.Logs()
        async with calling() as session:
            for place in source:
                if place.startswith(("http://", "https://")):
                    await verifying.read_feed(Client(session, "", token), place, logs)
                else:
                    verifying.read_file(Path(place), logs)
        verdicts = verifying.verdicts(logs, witnessed_heads)
        for line in [*logs.invalid, *map(str, verdicts)]:
            typer.echo(line)
        if not verdicts:
            typer.echo("没有事件：没有可以核验的内容")
        if logs.invalid or any(verdict.faults for verdict in verdicts):
            fail("核验没有通过")

    run(check())


@verify.command(_DOCUMENT)
def verify_document(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="乡镇或者区域的总结（Word），可以是在 Word 或 WPS 中改过的；核对说明可以一并给出"
        ),
    ],
    log: Annotated[
        list[Path] | None, typer.Option(help="事先存下的日志文件，可重复；不给就从系统读取")
    ] = None,
    town: Annotated[str, typer.Option(help="乡镇的 9 位区划代码；文件里有就不用写")] = "",
    from_: Annotated[str, typer.Option("--from", help="统计期第一天 YYYY-MM-DD；文件里有就不用写")] = "",
    to: Annotated[str, typer.Option("--to", help="统计期最后一天；文件里有就不用写")] = "",
    sealed: Annotated[bool, typer.Option("--sealed", help="只算到封存时，不算以后的变动")] = False,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="编制系统公布的 JWK 文件（/reports/jwks.json）；不用 --log 时从系统读取"),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="列为待确认的都已经看过")] = False,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """读文件显示的全部内容，对照随文签名的证明，并按日志重新计算每一个数字，与编制程序不共用代码。

    有一处不符、不明、未绑定、改动或者读不出，退出状态即为 1；改写的段落逐段列出，不算错；待确认、没有核对签名的，为 3。
    """

    async def again() -> None:
        contents = [file.read_bytes() for file in files]
        scopes = [recounting.about(content, town, (_day(from_), _day(to))) for content in contents]
        of_area, known = recounting.of_area(scopes), recounting.keys_in(keys) if keys else None
        if log:
            events = [event for path in log for event in verifying.events_in(path)]
        else:
            async with calling() as session:
                client = Client(session, url, token)
                feeds = recounting.area_feeds if of_area else recounting.feeds
                events = await feeds(client, scopes[0][0])
                known = known or await recounting.published_keys(client)
        results = recounting.recounted_all(contents, events, scopes, sealed=sealed, keys=known)
        recounting.conclude(results, typer.echo, confirmed=confirm)

    run(again())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(f"“{text}”不是日期，请写成 2020-12-31 这样")


@heads.command("sign")
def sign_heads(
    area: Annotated[str, typer.Argument(help="区划代码：一个乡镇 9 位，或一个区域的前几位")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的文件，每行一份声明")] = Path("heads.txt"),
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """请系统签发各日志现在的末号声明，并存成文件，交给县里见证。"""

    async def collect() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            statements = await witnessing.collect(client, await auditing.services_of(client), area)
        if not statements:
            fail(f"{area} 还没有任何日志")
        out.write_text("".join(f"{statement}\n" for statement in statements), "utf-8")
        typer.echo(f"已写入 {out}：{len(statements)} 份末号声明")

    run(collect())


@heads.command("witness")
def witness_heads(
    file: Annotated[Path, typer.Argument(help="末号声明（lvzhi heads sign 的结果）")],
    jwks: Annotated[
        list[str],
        typer.Option(
            help="签发系统的公钥，每个服务一份：网址（如 …/roster/jwks.json），"
            "或以服务命名的 JWK 文件（roster.json）；宜另行取得、长期留存"
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="见证记录，逐次追加")] = Path("witnessed.txt"),
    keys: Keys = Path("witness-keys"),
) -> None:
    """县里核对声明的签名，与以前见证过的不矛盾，才用自己的密钥签字留存。"""
    with errors_as_messages():
        if unnamed := [place for place in jwks if not witnessing.service_named(place)]:
            fail(f"{unnamed[0]} 没有写明是哪个服务的公钥：文件以服务命名，如 roster.json")
        published = witnessing.joined((witnessing.service_named(place), _published(place)) for place in jwks)
        own = KeyStore(keys)
        before = witnessing.read_witnessed(out, witnessing.public_keys(keys)) if out.exists() else []
        signed = witnessing.witness(witnessing.lines(file), published, own, before)
        with out.open("a", encoding="utf-8") as record:
            record.writelines(f"{line}\n" for line in signed)
        for item in witnessing.read_witnessed(out, witnessing.public_keys(keys))[len(before) :]:
            typer.echo(f"已见证 {witnessing.text_of(item.head)}")
        typer.echo(f"新见证 {len(signed)} 份，记录在 {out}")


def check(
    area: Annotated[str, typer.Argument(help="区划代码；不填则按访问凭证", show_default=False)] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """检查运行中的系统：日志、记录、副本是否互相吻合。有一处不符，退出状态即为 1。"""

    async def audit() -> None:
        faulty = 0
        async with calling() as session:
            client = Client(session, url, token)
            for town in await auditing.towns(client, area or area_of(token)):
                result = await auditing.audit(client, town)
                faulty += bool(result.faults)
                for line in auditing.lines_of(town, result):
                    typer.echo(line)
        if faulty:
            fail("检查没有通过")

    run(audit())


def rebuild(
    service: Annotated[str, typer.Argument(help="服务：activities、ratings、reports 或 accounts")],
    area: Annotated[str, typer.Argument(help="区划代码；不填则按访问凭证", show_default=False)] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """清空一个服务从其他服务得来的数据，从它们的日志重新建立；新加入的服务也这样补齐。"""

    async def again() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            for town in await auditing.towns(client, area or area_of(token)):
                await auditing.rebuild(client, service, town, typer.echo)

    run(again())


def restored(
    service: Annotated[
        str, typer.Argument(help="从备份恢复的服务：roster、activities、ratings、reports 或 accounts")
    ],
    area: Annotated[str, typer.Argument(help="区划代码；不填则按访问凭证", show_default=False)] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """一个服务从备份恢复以后执行：它的日志由此开始新的一段，其他服务自行重建取自它的副本。"""

    async def announce() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            body = {"area": area or area_of(token)}
            begun = await client.json("POST", f"/{service}/v1/streams:restored", body)
            typer.echo(f"{len(begun['epochs'])} 份日志已开始新的一段")

    run(announce())


def _published(place: str) -> str:
    if not place.startswith(("http://", "https://")):
        return Path(place).read_text("utf-8")
    try:
        with urllib.request.urlopen(place, timeout=10) as answer:  # noqa: S310 - scheme checked above
            return str(answer.read(1 << 20), "utf-8")
    except OSError as error:
        fail(f"取不到 {place}：{error}")
