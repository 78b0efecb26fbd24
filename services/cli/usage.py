"""What ends a command: wrong arguments, a setting, a file or an interruption, as one sentence and an exit status."""

import errno
import re
from typing import Final

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from typer.exceptions import TyperException

from services.cli.help import START
from shared.errors import why_refused
from shared.settings import wrong_setting

USAGE: Final = 2
_DISK: Final = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}
"""Of a file also where it is not named, as in a write; an error without a name is else of a connection or none."""
_NAMED: Final = re.compile(r"'([^']*)'|\(([^)]*)\)")


def told(error: BaseException) -> tuple[str, int]:
    """The sentence and the status of an error that is expected; any other is raised again."""
    if isinstance(error, TyperException):
        return _wrong(error), USAGE
    if isinstance(error, SettingsError) or (
        isinstance(error, ValidationError) and error.title.endswith("Settings")
    ):
        return wrong_setting(error), 1
    if isinstance(error, typer.Abort):
        return "没有回答，什么也没有做", 1
    if isinstance(error, OSError) and (error.filename is not None or error.errno in _DISK):
        return f"{error.filename or '文件'} 不能使用（{why_refused(error)}）", 1
    raise error


def _wrong(error: TyperException) -> str:
    if not isinstance(error, typer.BadParameter) and (not error.message or error.message.startswith(START)):
        return error.message  # the help of a group without a command, where it is not printed already
    context = getattr(error, "ctx", None)
    return _what(error) + (f"。用法：{context.command_path} --help" if context else "")


def _what(error: TyperException) -> str:
    """The classes of most of these errors are private to typer; what they carry is not."""
    if isinstance(error, typer.BadParameter) and error.param is not None:
        name = "/".join(error.param.opts)
        return f"缺少 {name}" if hasattr(error, "param_type") else f"{name} 的值不对"
    option, known = getattr(error, "option_name", None), getattr(error, "possibilities", None)
    if option is not None and not hasattr(error, "possibilities"):
        return f"{option} 后面要写它的值"
    if option is not None:
        return f"没有选项 {option}" + (f"，是不是 {'、'.join(known)}" if known else "")
    named = _NAMED.findall(error.message)
    return f"不认识 {''.join(named[-1])}" if named else "参数不对"
