"""拍照录入: photographs of a signed sheet, what the service reads in them, and the lines that somebody must look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from services.console.errors import Away, Refused
from services.console.forms import Form
from services.console.visit import Visit

PHOTOS, FILES, KEEP, KEPT, DOUBT = "_photos", "photos", "keep_photos", "kept_photos", "doubt."
"""The button, the files, whether to keep them, the ids of those kept, and the answers to doubtful lines."""
CHOICES: Final = (
    "present",
    "leave_illness",
    "leave_official_duty",
    "leave_family",
    "leave_other",
    "leave",
    "absent",
    "not_recorded",
)
"""States that a doubtful line may be given."""
MOST: Final = 20
AGAIN: Final = {
    "sign_in": "签到册第 {} 页不止一份，两份不一样的要看一眼",
    "register": "登记表第 {} 页不止一份，只算一份；是两张纸的请分开识读",
}
"""What is told of a page that is in one file twice."""


@dataclass
class Scan:
    """What was read: `told` of each file and page, `doubts` by deputyship, `differing`: those that two files say
    differently; `looks`: boxes of a register in doubt; `files`: how many were sent."""

    told: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    differing: set[str] = field(default_factory=set)
    missing: set[int] | None = None
    voters: int = 0
    opinions: int = 0
    register: bool = False
    looks: list[Mapping[str, Any]] = field(default_factory=list)
    files: int = 0

    def add(self, name: str, answer: Mapping[str, Any]) -> None:
        for number, page in enumerate(answer["pages"], 1):
            where = f"{name} 第 {number} 页" if len(answer["pages"]) > 1 else name
            if page["problem"]:
                self.told.append(f"{where}：{page['message']}")
            elif page["upside_down"]:
                self.told.append(f"{where}：拍倒了，已转正识读")
            if page["again"]:
                self.told.append(f"{where}：{AGAIN[page['sheet']].format(page['page'])}")
        missing = set(answer["missing"])
        self.missing = missing if self.missing is None else self.missing & missing
        for mark in answer["marked"]:
            self._take(mark["deputyship_id"], mark["state"])
        self.doubts |= {
            line["deputyship_id"]: line
            for line in answer["doubts"]
            if line["deputyship_id"] not in self.states
        }
        if answer["voters_count"] is not None:
            self.register = True
            self.voters += answer["voters_count"]
            self.opinions += answer["opinions_count"]
            self.looks += answer["register_doubts"]
            if answer["unsure_count"]:
                self.told.append(
                    f"{name}：登记表上有 {answer['unsure_count']} 格拿不准，请对照纸上核对人次和条数"
                )

    def _take(self, id: str, state: str) -> None:
        """A state that is sure is taken before one in doubt; two that differ, of the same page in two files, are in
        doubt."""
        if id in self.differing or self.states.get(id, state) != state:
            self.differing.add(id)
            self.states.pop(id, None)
            self.doubts[id] = {"number": "", "name": "", "state": state, "boxes": (), "contradicts": False}
        else:
            self.states[id] = state
            self.doubts.pop(id, None)

    def name(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Give the lines that differ their numbers and names."""
        for line in lines:
            if (id := line["deputyship_id"]) in self.differing:
                self.doubts[id] = {**self.doubts[id], "number": line["number"], "name": line["name"]}

    def end(self) -> None:
        if self.missing and self.states | self.doubts:
            pages = "、".join(str(page) for page in sorted(self.missing))
            self.told.append(f"还缺第 {pages} 页，那些人没有登记")
        if self.states or self.doubts:
            self.told.insert(0, f"认出 {len(self.states)} 人；{len(self.doubts)} 人要看一眼")
        if self.register:
            self.told.append(f"登记表：接待 {self.voters} 人次，意见 {self.opinions} 条")


async def read(visit: Visit, query: Mapping[str, Any], form: Form) -> Scan:
    """Read the files, each by itself: what is wrong with one is told beside the others."""
    scan, path = Scan(), visit.at("activities", "sheets:read")
    files = visit.sent.getall(FILES, [])
    sent = [file for file in files if isinstance(file, web.FileField) and file.filename][:MOST]
    scan.files = len(sent)
    if not sent:
        scan.told.append("请先选照片或者扫描件")
    for file in sent:
        try:
            data = file.file.read()
            answer = await visit.api.upload(path, data, file.filename, kind=file.content_type, **query)
        except Refused as refused:
            scan.told.append(f"{file.filename}：{refused.detail or refused.title}")
        except Away:
            scan.told.append(f"{file.filename}：没有连上服务，请稍后再试")
        else:
            scan.add(file.filename, answer.body)
            if form.value(KEEP) and any(not page["problem"] for page in answer.body["pages"]):
                await _keep(visit, form, data, file, scan)
    scan.end()
    return scan


async def _keep(visit: Visit, form: Form, data: bytes, file: web.FileField, scan: Scan) -> None:
    """Keep a photograph as evidence of the activity, without its place and device."""
    path = visit.at("activities", "evidence")
    try:
        answer = await visit.api.upload(path, data, file.filename, kind=file.content_type)
    except Refused as refused:
        scan.told.append(f"{file.filename}：没有留存，{refused.detail or refused.title}")
    else:
        form.values[KEPT] = f"{form.value(KEPT)} {answer.body['id']}".strip()


def kept(form: Form) -> list[str]:
    """Ids of the photographs that were kept."""
    return str(form.value(KEPT)).split()


def answered(form: Form) -> dict[str, str]:
    """What was chosen for doubtful lines, by deputyship."""
    return {
        name.removeprefix(DOUBT): str(value)
        for name, value in form.values.items()
        if name.startswith(DOUBT) and value in CHOICES
    }
