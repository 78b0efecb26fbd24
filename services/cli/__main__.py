"""The `lvzhi` command line: which commands there are, and where each is written."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from services.cli.help import Context

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "serve": ("在一个端口上运行全部服务", "serving:serve"),
    "demo": ("用示例镇 2020 年的资料走完全程", "serving:demo"),
    "doctor": ("检查这台机器：端口、磁盘、时钟、密钥、数据库", "doctor:doctor"),
    "backup": ("备份全部服务，取自同一时刻，不必停止", "backups:backup"),
    "backups": ("列出备份", "backups:backups"),
    "backup-key": ("生成备份密钥的收件人", "backups:backup_key"),
    "restore": ("从备份恢复", "backups:restore"),
    "drill": ("演练：试着恢复最近一份备份", "backups:drill"),
    "setup": ("为容器部署生成口令和密钥", "setup:setup"),
    "account": ("账号：新建、重设、停用、列出、找回", "accounts:account"),
    "client": ("程序用的凭证：新建、换密钥、停用、列出", "accounts:client"),
    "token": ("生成开发用的访问凭证", "serving:token"),
    "import": ("导入工作簿", "ledgers:import_"),
    "export": ("把三本台账导出为工作簿", "ledgers:export"),
    "export-person": ("导出关于一个人的全部内容，供本人查阅", "ledgers:export_person"),
    "sheets": ("签到册、扫码票、计票表、海报，供打印", "sheets:sheets"),
    "opinion": ("选民意见", "opinions:opinion"),
    "settings": ("把总结的设置从 .toml 文件交给系统", "summary:settings"),
    "report": ("封账并下载总结", "documents:report"),
    "wording": ("交回改过文字的总结", "summary:wording"),
    "photographs": ("把佐证照片放进总结的附件", "documents:photographs_"),
    "approve": ("核准总结", "summary:approve"),
    "submit": ("把核准的总结报县人大常委会", "summary:submit"),
    "files": ("代表和小组的履职档案", "documents:files"),
    "verify": ("不靠系统，核验文件和日志", "proofs:verify"),
    "check": ("检查运行中的系统是否互相吻合", "proofs:check"),
    "heads": ("末号声明：取得、见证", "proofs:heads"),
    "reconcile": ("对账：副本和系统逐项比较", "reconciling:reconcile"),
    "drop": ("把新的事件写成文件放进文件夹", "drops:drop"),
    "bundle": ("签名的日志包：导出、核验、导入", "bundles:bundle"),
    "dead": ("未能处理的事件", "dead_letters:dead"),
    "rebuild": ("从其他服务的日志重建副本", "proofs:rebuild"),
    "restored": ("一个服务从备份恢复以后执行", "proofs:restored"),
    "licences": ("所含软件的许可", "licences:licences"),
}
"""What a command does, and where it is, by name in the order of `--help`. Its module is imported when it is called."""
INTERRUPTED: Final = 130
"""What typer returns where a command was interrupted."""


class _Called(Mapping[str, Any]):
    """The commands, each made when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = COMMANDS[name][1].partition(":")
        command = getattr(import_module(f"services.cli.{module}"), attribute)
        if not isinstance(command, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(name)(command)
            made = typer.main.get_command(alone)
        else:
            made = typer.main.get_group(command)
            made.name = name
        for one in (made, *getattr(made, "commands", {}).values()):
            one.context_class = Context
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Commands(TyperGroup):
    """`--help` imports no command."""

    context_class = Context
    listed = tuple((name, does) for name, (does, _) in COMMANDS.items())

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"rich_markup_mode": None})
        self.commands = _Called()  # type: ignore[assignment]

    def main(self, *args: Any, standalone_mode: bool = True, **options: Any) -> Any:
        """Errors of typer are told in Chinese."""
        try:
            status = super().main(*args, **options | {"standalone_mode": False})
        except Exception as error:
            if not standalone_mode:
                raise
            from services.cli.usage import told

            sentence, status = told(error)
            typer.echo(sentence, err=True)
        if not standalone_mode:
            return status
        if status == INTERRUPTED:
            typer.echo("已中断", err=True)
        sys.exit(status if isinstance(status, int) else 0)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def lvzhi() -> None:
    """履职：乡镇人大全年工作的登记与年终总结。"""


if __name__ == "__main__":
    app()
