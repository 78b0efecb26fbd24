"""What ends a command: wrong arguments, a setting, a file or an interruption, as one sentence and an exit status."""

import errno
import re
from typing import Final

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from typer.exceptions import TyperException

from shared.errors import why_refused

USAGE: Final = 2
_FIELD: Final = re.compile(r'field "([^"]+)"')
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


def wrong_setting(error: ValidationError | SettingsError) -> str:
    """Names the settings, or says what two of them contradict each other in; their values may be secrets."""
    if isinstance(
        error, SettingsError
    ):  # a list or a mapping that is no JSON; the message names its field alone
        names, sentences = _FIELD.findall(str(error)), []
    else:
        faults = error.errors(include_input=False)
        names = [str(fault["loc"][0]) for fault in faults if fault["loc"]]
        sentences = [str(fault["ctx"]["error"]) for fault in faults if not fault["loc"]]
    wrong = "、".join(dict.fromkeys(map(_variable, names)))
    said = [f"设置 {wrong} 的值不对"] if wrong else []
    return "；".join([*said, *sentences]) + "，见 docs/configuration.md"


def _variable(field: str) -> str:
    """The variable of a field; one with another name than the field's is called by that."""
    return field if field.isupper() else f"LVZHI_{field.upper()}"


def _wrong(error: TyperException) -> str:
    if not isinstance(error, typer.BadParameter) and (
        not error.message or error.message.startswith("Usage:")
    ):
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
