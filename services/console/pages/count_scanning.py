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


@dataclass
class CountScan:
    """What was read: `told` of each file and page, `pictures` of the numbers in doubt by field."""

    told: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    read: int = 0

    def add(self, name: str, answer: Mapping[str, Any], place: tuple[str, str], form: Form) -> None:
        for number, page in enumerate(answer["pages"], 1):
            where = f"{name} 第 {number} 页" if len(answer["pages"]) > 1 else name
            if page["problem"]:
                self.told.append(f"{where}：{page['message']}")
        own = [one for one in answer["count_sheets"] if (one["dimension"], one["group"]) == place]
        for sheet in own:
            self._take(name, sheet, form)
        if not own and not all(page["problem"] for page in answer["pages"]):
            self.told.append(f"{name}：不是您录的这一遍、这一张计票表，或者表上没有数字格")

    def _take(self, name: str, sheet: Mapping[str, Any], form: Form) -> None:
        """Fill in the cells; those in doubt with what they look like."""
        cells = {total: sheet[total] for total in ("issued", "returned", "void") if sheet[total] is not None}
        cells |= {f"counts.{id}.{code}": n for id, row in sheet["counts"].items() for code, n in row.items()}
        for cell in cells:
            form.faults.pop(cell, None)
            self.pictures.pop(cell, None)
        for doubt in sheet["doubts"]:
            cell = f"counts.{doubt['loc']}" if "." in doubt["loc"] else doubt["loc"]
            cells[cell] = "" if doubt["number"] is None else doubt["number"]
            self.pictures[cell], form.faults[cell] = doubt["picture"], LOOK
        form.values |= {cell: str(number) for cell, number in cells.items()}
        self.read += len(cells)
        if sheet["missing"]:
            pages = "、".join(str(page) for page in sheet["missing"])
            self.told.append(f"{name}：没有第 {pages} 页，那些人没有填")
        if not sheet["balanced"]:
            self.told.append(f"{name}：有效票数没有读准，各人的合计没有对过")


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
