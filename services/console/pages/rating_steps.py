"""The steps of a rating meeting: printing, opening, closing, publishing, revoking; checked before they are taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console.errors import Refused
from services.console.forms import Faulty, Field, Form
from services.console.menu import OFFICE, TELLER
from services.console.pages import rating_facts as facts
from services.console.pages.rating_facts import Meeting, meeting_of
from services.console.pages.scanning import READING_SECONDS
from services.console.visit import Done, Visit, action, page

PDF: Final = "application/pdf"
LEADING: Final = OFFICE | TELLER


@dataclass(frozen=True)
class Step:
    """`will`: what happens; `done`: what is told then."""

    title: str
    act: str
    will: str
    done: str


STEPS: Final = {
    "open": Step("开始测评", "开始", "开始以后，述职代表、评议办法和用什么票都不能再改。", "测评已开始"),
    "close": Step(
        "结束测评",
        "结束",
        "结束以后不能再计票。不能撤销。",
        "测评已结束，可以公布结果",
    ),
    "publish": Step(
        "公布结果",
        "公布",
        "公布以后大家都看得到票数，不能当作没有公布过。有错的只能写明原因撤回，重新计票，另出一版。",
        "结果已公布，可以打印张贴",
    ),
    "revoke": Step(
        "撤回结果",
        "撤回",
        "撤回的原因和日期留在结果上。撤回以后重新开始、重新计票，公布的是下一版。",
        "结果已撤回",
    ),
}
BOX: Final = "结束以后不能再投票、计票；扫码票当场合计，存着的扫码票随即销毁。不能撤销。"
"""What closing does where slips vote."""
STEP: Final = "/ratings/{id}/{verb:open|close|publish|revoke}"
SLIPS: Final = (
    Field("count", "张数", "number", required=True, width=2, hint="最多 5000 张"),
    Field("base_url", "选民手机能打开的地址", required=True, width=5, hint="印在票上的二维码里"),
    Field("instead", "以前印的全部作废，重印", "check", width=3),
)


def _fields(meeting: Meeting, verb: str) -> tuple[Field, ...]:
    if verb == "close" and meeting.record["method"] in facts.SLIPS:
        return (
            Field("present", "到会人数", "number", required=True, width=4),
            Field("handed_out", "发出的扫码票（张）", "number", required=True, width=4),
        )
    if verb == "revoke":
        return (Field("reason", "撤回的原因", "textarea", required=True, width=12),)
    return ()


@page(STEP, roles=LEADING)
async def check_step(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    return await _page(visit, meeting, Form(_fields(meeting, visit.id("verb"))))


@action(STEP, roles=LEADING)
async def take_step(visit: Visit) -> web.Response:
    meeting, verb = await meeting_of(visit, visit.id()), visit.id("verb")
    path = visit.at("ratings", f"meetings/{meeting.id}:{verb}")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await visit.api.post(path, body, key=visit.key, version=visit.version)
        return Done(meeting.path, STEPS[verb].done)

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, meeting, form, status)

    return await visit.submit(_fields(meeting, verb), send, again)


async def _page(visit: Visit, meeting: Meeting, form: Form, status: int = 200) -> web.Response:
    verb = visit.id("verb")
    counts = await visit.api.get(visit.at("ratings", f"meetings/{meeting.id}/counts"))
    return await visit.form_page(
        "rating_step.html",
        form,
        draft="",
        status=status,
        meeting=meeting,
        record=meeting.record,
        verb=verb,
        step=STEPS[verb],
        will=BOX if verb == "close" and meeting.record["method"] in facts.SLIPS else STEPS[verb].will,
        counts=counts,
        version=meeting.version,
    )


@action("/ratings/{id}/slips", roles=OFFICE)
async def print_slips(visit: Visit) -> web.StreamResponse:
    """Slips pass through and are kept nowhere: whoever has them can vote."""
    form = Form.sent(SLIPS, visit.sent)
    body = form.body(visit.today, visit.year)
    accept = "text/html" if visit.sent.get("form") == "html" else PDF
    path = visit.at("ratings", f"meetings/{visit.id()}/codes")
    try:
        return await visit.hand_on(path, accept=accept, method="POST", content=body)
    except Refused as refused:
        if not form.refuse(refused).faults:
            raise
        raise Faulty(form) from None


@page("/ratings/{id}/count_sheets.pdf", roles=LEADING)
async def count_sheets(visit: Visit) -> web.StreamResponse:
    path = visit.at("ratings", f"meetings/{visit.id()}/count_sheets")
    return await visit.hand_on(path, accept=PDF)


@page("/ratings/{id}/count_sheets", roles=LEADING)
async def count_sheets_page(visit: Visit) -> web.StreamResponse:
    path = visit.at("ratings", f"meetings/{visit.id()}/count_sheets")
    return await visit.hand_on(path, accept="text/html")


@page("/ratings/{id}/result_sheet", roles=LEADING)
async def result_sheet(visit: Visit) -> web.StreamResponse:
    path = visit.at("ratings", f"meetings/{visit.id()}/result_sheet")
    return await visit.hand_on(path, accept="text/html")


@page("/ratings/{id}/paper_ballots.pdf", roles=LEADING)
async def paper_ballots(visit: Visit) -> web.StreamResponse:
    return await visit.hand_on(visit.at("ratings", f"meetings/{visit.id()}/paper_ballots"), accept=PDF)


@action("/ratings/{id}/ballots", roles=LEADING, files=True)
async def read_ballots(visit: Visit) -> web.Response:
    """The third reading of ballots from a scan, which is not kept."""
    sent = visit.sent.get("ballots")
    path = visit.at("ratings", f"meetings/{visit.id()}/sheets:read")

    async def send(form: Form) -> Done:
        if not isinstance(sent, web.FileField) or not sent.filename:
            form.faults["ballots"] = "请先选扫描件"
            raise Faulty(form)
        answer = await visit.api.upload(
            path, sent.file.read(), sent.filename, kind=sent.content_type, seconds=READING_SECONDS
        )
        meeting = await meeting_of(visit, visit.id())
        return Done(
            f"/ratings/{visit.id()}", third_reading(answer.body, facts.differences(meeting, answer.body))
        )

    async def again(form: Form, status: int) -> web.Response:
        words = "；".join(form.messages)
        return visit.html("message.html", status=status, title="第三遍没有识读", detail=words)

    return await visit.submit((), send, again)


def third_reading(read: Mapping[str, Any], places: Sequence[str]) -> str:
    """What is told of a third reading: that nothing differs only where it was compared."""
    sheets = sum(page["sheet"] == "count_sheet" and not page["problem"] for page in read["pages"])
    told = [f"第三遍识读：选票 {read['ballots']} 张，计票表 {sheets} 页"]
    if read["doubtful_lines"]:
        told.append(f"{read['doubtful_lines']} 行拿不准，不算不一致")
    if read["doubtful_numbers"]:
        told.append(f"计票表上 {read['doubtful_numbers']} 个数拿不准，不算不一致")
    unread: dict[str, list[str]] = {}
    for number, one in enumerate(read["pages"], 1):
        if one["problem"]:
            unread.setdefault(one["message"], []).append(str(number))
    told += [f"文件第 {'、'.join(pages)} 页没有读：{why}" for why, pages in unread.items()]
    if again := [str(number) for number, one in enumerate(read["pages"], 1) if one["again"]]:
        told.append(f"文件第 {'、'.join(again)} 页的计票表前面已有一份，两份不一样的算拿不准")
    if read["differs"]:
        told.append("与两遍录入不一致，请核对原始选票")
    else:
        told.append("没有发现与两遍录入不一致" if read["compared_sheets"] else "什么也没有对照")
    if places:
        told.append(f"不一致的：{'、'.join(places)}")
    return "；".join(told)


PAGES: Final = (
    check_step,
    take_step,
    print_slips,
    count_sheets,
    count_sheets_page,
    paper_ballots,
    read_ballots,
    result_sheet,
)
