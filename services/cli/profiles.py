"""Profiles: what the sheets and columns of an office's own ledger are, kept in a TOML file that a person can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.books import SHEETS, Unfinished
from shared.workbook import Sheet, Vocabulary
from shared.workbook.headers import is_remark
from shared.workbook.model import Page
from shared.workbook.proposing import Into, Layout, layout_of, propose, unused
from shared.workbook.read import is_empty

_HEAD = """\
# 台账各列的对照，由 lvzhi import --map 提出，可以修改：左边是系统的列，右边是台账的列名。
# fixed 是台账里没有而每行都一样的：（按日期）取日期里的年份，（按标题）取标题里的届次、年份，（按名称）从名称里认类型，
# （自动编号）由系统编号，（请填写）须改成实际的内容。不要的表删去整段。列名相同的台账以后都照此读取。
"""


@dataclass(frozen=True)
class Mapped:
    """A page of a ledger, as it is laid out, and the sheets of each service that it fills."""

    page: Page
    layout: Layout
    into: Sequence[tuple[str, Into]]

    @property
    def unused(self) -> list[str]:
        return [header for header in unused(self.layout, [i for _, i in self.into]) if not is_remark(header)]


def sheet_named(service: str, name: str) -> tuple[Sheet, Vocabulary]:
    sheets, vocabulary = SHEETS[service]
    return next(sheet for sheet in sheets if sheet.name == name), vocabulary


def proposed(pages: Sequence[Page], *, named: str) -> list[Mapped]:
    """What each page is likely to be; those that are nothing known fill nothing."""
    return [_proposed(page, named) for page in pages if not is_empty(page)]


def _proposed(page: Page, named: str) -> Mapped:
    found: list[tuple[float, str, Layout, list[Into]]] = []
    for service, (sheets, vocabulary) in SHEETS.items():
        layout = layout_of(page, sheets, vocabulary)
        if into := propose(page, layout, sheets, vocabulary, named=named):
            found.append((into[0].score, service, layout, into))
    if not found:
        sheets, vocabulary = SHEETS["roster"]
        return Mapped(page, layout_of(page, sheets, vocabulary), ())
    _, service, layout, into = max(found, key=lambda one: one[0])
    return Mapped(page, layout, [(service, one) for one in into])


def load(path: Path) -> dict[str, Any]:
    """The profile in a file, empty where there is none. Errors: Unfinished."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unfinished(f"{path} 的写法不对：{error}") from error


def save(path: Path, mapped: Sequence[Mapped]) -> None:
    """Write the profile with these pages, beside those that it has. Errors: Unfinished."""
    path.write_text(dumped(mapped, load(path)), "utf-8")


def recalled(mapped: Sequence[Mapped], profile: dict[str, Any]) -> tuple[list[Mapped], bool]:
    """(the pages as the profile says, whether it knows all of them). Errors: Unfinished."""
    known = {str(page.get("fingerprint")): page for page in profile.get("page", ())}
    result, whole = [], True
    for one in mapped:
        page = known.get(one.layout.fingerprint)
        whole = whole and (page is not None or not one.into)
        result.append(one if page is None else Mapped(one.page, one.layout, _into(page, one.layout)))
    return result, whole


def _into(page: dict[str, Any], layout: Layout) -> list[tuple[str, Into]]:
    found = []
    for one in page.get("into", ()):
        name, columns, fixed = one.get("sheet"), one.get("columns", {}), one.get("fixed", {})
        service = next((s for s, (sheets, _) in SHEETS.items() if name in [x.name for x in sheets]), None)
        if service is None:
            raise Unfinished(f"对照文件里的“{name}”不是系统的表")
        headers = {column.header for column in sheet_named(service, name)[0].columns}
        if wrong := [header for header in (*columns, *fixed) if header not in headers]:
            raise Unfinished(f"对照文件里，“{name}”表没有这样的列：{'、'.join(wrong)}")
        if wrong := [header for header in columns.values() if header not in layout.headers.values()]:
            raise Unfinished(f"对照文件里写的列，台账里没有：{'、'.join(wrong)}")
        found.append((service, Into(name, columns, {header: str(value) for header, value in fixed.items()})))
    return found


def dumped(mapped: Sequence[Mapped], profile: dict[str, Any]) -> str:
    """The profile as TOML, with the pages that it did not know."""
    mine = {one.layout.fingerprint for one in mapped}
    others = [page for page in profile.get("page", ()) if page.get("fingerprint") not in mine]
    pages = [
        *others,
        *(
            {
                "title": one.page.title,
                "fingerprint": one.layout.fingerprint,
                "unused": one.unused,
                "into": [
                    {"sheet": into.sheet, "columns": into.columns, "fixed": into.fixed}
                    for _, into in one.into
                ],
            }
            for one in mapped
            if one.into
        ),
    ]
    return _HEAD + "".join(map(_page, pages))


def _page(page: dict[str, Any]) -> str:
    left = "、".join(page.get("unused", ()))
    lines = ["", "[[page]]", f"title = {_text(page.get('title', ''))}"]
    lines += [f"fingerprint = {_text(page['fingerprint'])}"] + ([f"# 没有用到的列：{left}"] if left else [])
    for into in page.get("into", ()):
        lines += ["", "[[page.into]]", f"sheet = {_text(into['sheet'])}", "[page.into.columns]"]
        lines += [f"{_text(ours)} = {_text(theirs)}" for ours, theirs in into["columns"].items()]
        lines += ["[page.into.fixed]"] if into.get("fixed") else []
        lines += [f"{_text(ours)} = {_text(str(value))}" for ours, value in into.get("fixed", {}).items()]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A basic string of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped.replace(chr(9), chr(92) + "t")}"'
