"""Import of an office's own ledger: proposed, shown, confirmed, kept as a profile, converted and imported."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from services.cli import office, profiles
from services.cli.books import EXTENSIONS, SHEETS, WORKBOOKS, Unfinished
from services.cli.client import Client, Refused
from services.cli.profiles import Mapped
from shared.endpoints.proposals import first_rows
from shared.workbook.converting import Converted, convert, origin, written
from shared.workbook.pages import open_pages

SHOWN: Final = 3
"""Rows that are shown as they would be understood."""
_PLACE: Final = re.compile(r"(?P<sheet>[^\s.：（）]+)\.(?P<cell>[A-Z]{1,2}[0-9]{1,5})")

Echo = Callable[[str], None]
Confirm = Callable[[str], bool]


@dataclass
class Ledger:
    """A file, what its pages are, and the rows that it gives."""

    path: Path
    mapped: Sequence[Mapped]
    rows: list[tuple[str, str, Converted]] = field(default_factory=list)
    """(service, title of the page, rows)."""

    def convert(self) -> None:
        for one in self.mapped:
            for service, into in one.into:
                sheet, vocabulary = profiles.sheet_named(service, into.sheet)
                rows = convert(one.page, one.layout, into, sheet, vocabulary, named=self.path.stem)
                self.rows.append((service, one.page.title, rows))


async def import_ledger(
    client: Client,
    place: Path,
    profile: Path,
    tellers: Sequence[str],
    *,
    dry_run: bool,
    confirm: Confirm | None,
    echo: Echo,
) -> None:
    """Import ledgers as the profile says; what it does not know is proposed, and confirmed by `confirm`, if any.

    Errors: Unfinished where something is left to be answered or wrong.
    """
    ledgers, whole = _read(place, profile)
    for ledger in ledgers:
        ledger.convert()
        for line in _described(ledger):
            echo(line)
    if not any(ledger.rows for ledger in ledgers):
        raise Unfinished(f"{place} 里没有看得出是什么的表")
    mapped = [one for ledger in ledgers for one in ledger.mapped]
    profiles.save(profile, mapped)
    echo(f"对照写在 {profile}，可以修改")
    asked = [f"{into.sheet}的“{header}”" for one in mapped for _, into in one.into for header in into.asked]
    if asked:
        raise Unfinished(
            f"台账里没有、须由您填写的：{'、'.join(asked)}。请改 {profile} 里的“（请填写）”，再执行一次"
        )
    if not whole and (confirm is None or not confirm("这样理解对吗")):
        raise Unfinished(f"请核对、修改 {profile}，再执行一次；认可的加上 --yes")
    await _import(client, ledgers, tellers, dry_run=dry_run, echo=echo)


def _read(place: Path, profile: Path) -> tuple[list[Ledger], bool]:
    """(the files, whether the profile knows all of their pages)."""
    files = [place] if place.is_file() else sorted(place.iterdir())
    ledgers, whole, known = [], True, profiles.load(profile)
    for path in files:
        if path.suffix.lower() in EXTENSIONS and path.name[:1] not in "~.":
            pages = open_pages(path.read_bytes(), filename=path.name)
            mapped, is_known = profiles.recalled(profiles.proposed(pages, named=path.stem), known)
            whole = whole and is_known
            ledgers.append(Ledger(path, mapped))
    return ledgers, whole


def _described(ledger: Ledger) -> Iterator[str]:
    """What each page is taken for, and its first rows as they would be understood."""
    for one in ledger.mapped:
        title = f"{ledger.path.name} 的“{one.page.title}”"
        if not one.into:
            yield f"{title}：看不出是什么，没有读取"
            continue
        for _, into in one.into:
            pairs = [f"{ours}←{theirs}" for ours, theirs in into.columns.items()]
            pairs += [f"{ours}＝{value}" for ours, value in into.fixed.items()]
            yield f"{title}，第 {one.layout.row} 行是列名，填入“{into.sheet}”：{'，'.join(pairs)}"
            rows = next(
                c for _, page, c in ledger.rows if page == one.page.title and c.sheet.name == into.sheet
            )
            for row in first_rows(rows, SHOWN):
                yield "  " + "；".join(f"{header} {value}" for header, value in row.items())
            yield f"  …共 {len(rows.rows)} 行"
        if one.unused:
            yield f"  没有用到的列：{'、'.join(one.unused)}"


async def _import(
    client: Client, ledgers: Sequence[Ledger], tellers: Sequence[str], *, dry_run: bool, echo: Echo
) -> None:
    """Import the rows, by service; problems name the cells of the ledgers."""
    merged: dict[str, dict[str, Converted]] = {}
    for ledger in ledgers:
        for service, title, rows in ledger.rows:
            whole = merged.setdefault(service, {}).setdefault(rows.sheet.name, Converted(rows.sheet))
            for row, origins in zip(rows.rows, rows.origins, strict=True):
                if row not in whole.rows:
                    whole.rows.append(row)
                    whole.origins.append({header: f"{title}!{cell}" for header, cell in origins.items()})
    every = [rows for sheets in merged.values() for rows in sheets.values()]

    def placed(text: str) -> str:
        return _PLACE.sub(lambda match: _with_origin(match, every), text)

    with tempfile.TemporaryDirectory(prefix="lvzhi-map-") as folder:
        for service in SHEETS:
            if service in merged:
                data = written([rows for rows in merged[service].values() if rows.rows])
                (Path(folder) / WORKBOOKS[service]).write_bytes(data)
        try:
            await office.import_folder(
                client, Path(folder), tellers, dry_run=dry_run, echo=lambda text: echo(placed(text))
            )
        except (Refused, Unfinished) as problem:
            raise Unfinished(placed(str(problem))) from problem


def _with_origin(match: re.Match[str], sheets: Sequence[Converted]) -> str:
    place = origin(sheets, match["sheet"], match["cell"])
    return f"{match[0]}（原表 {place}）" if place else match[0]
