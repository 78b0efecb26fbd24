"""The commands that prepare an installation of containers: passwords and keys as files, addresses in `.env`."""

import base64
import secrets
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.terminal import errors_as_messages, fail
from services.host.installation import DEPLOYED
from shared.errors import why_refused

setup = typer.Typer(help="准备用容器运行的安装", no_args_is_help=True)


def _password() -> str:
    """Hexadecimal: one that began with a hyphen would be an option to whatever it is handed to."""
    return secrets.token_hex(24)


def _members_key() -> str:
    return base64.b64encode(secrets.token_bytes(48)).decode()


def _data_key(service: str) -> str:
    """Under an id that says whose it is: one vault may have to hold those of all services."""
    return f"{service}-1:{base64.b64encode(secrets.token_bytes(32)).decode()}"


MADE: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "mongo_password": ("MONGO_PASSWORD", _password),
    "mongo_key": ("MONGO_KEY", _members_key),
    **{f"mongo_{name}_password": (f"MONGO_{name.upper()}_PASSWORD", _password) for name in DEPLOYED},
    "rabbitmq_password": ("RABBITMQ_PASSWORD", _password),
    "keycloak_password": ("KEYCLOAK_PASSWORD", _password),
    "roster_data_keys": ("LVZHI_PERSONAL_DATA_KEYS", partial(_data_key, "roster")),
    "activities_data_keys": ("LVZHI_CONTACT_KEYS", partial(_data_key, "activities")),
    "reports_data_keys": ("LVZHI_WEBHOOK_KEYS", partial(_data_key, "reports")),
    "accounts_data_keys": ("LVZHI_ACCOUNT_KEYS", partial(_data_key, "accounts")),
    "console_data_keys": ("LVZHI_CONSOLE_KEYS", partial(_data_key, "console")),
}
"""What each file of the folder `secrets` holds: its variable in an `.env` of before there were files, and its maker."""


@setup.callback()
def _group() -> None:
    """Without it a single command would have no name of its own."""


@setup.command("env")
def env(
    folder: Annotated[Path, typer.Argument(help="docker-compose.yml 所在的文件夹")] = Path(),
    url: Annotated[str, typer.Option(help="大家打开系统的网址，如 https://lvzhi.example.gov.cn")] = "",
    voters_url: Annotated[str, typer.Option(help="选民打开选票、意见页的网址，印在票和海报上")] = "",
    keep: Annotated[
        Path | None, typer.Option("--from", help="以前的 .env：其中的设置留着，写有口令和密钥的沿用，不另造")
    ] = None,
) -> None:
    """生成全部口令和密钥（secrets 文件夹）和网址设置（.env），已经有的不覆盖。"""
    with errors_as_messages():
        kept = _read(keep) if keep is not None else {}
        place, settings = folder / "secrets", folder / ".env"
        for path in (place, settings):
            if path.exists() and path != keep:
                fail(f"{path} 已经有了，不覆盖：里面的口令和密钥换了，数据库打不开，个人信息也读不出来")
        values = {name: kept.get(variable) or make() for name, (variable, make) in MADE.items()}
        addresses = {"LVZHI_PUBLIC_URL": url, "LVZHI_VOTERS_URL": voters_url}
        passed = {name: value for name, value in kept.items() if name not in _variables()}
        try:
            _write(place, settings, values, passed | {name: told for name, told in addresses.items() if told})
        except OSError as error:
            fail(f"{folder} 不能写入（{why_refused(error)}），什么也没有生成")
    typer.echo(
        f"已生成 {place}（{len(values)} 个口令和密钥）和 {settings}。请把 {place.name} 另存一份，与备份分开保管。"
    )


def _variables() -> set[str]:
    return {variable for variable, _ in MADE.values()}


def _read(file: Path) -> dict[str, str]:
    """The variables of an `.env` that have a value. Errors: FileNotFoundError."""
    from dotenv import dotenv_values

    if not file.is_file():
        raise FileNotFoundError(2, "", str(file))
    return {name: value for name, value in dotenv_values(file, interpolate=False).items() if value}


def _write(place: Path, settings: Path, values: dict[str, str], variables: dict[str, str]) -> None:
    """All of it or nothing. Only the folder is closed to others: the containers' users, who are nobody here, read the
    files, each mounted by itself."""
    fresh = Path(tempfile.mkdtemp(prefix=".secrets-", dir=place.parent))  # mode 700
    try:
        for name, value in values.items():
            (fresh / name).write_text(value + "\n", "utf-8")
            (fresh / name).chmod(0o444)
        lines = ["# Settings of docker-compose.yml; .env.example explains them all."]
        lines += [f"{name}='{value}'" for name, value in variables.items()]
        prepared = fresh / ".env"
        prepared.touch(mode=0o600)
        prepared.write_text("\n".join(lines) + "\n", "utf-8")
        fresh.rename(place)
        try:  # last: the former file may hold the only copy of the passwords
            (place / prepared.name).replace(settings)
        except BaseException:
            place.rename(fresh)
            raise
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
