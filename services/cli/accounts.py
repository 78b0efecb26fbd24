"""`lvzhi account` and `lvzhi client`: accounts of people and programs, from the machine itself or with a token."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from services.cli import journal
from services.cli.client import Client, calling
from services.cli.terminal import Data, Token, Url, fail, run, token_keys
from shared.process.serve import key_store
from shared.settings import Settings

account = typer.Typer(
    help="账号：新建、重设、停用、列出、找回。没有 --token 时，以机器本身的名义执行。", no_args_is_help=True
)
client = typer.Typer(help="程序用的凭证：新建、换密钥、停用、列出。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="登录名")]
Id = Annotated[str, typer.Argument(help="编号，见 lvzhi client list")]
Roles = Annotated[list[str], typer.Option("--role", help="角色，可重复")]
Areas = Annotated[list[str], typer.Option("--area", help="区划代码，可重复：乡镇为 9 位，县为 6 位")]
_URL: Final = "http://127.0.0.1:8080"
_DATA: Final = Path("data")
MINUTE: Final = 1 / 60


@account.command("add")
def add_account(
    name: Name,
    role: Roles,
    area: Areas,
    display_name: Annotated[str, typer.Option(help="姓名，默认同登录名")] = "",
    deputyship: Annotated[str | None, typer.Option(help="代表资格的编号，代表和组长必填")] = None,
    meeting: Annotated[str | None, typer.Option(help="测评会议的编号，计票员必填")] = None,
    url: Url = _URL,
    token: Token = "",
    data: Data = _DATA,
) -> None:
    """新建账号，给出一次性的链接，由本人设口令。"""
    body = {
        "name": name,
        "display_name": display_name or name,
        "roles": role,
        "areas": area,
        "deputyship_id": deputyship,
        "meeting_id": meeting,
    }
    given = _run(
        url, token, data, lambda api: api.json("POST", "/accounts/v1/accounts", body), changes="account add"
    )
    _print_set_up(given["set_up"])


@account.command("reset")
def reset_account(
    name: Name,
    second_step: Annotated[bool, typer.Option("--second-step", help="动态口令一并重设")] = False,
    url: Url = _URL,
    token: Token = "",
    data: Data = _DATA,
) -> None:
    """口令作废，全部登录退出，另给一次性的链接。"""
    body = {"second_step": second_step}
    _print_set_up(
        _run(url, token, data, lambda api: _command(api, name, "reset", body), changes="account reset")[
            "set_up"
        ]
    )


@account.command("disable")
def disable_account(name: Name, url: Url = _URL, token: Token = "", data: Data = _DATA) -> None:
    """停用账号，立即退出全部登录。"""
    _run(url, token, data, lambda api: _command(api, name, "disable", {}), changes="account disable")
    typer.echo(f"{name} 已停用")


@account.command("list")
def list_accounts(url: Url = _URL, token: Token = "", data: Data = _DATA) -> None:
    """列出账号。"""
    for one in _run(url, token, data, lambda api: api.items("/accounts/v1/accounts")):
        rights = f"{'、'.join(one['roles'])}  {'、'.join(one['areas'])}"
        typer.echo(f"{one['name']}  {one['display_name']}  {rights}  {STATES[one['state']]}")


@account.command("recover")
def recover_account(
    name: Annotated[str, typer.Argument(help="登录名")] = "",
    first: Annotated[bool, typer.Option("--first", help="还没有账号：建立第一个")] = False,
    second_step: Annotated[bool, typer.Option("--second-step", help="动态口令一并重设")] = False,
    url: Url = _URL,
    data: Data = _DATA,
) -> None:
    """找回：丢了口令、手机，或者最后一个人大办账号时，在机器上执行；停用的一并启用。记入审计。"""
    if bool(name) == first:
        fail("请写明登录名；还没有账号时用 --first")
    body = {"name": name or None, "second_step": second_step}
    given = _run(
        url,
        "",
        data,
        lambda api: api.json("POST", "/accounts/v1/recoveries", body),
        changes="account recover",
    )
    _print_set_up(given["set_up"])


@account.command("rotate-key")
def rotate_key(
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="原来的密钥泄露了：它签发的令牌立即失效，全部重新登录")
    ] = False,
    data: Data = _DATA,
) -> None:
    """更换签发令牌的密钥（平时每 90 天自动更换）；密钥文件丢了也用它另造一把。"""
    if not data.is_dir():
        fail(f"没有数据目录 {data}：请在装有系统的机器上执行，数据目录用 --data 写明")
    with journal.recorded(data, "account rotate-key", withdraw=withdraw):
        key_store(Settings(data_dir=data)).rotate(at_once=True, withdraw=withdraw)
    typer.echo("已更换签发令牌的密钥")


@client.command("add")
def add_client(
    name: Annotated[str, typer.Argument(help="名称")],
    role: Roles,
    area: Areas,
    expires_on: Annotated[str, typer.Option(help="有效期，YYYY-MM-DD")],
    signs: Annotated[bool, typer.Option("--signs", help="也可以用密钥签名请求（appKey，经适配器）")] = False,
    url: Url = _URL,
    token: Token = "",
    data: Data = _DATA,
) -> None:
    """新建程序用的凭证，给出编号和密钥；密钥只出现这一次。"""
    body = {"name": name, "roles": role, "areas": area, "expires_on": expires_on, "signs": signs}
    _print_secret(
        _run(
            url, token, data, lambda api: api.json("POST", "/accounts/v1/clients", body), changes="client add"
        )
    )


@client.command("rotate")
def rotate_client(
    id: Id,
    alone: Annotated[bool, typer.Option("--alone", help="以前的密钥立即作废")] = False,
    url: Url = _URL,
    token: Token = "",
    data: Data = _DATA,
) -> None:
    """换密钥；原来的继续有效，到下次更换为止。"""

    async def rotate(api: Client) -> Any:
        path = f"/accounts/v1/clients/{id}"
        version = (await api.json("GET", path))["version"]
        return await api.step(f"{path}:rotate", version, {"alone": alone})

    _print_secret(_run(url, token, data, rotate, changes="client rotate"))


@client.command("disable")
def disable_client(id: Id, url: Url = _URL, token: Token = "", data: Data = _DATA) -> None:
    """停用程序凭证。"""
    _run(
        url,
        token,
        data,
        lambda api: api.json("POST", f"/accounts/v1/clients/{id}:disable", {}),
        changes="client disable",
    )
    typer.echo(f"{id} 已停用")


@client.command("list")
def list_clients(url: Url = _URL, token: Token = "", data: Data = _DATA) -> None:
    """列出程序凭证。"""
    for one in _run(url, token, data, lambda api: api.items("/accounts/v1/clients")):
        state = "停用" if one["disabled_at"] else f"至 {one['expires_on']}"
        rights = f"{'、'.join(one['roles'])}  {'、'.join(one['areas'])}"
        typer.echo(f"{one['id']}  {one['name']}  {rights}  {state}")


STATES: Final = {"invited": "未设口令", "active": "在用", "disabled": "停用"}


def _run(
    url: str, token: str, data: Path, work: Callable[[Client], Awaitable[Any]], *, changes: str = ""
) -> Any:
    """Call the system with the token, or as the machine, whose key lies in the data folder.

    `changes`: the command, where it changes something; as the machine it is then recorded in the journal.
    """

    async def call() -> Any:
        async with calling() as session:
            return await work(Client(session, url, token or _machine(data)))

    if token or not changes:
        return run(call())
    with journal.recorded(data, changes):
        return run(call())


def _machine(data: Path) -> str:
    return token_keys(data).mint("machine", "", ["service"], MINUTE)


async def _command(api: Client, name: str, verb: str, body: Any) -> Any:
    found = [one for one in await api.items("/accounts/v1/accounts") if one["name"] == name]
    if not found:
        fail(f"没有登录名为 {name} 的账号")
    return await api.json("POST", f"/accounts/v1/accounts/{found[0]['id']}:{verb}", body)


def _print_set_up(given: dict[str, str]) -> None:
    typer.echo(f"请本人打开这个一次性的地址设置口令（{given['expires_at'][:10]} 前有效）：{given['url']}")


def _print_secret(given: dict[str, str]) -> None:
    typer.echo(
        f"client_id      {given['client_id']}\nclient_secret  {given['client_secret']}（只显示这一次）"
    )
