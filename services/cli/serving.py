"""Commands of a machine that runs the services: serve, token, demo."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from services.cli import journal
from services.cli.terminal import Data, fail, token_keys
from services.cli.terminal import run as run_command
from shared.observability import logs, tracing
from shared.process.serve import until_stopped
from shared.security.tokens import ROLES
from shared.settings import Settings

log = structlog.get_logger(__name__)

Forget = Annotated[
    bool,
    typer.Option(
        "--forget-unreadable",
        help="加密个人信息的密钥确实找不回来时：删除读不出来的内容再启动",
        envvar="LVZHI_FORGET_UNREADABLE",
    ),
]


def serve(
    host: Annotated[str, typer.Option(help="监听地址", envvar="LVZHI_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口，0 为任选", envvar="LVZHI_PORT", min=0, max=65535)] = 8080,
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
    settings = Settings(host=host, port=port, data_dir=data, forget_unreadable=forget_unreadable)
    if example:
        from services.cli.example import serve_example

        run_command(serve_example(settings, examples, typer.echo))
        return
    journal.record(data, "serve", "started", forget_unreadable=forget_unreadable)
    with journal.recorded(data, "serve"):
        run_command(_serve(settings))


async def _serve(settings: Settings) -> None:
    from services.host.standalone import System, first_set_up, running_system

    logs.configure(settings.log_level)
    tracing.configure("lvzhi")

    async def invite(system: System) -> None:
        try:
            address = await first_set_up(system)
        except Exception:
            log.exception("no first set-up")
            typer.echo("没有能给出建立第一个账号的地址，还没有账号的请执行 lvzhi account recover --first")
            return
        if address is not None:
            typer.echo(f"还没有账号。请打开这个一次性的地址，建立第一个账号（24 小时内有效）：{address}")

    async with running_system(settings) as system:
        typer.echo(f"履职系统已启动：{system.url}（用浏览器打开，Ctrl+C 停止）")
        inviting = asyncio.create_task(invite(system))
        try:
            await until_stopped(system.watch)
        finally:
            inviting.cancel()


def token(
    area: Annotated[str, typer.Option(help="区划代码：乡镇为 9 位，县为 6 位")],
    role: Annotated[list[str], typer.Option(help=f"角色，可重复：{'、'.join(sorted(ROLES))}")],
    subject: Annotated[str, typer.Option(help="持有人；不写就是角色的名称")] = "",
    hours: Annotated[float, typer.Option(help="有效小时数")] = 12.0,
    data: Data = Path("data"),
) -> None:
    """生成一份访问凭证，供试用和在本机维护：不属于任何账号，也不记入审计。平时用账号和程序凭证。

    谁在这台机器上生成过，记在数据文件夹的 operations.jsonl 里。
    """
    keys = token_keys(data)
    with journal.recorded(data, "token", area=area, roles=role, hours=hours):
        try:
            minted = keys.mint(subject or role[0], area, role, hours)
        except ValueError:
            fail("角色或区划代码不对：角色须为上列之一，区划代码为 1 至 9 位数字")
    typer.echo(minted)


def demo(
    out: Annotated[Path, typer.Option(help="结果放在哪里")] = Path("out"),
    examples: Annotated[Path, typer.Option(help="示例工作簿所在的文件夹")] = Path("examples"),
    stay: Annotated[
        bool | None, typer.Option("--stay/--no-stay", help="做完以后可以在浏览器里看；在终端里执行时默认如此")
    ] = None,
) -> None:
    """用示例镇 2020 年的资料走完全程：导入、封账、生成总结，再在浏览器里看。"""
    from services.cli.demo import run_demo

    run_command(run_demo(examples, out, stay=sys.stdout.isatty() if stay is None else stay))
