"""拍照录入 of a count sheet: what is marked on photographs of the own sheet, proposed in the cells of its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from services.console.errors import Away, Refused
from services.console.forms import Form
from services.console.pages.scanning import FILES, MOST
from services.console.visit import Visit

LOOK = "照片上拿不准"
DIFFERS = "两张照片上不一样"


@dataclass
class CountScan:
    """What was read: `told` of each file and page, numbers that are `sure` by field, `pictures` of those in doubt, none
    where two files differ."""

    told: list[str] = field(default_factory=list)
    sure: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

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
            self._take(name, sheet, form)
        if not own and not all(page["problem"] for page in answer["pages"]):
            self.told.append(f"{name}：不是您录的这一遍、这一张计票表，或者表上没有数字格")

    def _take(self, name: str, sheet: Mapping[str, Any], form: Form) -> None:
        """Fill in the cells; those in doubt, which no other file is sure of, with what they look like."""
        cells = {total: sheet[total] for total in ("issued", "returned", "void") if sheet[total] is not None}
        cells |= {f"counts.{id}.{code}": n for id, row in sheet["counts"].items() for code, n in row.items()}
        for cell, number in cells.items():
            if self.sure.setdefault(cell, number) != number:
                self._doubt(cell, None, "", form, DIFFERS)
            elif form.faults.get(cell) != DIFFERS:
                form.faults.pop(cell, None)
                self.pictures.pop(cell, None)
                form.values[cell] = str(number)
        for doubt in sheet["doubts"]:
            cell = f"counts.{doubt['loc']}" if "." in doubt["loc"] else doubt["loc"]
            if cell not in self.sure:
                self._doubt(cell, doubt["number"], doubt["picture"], form, LOOK)
        if sheet["missing"]:
            pages = "、".join(str(page) for page in sheet["missing"])
            self.told.append(f"{name}：没有第 {pages} 页，那些人没有填")
        if not sheet["balanced"]:
            self.told.append(f"{name}：有效票数没有读准，各人的合计没有对过")

    def _doubt(self, cell: str, number: int | None, picture: str, form: Form, why: str) -> None:
        form.values[cell] = "" if number is None else str(number)
        self.pictures[cell], form.faults[cell] = picture, why


async def read(visit: Visit, id: str, place: tuple[str, str], form: Form) -> CountScan:
    """Read the files, each by itself: what is wrong with one is told beside the others."""
    scan, path = CountScan(), visit.at("ratings", f"meetings/{id}/sheets:read")
    files: Sequence[Any] = visit.sent.getall(FILES, [])
    sent = [file for file in files if isinstance(file, web.FileField) and file.filename][:MOST]
    if not sent:
        scan.told.append("请先选照片或者扫描件")
    for file in sent:
        try:
            answer = await visit.api.upload(path, file.file.read(), file.filename, kind=file.content_type)
        except Refused as refused:
            scan.told.append(f"{file.filename}：{refused.detail or refused.title}")
        except Away:
            scan.told.append(f"{file.filename}：没有连上服务，请稍后再试")
        else:
            scan.add(file.filename, answer.body, place, form)
    if scan.read:
        scan.told.insert(0, f"读出 {scan.read} 个数，{len(scan.pictures)} 个要看一眼；保存以前什么也没有登记")
    if scan.pictures:
        form.title = "请看一眼：照片上拿不准的，填的是看上去的数，不对就改"
    return scan
