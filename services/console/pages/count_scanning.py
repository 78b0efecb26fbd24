"""拍照录入 of a count sheet: what is marked on photographs of the own sheet, proposed in the cells of its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.console import forms
from services.console.forms import Form
from services.console.pages.scanning import chosen, upload
from services.console.visit import Visit

LOOK = "照片上拿不准"
DIFFERS = "两张照片上不一样"
OTHERWISE = "填的和照片上不一样，照片上是 {}"
BEFORE = "前面识读时拿不准，请对照纸上"
LOOKED: Final = "looked"
"""The cells that were in doubt when the form was shown."""


@dataclass
class CountScan:
    """What was read: `told` of each file and page, numbers that are `sure` by field, `pictures` of those in doubt, none
    where two files differ; `typed`: what stood in the fields before, which stays; `missing`: pages in no file."""

    told: list[str] = field(default_factory=list)
    sure: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    missing: set[int] | None = None
    unbalanced: bool = False

    @property
    def read(self) -> int:
        return len(self.sure.keys() | self.pictures.keys())

    @property
    def shown(self) -> set[str]:
        return {cell for cell, picture in self.pictures.items() if picture}

    def add(self, name: str, answer: Mapping[str, Any], place: tuple[str, str], form: Form) -> None:
        for number, page in enumerate(answer["pages"], 1):
            where = f"{name} 第 {number} 页" if len(answer["pages"]) > 1 else name
            if page["problem"]:
                self.told.append(f"{where}：{page['message']}")
            if page["again"]:
                self.told.append(f"{where}：第 {page['page']} 页不止一份，两份不一样的要看一眼")
        own = [one for one in answer["count_sheets"] if (one["dimension"], one["group"]) == place]
        for sheet in own:
            self._take(sheet, form)
        if not own and not all(page["problem"] for page in answer["pages"]):
            self.told.append(f"{name}：不是您录的这一遍、这一张计票表，或者表上没有数字格")

    def _take(self, sheet: Mapping[str, Any], form: Form) -> None:
        """Fill in the empty cells; those in doubt, which no other file is sure of, with what they look like."""
        cells = {total: sheet[total] for total in ("issued", "returned", "void") if sheet[total] is not None}
        cells |= {f"counts.{id}.{code}": n for id, row in sheet["counts"].items() for code, n in row.items()}
        for cell, number in cells.items():
            if self.sure.setdefault(cell, number) != number:
                self._doubt(cell, None, "", form, DIFFERS)
            elif cell in self.typed and not _is(self.typed[cell], number):
                self._doubt(cell, None, "", form, OTHERWISE.format(number))
            elif form.faults.get(cell) != DIFFERS:
                form.faults.pop(cell, None)
                self.pictures.pop(cell, None)
                form.values[cell] = self.typed.get(cell, str(number))
        for doubt in sheet["doubts"]:
            cell = f"counts.{doubt['loc']}" if "." in doubt["loc"] else doubt["loc"]
            if cell not in self.sure and not _is(self.typed.get(cell, ""), doubt["number"]):
                self._doubt(cell, doubt["number"], doubt["picture"], form, LOOK)
        missing = set(sheet["missing"])
        self.missing = missing if self.missing is None else self.missing & missing
        self.unbalanced |= not sheet["balanced"]

    def _doubt(self, cell: str, number: int | None, picture: str, form: Form, why: str) -> None:
        form.values[cell] = self.typed.get(cell, "" if number is None else str(number))
        self.pictures[cell], form.faults[cell] = picture, why

    def end(self, form: Form) -> None:
        """Hold the rows of all files against the valid ballots, which stand on one of them."""
        before = [cell for cell in str(form.value(LOOKED)).split() if cell not in self.sure | self.pictures]
        form.faults |= dict.fromkeys(before, BEFORE)
        looks = [*self.pictures, *before]
        form.values[LOOKED] = " ".join(looks)
        if self.missing:
            pages = "、".join(str(page) for page in sorted(self.missing))
            self.told.append(f"这次没有第 {pages} 页，那些人还是原来填的")
        if (valid := _valid(form)) is not None:
            self._check_sums(valid, form)
        elif self.unbalanced:
            self.told.append("有效票数没有读准，各人的合计没有对过")
        if self.read:
            self.told.insert(0, f"读出 {self.read} 个数，{len(looks)} 个要看一眼；保存以前什么也没有登记")
        if form.faults:
            form.title = "请看一眼：照片上拿不准的，填的是看上去的数，不对就改"

    def _check_sums(self, valid: float, form: Form) -> None:
        certain = {cell: number for cell, number in self.sure.items() if cell not in self.pictures}
        rows: dict[str, list[str]] = {}
        for part in form.fields():
            if part.name.count(".") == 2:
                rows.setdefault(part.name.rpartition(".")[0], []).append(part.name)
        for row, cells in rows.items():
            if certain.keys() >= set(cells) and (total := sum(certain[cell] for cell in cells)) != valid:
                form.faults[row] = f"照片上合计 {total}，有效票 {valid}，请对照纸上"


def _valid(form: Form) -> float | None:
    """The valid ballots as they stand in the form, from this reading or before, where nobody must look at them."""
    try:
        returned, void = (forms.number(str(form.value(name))) for name in ("returned", "void"))
    except ValueError:
        return None
    return None if form.faults.keys() & {"returned", "void"} else returned - void


def _is(typed: str, number: int | None) -> bool:
    try:
        return forms.number(typed) == number
    except ValueError:
        return False


async def read(visit: Visit, id: str, place: tuple[str, str], form: Form) -> CountScan:
    """Read the files, each by itself: what is wrong with one is told beside the others."""
    path = visit.at("ratings", f"meetings/{id}/sheets:read")
    typed = {part.name: text for part in form.fields() if (text := str(form.value(part.name)).strip())}
    scan = CountScan(typed=typed)
    for file in chosen(visit, scan.told):
        answer = await upload(visit, path, file, scan.told)
        if answer is not None:
            scan.add(file.filename, answer, place, form)
    scan.end(form)
    return scan
