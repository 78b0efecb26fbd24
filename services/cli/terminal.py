"""Common options of the commands, and errors as messages with exit status 1."""

import asyncio
import contextlib
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from services.cli.client import Away, Refused
from services.cli.office import Unfinished, area_of
from services.cli.verifying import Unverifiable
from services.cli.witnessing import Contradicted
from shared.endpoints.heads import BadCheckpoint
from shared.errors import CannotStart, Problem
from shared.process.serve import key_store
from shared.security.keystore import KeyStore
from shared.settings import Settings
from shared.storage import mongo

T = TypeVar("T")
Data = Annotated[Path, typer.Option("--data", help="数据目录", envvar="LVZHI_DATA_DIR")]
Url = Annotated[str, typer.Option(help="系统地址", envvar="LVZHI_URL")]


def _whole(token: str) -> str:
    """Without the line ends that come with a copy or a file."""
    return "".join(token.split())


Token = Annotated[
    str,
    typer.Option(
        help="访问凭证（lvzhi token 生成）", envvar="LVZHI_TOKEN", show_default=False, callback=_whole
    ),
]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command; an expected error is printed and makes the exit status 1."""
    with errors_as_messages():
        return asyncio.run(work)


@contextlib.contextmanager
def errors_as_messages() -> Iterator[None]:
    try:
        yield
    except (Refused, Away, Unfinished, Unverifiable, BadCheckpoint, Contradicted, CannotStart) as error:
        fail(str(error))
    except Problem as error:
        fail(f"{error.title}：{error.detail}" if error.detail else error.title)
    except mongo.Failed as error:
        fail(f"没有做完：{mongo.why_failed(error)}，请再执行一次")
    except FileNotFoundError as error:
        fail(f"找不到文件：{error.filename}")


def town_of(town: str, token: str) -> str:
    """The town of a command: as named, or the only one the token is good for."""
    code = town or area_of(token)
    if len(code) != 9:
        fail("请用 --town 写明乡镇的 9 位区划代码")
    return code


def token_keys(data: Path) -> KeyStore:
    """The keys that sign tokens, where they lie: others would sign what no system knows."""
    if not (data / "keys" / "signing-key.json").exists():
        if (data / "example").exists():
            fail(f"{data} 里只有示例系统，请加 --data {data / 'example'}")
        fail(f"{data} 里没有签发令牌的密钥：请在装有系统的机器上、启动过一次以后执行，数据目录用 --data 写明")
    return key_store(Settings(data_dir=data))


def fail(message: str, status: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(status)
