"""The `lvzhi` command line: commands of offices and operators."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli import (
    accounts,
    bundles,
    dead_letters,
    doctor,
    drops,
    journal,
    licences,
    mapping,
    office,
    opinions,
    photographs,
    proofs,
    reconciling,
    setup,
    sheets,
    summary,
)
from services.cli.client import Client, calling
from services.cli.terminal import Data, Token, Url, fail
from services.cli.terminal import run as _run
from shared.observability import logs, tracing
from shared.process.serve import key_store, until_stopped
from shared.security.tokens import ROLES
from shared.settings import Settings

app = typer.Typer(
    help="履职：乡镇人大全年工作的登记与年终总结。", no_args_is_help=True, pretty_exceptions_enable=False
)
app.add_typer(proofs.verify, name="verify")
app.add_typer(proofs.heads, name="heads")
app.command()(proofs.check)
app.command()(proofs.rebuild)
app.command()(proofs.restored)
app.add_typer(dead_letters.dead, name="dead")
app.add_typer(accounts.account, name="account")
app.add_typer(accounts.client, name="client")
app.add_typer(opinions.opinion, name="opinion")
app.add_typer(bundles.bundle, name="bundle")
app.add_typer(setup.setup, name="setup")
for command in (
    summary.settings,
    summary.wording,
    summary.approve,
    summary.submit,
    sheets.sheets,
    drops.drop,
    reconciling.reconcile,
    doctor.doctor,
    licences.licences,
):
    app.command()(command)


Forget = Annotated[
    bool,
    typer.Option("--forget-unreadable", help="加密个人信息的密钥确实找不回来时：删除读不出来的内容再启动"),
]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口，0 为任选")] = 8080,
    data: Data = Path("data"),
    forget_unreadable: Forget = False,
    example: Annotated[
        bool,
        typer.Option(
            "--example", help="试用：示例镇的一年，各种角色的账号和凭证，另放在数据目录的 example 里"
        ),
    ] = False,
    examples: Annotated[Path, typer.Option(help="示例工作簿所在的文件夹")] = Path("examples"),
) -> None:
    """在一个端口上运行全部服务。"""
    from services.host.standalone import System, first_set_up, running_system

    settings = Settings(host=host, port=port, data_dir=data)
    if example:
        from services.cli.example import serve_example

        _run(serve_example(settings, examples, typer.echo))
        return
    if forget_unreadable:
        settings = settings.model_copy(update={"forget_unreadable": True})
    logs.configure(settings.log_level)
    tracing.configure("lvzhi")

    async def invite(system: System) -> None:
        if (address := await first_set_up(system)) is not None:
            typer.echo(f"还没有账号。请打开这个一次性的地址，建立第一个账号（24 小时内有效）：{address}")

    async def run() -> None:
        async with running_system(settings) as system:
            typer.echo(f"履职系统已启动：{system.url}（用浏览器打开，Ctrl+C 停止）")
            inviting = asyncio.create_task(invite(system))
            try:
                await until_stopped(system.watch)
            finally:
                inviting.cancel()

    journal.record(data, "serve", "started", forget_unreadable=forget_unreadable)
    with journal.recorded(data, "serve"):
        _run(run())


@app.command()
def token(
    area: Annotated[str, typer.Option(help="区划代码：镇为 9 位，县为 6 位")],
    role: Annotated[list[str], typer.Option(help=f"角色，可重复：{'、'.join(sorted(ROLES))}")],
    subject: Annotated[str, typer.Option(help="持有人")] = "office",
    hours: Annotated[float, typer.Option(help="有效小时数")] = 12.0,
    data: Data = Path("data"),
) -> None:
    """生成一份开发用的访问凭证：不属于任何账号，也不记入审计。平时用账号和程序凭证。

    谁在这台机器上生成过，记在数据文件夹的 operations.jsonl 里。
    """
    with journal.recorded(data, "token", area=area, roles=role, hours=hours):
        try:
            minted = key_store(Settings(data_dir=data)).mint(subject, area, role, hours)
        except ValueError:
            fail("角色或区划代码不对：角色须为上列之一，区划代码为 1 至 9 位数字")
    typer.echo(minted)


@app.command("import")
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

    _run(run())


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹")],
    town: Annotated[str, typer.Option(help="镇的 9 位区划代码；凭证只管一个镇时可以不写")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
    replace: Annotated[bool, typer.Option("--replace", help="覆盖文件夹中已有的工作簿")] = False,
) -> None:
    """把三本台账导出为 名册.xlsx、履职.xlsx、测评.xlsx，改好可以再导入。"""
    code = _town(town, token)

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            await office.export_folder(client, folder, code, replace=replace, echo=typer.echo)

    _run(run())


@app.command("export-person")
def export_person(
    person: Annotated[str, typer.Argument(help="人员编号，见名册 people 的 id")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个 .json 文件，只有本人可读")],
    town: Annotated[str, typer.Option(help="镇的 9 位区划代码；凭证只管一个镇时可以不写")] = "",
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把四个服务所存关于一个人的全部内容写成一个文件，供本人查阅；每个服务都记下这次读取。"""
    code = _town(town, token)

    async def run() -> None:
        async with calling() as session:
            await office.export_person(Client(session, url, token), code, person, out)

    _run(run())
    typer.echo(f"已写入 {out}，含个人信息，用完请妥善处理")


@app.command()
def report(
    town: Annotated[str, typer.Argument(help="镇的 9 位区划代码")],
    year: Annotated[
        str, typer.Argument(help="年度，或者时段：2020、2020-H1、2020-Q3、2020-04-01--2021-03-31、term-17")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="输出文件，按扩展名 docx、html、xlsx、json、pdf 决定格式")
    ],
    as_of: Annotated[str | None, typer.Option(help="截止日期 YYYY-MM-DD，默认今天或时段末")] = None,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """结账、等待编制完成并下载年度（或者半年、任意时段、一届）的总结。"""

    async def run() -> None:
        async with calling() as session:
            client = Client(session, url, token)
            await office.close_year(client, town, year, as_of)
            await office.fetch_report(client, town, year, out)

    _run(run())
    typer.echo(f"已写入 {out}")


@app.command("photographs")
def photographs_(
    town: Annotated[str, typer.Argument(help="镇的 9 位区划代码")],
    period: Annotated[str, typer.Argument(help="年度，或者时段，写法同 report")],
    most: Annotated[int, typer.Option(min=1, max=24, help="还没有选过时，按活动先后最多放几张")] = 12,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """把活动的佐证照片放进总结的“活动照片”附件；选过的照旧，没有选过的按活动先后选。"""

    async def run() -> int:
        async with calling() as session:
            return await photographs.attach(Client(session, url, token), town, period, most, typer.echo)

    typer.echo(f"附件“活动照片”现有 {_run(run())} 张")


@app.command()
def files(
    town: Annotated[str, typer.Argument(help="镇的 9 位区划代码")],
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

    _run(run())


def _town(town: str, token: str) -> str:
    code = town or office.area_of(token)
    if len(code) != 9:
        fail("请用 --town 写明镇的 9 位区划代码")
    return code


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="结果放在哪里")] = Path("out"),
    examples: Annotated[Path, typer.Option(help="示例工作簿所在的文件夹")] = Path("examples"),
    stay: Annotated[
        bool | None, typer.Option("--stay/--no-stay", help="做完以后可以在浏览器里看；在终端里执行时默认如此")
    ] = None,
) -> None:
    """用示例镇 2020 年的资料走完全程：导入、结账、生成总结，再在浏览器里看。"""
    from services.cli.demo import run_demo

    _run(run_demo(examples, out, stay=sys.stdout.isatty() if stay is None else stay))


if __name__ == "__main__":
    app()
