"""The pages of `--help`: in Chinese, and wrapped by the columns that characters take."""

import inspect
import re
import shutil
from collections.abc import Iterator, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

import typer

START: Final = "用法："
_WIDEST: Final = 100
_NAMES: Final = 30
"""Columns of the names; a longer name has a line to itself."""
_ADDED: Final = {
    "help": "显示这一页",
    "install_completion": "为这个终端安装命令的自动补全",
    "show_completion": "显示自动补全的脚本，供查看或者改动",
}
"""Options that typer adds to the commands."""
_TYPES: Final = {"str": "文字", "int": "整数", "float": "数", "path": "路径"}
_TYPE: Final = re.compile(r"<(?:list\[)?(\w+)[^<>|]*>")
_NOTES: Final = {
    "env var: ": "环境变量 ",
    "default: ": "默认 ",
    "required": "必填",
    "; ": "，",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]…",
}
"""What typer says of a parameter and of a command's usage."""
_NOTE: Final = re.compile("|".join(map(re.escape, _NOTES)))
_PIECE: Final = re.compile(r"\s+|[“（《]*(?:[!-~]+|.)[，。；：、）》”？！]*")
"""What a line is never broken within: a Latin word, or a character, with the punctuation about it."""


class Context(typer.Context):
    """Of a command whose page is written here."""

    def get_help(self) -> str:
        return "\n".join(_page(self)) + "\n"


def _page(context: Any) -> Iterator[str]:
    command, width = context.command, min(shutil.get_terminal_size().columns, _WIDEST)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield START + _chinese(usage)
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield ""
        yield from (f"  {line}" for line in _wrapped(paragraph.replace("\n", ""), width - 2))
    records = [(p.param_type_name, _record(p, context)) for p in command.get_params(context)]
    for kind, heading in (("argument", "参数"), ("option", "选项")):
        yield from _table(heading, [record for of, record in records if of == kind], width)
    yield from _table("命令", commands(command), width)


def commands(command: Any) -> list[tuple[str, str]]:
    """The names of a group's commands, each with what it does."""
    if (listed := getattr(command, "listed", None)) is not None:
        return list(listed)
    return [
        (name, (one.help or "").partition("。")[0]) for name, one in getattr(command, "commands", {}).items()
    ]


def _record(parameter: Any, context: Any) -> tuple[str, str]:
    name, says = parameter.get_help_record(context)
    if parameter.param_type_name == "argument" and "|" not in name:
        return name.partition(" ")[0], _noted(says)
    if parameter.name in _ADDED:
        says = _ADDED[parameter.name]
    return _TYPE.sub(lambda type: f"<{_TYPES.get(type[1].lower(), '值')}>", name), _noted(says)


def _noted(says: str) -> str:
    """The note that typer puts behind a description, two spaces apart."""
    description, gap, note = says.rpartition("  [")
    return f"{description}（{_chinese(note.removesuffix(']'))}）" if gap else says


def _chinese(text: str) -> str:
    return _NOTE.sub(lambda found: _NOTES[found[0]], text)


def _table(heading: str, rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    if not rows:
        return
    yield from ("", f"{heading}：")
    wide = min(max(_columns(name) for name, _ in rows), _NAMES) + 2
    for name, says in rows:
        lines = _wrapped(says, width - wide - 2)
        if _columns(name) > wide - 2:
            lines.insert(0, "")
        yield f"  {name}{' ' * (wide - _columns(name))}{lines[0]}".rstrip()
        yield from (f"  {' ' * wide}{line}" for line in lines[1:])


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(text):
        if _columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
