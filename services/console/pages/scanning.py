"""拍照录入: photographs of a signed sheet, what the service reads in them, and the lines that somebody must look at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from services.console.errors import Away, Refused
from services.console.forms import Faulty, Form
from services.console.visit import Visit
from shared.documents.scan.worker import WALL_SECONDS

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
SIGN_TOO: Final = frozenset({"half_day", "morning", "afternoon", "part"})
"""States of people whose signature stands on the sheet as well."""
UNSEEN: Final[Mapping[str, Any]] = {"number": "", "name": "", "boxes": (), "contradicts": False}
"""A line in doubt of which there is no picture, before it is named."""
MOST: Final = 20
READING_SECONDS: Final = WALL_SECONDS + 60.0
"""How long the reading of a file is waited for: longer than it is given."""
AGAIN: Final = {
    "sign_in": "签到册第 {} 页不止一份，两份不一样的要看一眼",
    "register": "登记表第 {} 页不止一份，只算一份；是两张纸的请分开识读",
}
"""What is told of a page that is in one file twice."""


@dataclass
class Scan:
    """What was read: `told` of each file and page, `doubts` by deputyship, `differing`: those that two files say
    differently; `registers`: in how many files each page of a register is; `looks`: boxes of a register in doubt;
    `asked`: whether files were to be read, `files`: how many were sent."""

    told: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    differing: set[str] = field(default_factory=set)
    missing: set[int] | None = None
    voters: int = 0
    opinions: int = 0
    registers: Counter[int] = field(default_factory=Counter)
    looks: list[Mapping[str, Any]] = field(default_factory=list)
    asked: bool = False
    files: int = 0

    @property
    def register(self) -> bool:
        return bool(self.registers)

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
            self._count(name, answer)

    def _take(self, id: str, state: str) -> None:
        """A state that is sure is taken before one in doubt; two that differ, of the same page in two files, are in
        doubt."""
        if id in self.differing or self.states.get(id, state) != state:
            self.differing.add(id)
            self.states.pop(id, None)
            self.doubts[id] = {**UNSEEN, "state": state}
        else:
            self.states[id] = state
            self.doubts.pop(id, None)

    def _count(self, name: str, answer: Mapping[str, Any]) -> None:
        pages = {
            page["page"] for page in answer["pages"] if page["sheet"] == "register" and not page["problem"]
        }
        self.registers.update(pages)
        self.voters += answer["voters_count"]
        self.opinions += answer["opinions_count"]
        self.looks += answer["register_doubts"]
        if answer["unsure_count"]:
            self.told.append(
                f"{name}：登记表上有 {answer['unsure_count']} 格拿不准，请对照纸上核对人次和条数"
            )

    def end(self) -> None:
        lines = len(self.states) + len(self.doubts)
        if self.missing and lines:
            pages = "、".join(str(page) for page in sorted(self.missing))
            self.told.append(f"这次没有第 {pages} 页，那些人还是原来填的")
        if lines:
            states = Counter(state.partition("_")[0] for state in self.states.values())
            read = f"{states['present']} 人签名，{states['leave']} 人请假，{states['not']} 人空着"
            self.told.insert(0, f"读了 {lines} 行：{read}，{len(self.doubts)} 人拿不准")
        for page, files in sorted(self.registers.items()):
            if files > 1:
                twice = f"登记表第 {page} 页在 {files} 个文件里，按 {files} 张纸相加"
                self.told.append(f"{twice}；是同一张的请只选一张")
        if self.register:
            self.told.append(f"登记表：接待 {self.voters} 人次，意见 {self.opinions} 条")

    def hold(self, marks: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
        """What was read, together with what was marked and with the `answers` to lines that were in doubt before. An
        empty line takes no mark away, what differs from one is in doubt, and a line that was in doubt stays so until it
        is read the same."""
        kept = dict(marks)
        for id, before in {**answers, **marks}.items():
            line = self.doubts.get(id)
            sure = self.states.pop(id, None)
            seen = sure or (line or {}).get("state", "not_recorded")
            if id in self.differing or not (seen in (before, "not_recorded") or _signs(before, seen)):
                kept.pop(id, None)
                self.doubts[id] = {**(line or UNSEEN), "state": before, "seen": seen}
            elif id in marks or sure == before:
                kept[id] = before
                self.doubts.pop(id, None)
            else:
                self.doubts[id] = {**(line or UNSEEN), "state": before}
        return kept | self.states

    def name(self, roll: Sequence[Mapping[str, Any]]) -> None:
        """Give the lines that have no name theirs, in the order of the roll; whoever is not on it is left out."""
        lines = {line["deputyship_id"]: line for line in roll}
        others = [id for id, line in self.doubts.items() if not line["name"] and id not in lines]
        for id in others if roll else ():
            del self.doubts[id]
        for id, line in self.doubts.items():
            if not line["name"] and id in lines:
                known = {part: lines[id][part] for part in ("number", "name")}
                self.doubts[id] = {**line, **known}
        self.doubts = dict(sorted(self.doubts.items(), key=lambda item: item[1]["number"] or 0))
        if others and roll:
            self.told.append(f"先前拿不准的人里有 {len(others)} 人不在这份名单上，没有登记")


def _signs(before: str, seen: str) -> bool:
    """Whether somebody who was there for a part has signed."""
    return before in SIGN_TOO and seen == "present"


def refuse_unread(visit: Visit, form: Form) -> None:
    """Photographs that come with a save were chosen and not read. Errors: Faulty."""
    if any(getattr(file, "filename", file) for file in visit.sent.getall(FILES, [])):
        form.faults[FILES] = "照片还没有识读：先按“识读”，或者不选照片"
        raise Faulty(form)


def chosen(visit: Visit, told: list[str]) -> list[web.FileField]:
    """The files to read; those beyond the most are told."""
    sent = [one for one in visit.sent.getall(FILES, []) if isinstance(one, web.FileField) and one.filename]
    if not sent:
        told.append("请先选照片或者扫描件")
    if more := sent[MOST:]:
        names = "、".join(file.filename for file in more)
        told.append(f"一次最多读 {MOST} 个文件，这些没有读，请再选一次：{names}")
    return sent[:MOST]


async def upload(
    visit: Visit, path: str, file: web.FileField, told: list[str], *, lost: str = "", **query: Any
) -> Any:
    """What a service answers to a file; None where it takes none or is away, which is told: `lost`."""
    data = file.file.read()
    file.file.seek(0)
    try:
        answer = await visit.api.upload(
            path, data, file.filename, kind=file.content_type, seconds=READING_SECONDS, **query
        )
    except Refused as refused:
        told.append(f"{file.filename}：{lost}{refused.detail or refused.title}")
    except Away:
        told.append(f"{file.filename}：{lost}没有连上服务，请稍后再试")
    else:
        return answer.body
    return None


async def read(visit: Visit, query: Mapping[str, Any], form: Form) -> Scan:
    """Read the files, each by itself: what is wrong with one is told beside the others."""
    scan, path = Scan(asked=True), visit.at("activities", "sheets:read")
    files = chosen(visit, scan.told)
    scan.files = len(files)
    for file in files:
        answer = await upload(visit, path, file, scan.told, **query)
        if answer is not None:
            scan.add(file.filename, answer)
            if form.value(KEEP) and any(not page["problem"] for page in answer["pages"]):
                await _keep(visit, form, file, scan)
    scan.end()
    return scan


async def _keep(visit: Visit, form: Form, file: web.FileField, scan: Scan) -> None:
    """Keep a photograph as evidence of the activity; a picture without its place and device."""
    path = visit.at("activities", "evidence")
    kept = await upload(visit, path, file, scan.told, lost="没有留存，")
    if kept is not None:
        form.values[KEPT] = f"{form.value(KEPT)} {kept['id']}".strip()


def kept(form: Form) -> list[str]:
    """Ids of the photographs that were kept."""
    return str(form.value(KEPT)).split()


def answered(form: Form) -> dict[str, str]:
    """What was chosen for doubtful lines, by deputyship."""
    return {
        name.removeprefix(DOUBT): str(value) for name, value in form.values.items() if name.startswith(DOUBT)
    }
