"""Routes of printed slips and sheets, and of the public ballot page, which is not logged or traced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from services.ratings import repository, schemas
from services.ratings.ballots import LENGTH, Slip, by_name, read_choices, require_every_line
from services.ratings.domain import Meeting
from services.ratings.errors import NotPublished, SlipUnknown, TooManyTries
from services.ratings.handlers import counting, voting
from services.ratings.pages import view
from services.ratings.pages.limits import SLIP_TIMES, WRONG_TIMES, Window
from services.ratings.pages.view import PAGES
from services.ratings.repository import MEETINGS, TOWNS
from shared.errors import Busy, FontMissing, Invalid, Problem
from shared.http import PUBLIC, Call, read_form, route
from shared.http.bulkhead import Bulkhead, off_the_loop
from shared.http.html import HTML
from shared.security.codes import fingerprint, read
from shared.storage.work import Work
from shared.validation import field_errors

REVIEW: Final = "review"
CHANGE: Final = "change"
JSON: Final = "application/json"
PDF: Final = "application/pdf"
FORM_BYTES: Final = 64 * 1024
PRINTING: Final = frozenset({"office", "teller"})

ballot = partial(
    route,
    path="/r/{code}",
    roles=PUBLIC,
    root=True,
    quiet=True,
    commits=False,
    produces=(HTML,),
    problems=[TooManyTries],
)
"""Route of the ballot page."""


@dataclass(frozen=True)
class SlipPrinter:
    """Route that prints slips; `font` and `voters_url` are those of the settings."""

    font: Path | None
    voters_url: str = ""
    bulkhead: Bulkhead = field(default_factory=lambda: Bulkhead(at_once=2, waiting=8, retry_seconds=5))

    @route(
        "POST",
        "/towns/{town}/meetings/{id}/codes",
        roles={"office"},
        returns=schemas.CodesOut,
        produces=(HTML, PDF),
        problems=[FontMissing, Busy],
        # No Idempotency-Key: the stored answer would contain the codes.
        commits=False,
        status=201,
    )
    async def print_slips(self, call: Call[None, schemas.CodesIn]) -> web.Response:
        """印制扫码票：每张一个一次性票号；票号只在这里出现一次，系统只存其散列值。"""
        # Before codes are issued: codes that cannot be printed must not count as issued.
        async with self.bulkhead.turn():
            return await self._print(call)

    async def _print(self, call: Call[None, schemas.CodesIn]) -> web.Response:
        # Imported here: the font library takes 0.1 s to import.
        from services.ratings.pages import slips
        from shared.documents import faces

        face = await off_the_loop(faces.face, self.font) if _accepts(call, PDF) else None

        async def issue(work: Work) -> tuple[Meeting, list[str]]:
            meeting = await work.require(MEETINGS, call.path["id"])
            return meeting, await voting.issue_slips(
                work, meeting, call.body.count, instead=call.body.instead
            )

        meeting, codes = await call.store.execute(town=call.town, actor=call.actor.sub, run=issue)
        base = call.body.base_url or self.voters_url or str(call.request.url.origin())
        if _accepts(call, JSON):
            urls = [view.address(base, code) for code in codes]
            answer = schemas.CodesOut.model_validate({"meeting_id": meeting.id, "codes": codes, "urls": urls})
            return web.json_response(text=answer.model_dump_json(), status=201)
        town = await _town_name(call.work, meeting.held_on)
        if face is None:
            return PAGES.answer(await off_the_loop(view.slips, meeting, town, codes, base), 201)
        sheets = await off_the_loop(slips.slips_pdf, meeting, town, codes, base, face)
        return web.Response(body=sheets, status=201, content_type=PDF)

    @route(
        "GET",
        "/towns/{town}/meetings/{id}/count_sheets",
        roles=PRINTING,
        produces=(HTML, PDF),
        problems=[FontMissing, Busy],
    )
    async def count_sheets(self, call: Call) -> web.Response:
        """打印计票表：两遍各一份，每个评议群体、每个评议项目一张。"""
        meeting = await call.subject(MEETINGS)
        names = await repository.names(call.work, meeting.deputyship_ids, meeting.held_on)
        town = await _town_name(call.work, meeting.held_on)
        if not _accepts(call, PDF):
            return PAGES.answer(view.count_sheets(meeting, town, names))
        from services.ratings.pages import printed

        async with self.bulkhead.turn():
            sheets = await off_the_loop(printed.count_sheets, self.font, meeting, town, names)
        return web.Response(body=sheets, content_type=PDF)


@route(
    "GET",
    "/towns/{town}/meetings/{id}/result_sheet",
    roles=PRINTING,
    produces=(HTML,),
    problems=[NotPublished],
)
async def result_sheet(call: Call) -> web.Response:
    """打印测评结果，当场宣读、张贴；公布以后才有。"""
    meeting = await call.subject(MEETINGS)
    result = counting.published_result(meeting)
    names = await repository.names(call.work, meeting.deputyship_ids, meeting.held_on)
    return PAGES.answer(
        view.result_sheet(meeting, result, await _town_name(call.work, meeting.held_on), names)
    )


class BallotPages:
    """Routes of the ballot page, within the rate limits of this process."""

    def __init__(self) -> None:
        self._slips, self._wrong = Window(SLIP_TIMES), Window(WRONG_TIMES)
        self._boxes = voting.OpenBoxes()

    @ballot("GET")
    async def show_ballot(self, call: Call) -> web.Response:
        """选票页：凭票号打开，不需要登录。"""
        try:
            work, slip = await self._slip(call)
            meeting = await voting.ballot(work, slip)
        except Problem as problem:
            return _refusal(call, problem)
        return await _ballot(work, meeting, {})

    @ballot("POST", returns=schemas.BallotAccepted)
    async def cast_ballot(self, call: Call) -> web.Response:
        """投票：一个票号只能投一次，不留时间、地址和先后。网页先给选民核对，什么也不存。"""
        try:
            work, slip = await self._slip(call)
            choices, step = await _choices(call.request)
            if step:
                meeting = await voting.ballot(work, slip)
                read_choices(choices, meeting)
                chosen = by_name(choices, meeting)
                if step == CHANGE:
                    return await _ballot(work, meeting, chosen)
                names = await repository.names(work, meeting.deputyship_ids, meeting.held_on)
                return PAGES.answer(view.review(meeting, names, chosen))
            if call.request.content_type != JSON:
                require_every_line(choices, await voting.ballot(work, slip))
            known = iter([slip])  # for the first attempt only: a retry means the slip was changed meanwhile
            await call.store.execute(
                town=work.town,
                actor="",
                run=lambda fresh: voting.cast(fresh, self._boxes, slip.id, choices, next(known, None)),
            )
        except Problem as problem:
            return _refusal(call, problem)
        if _wants_json(call):
            return web.json_response(text=schemas.BallotAccepted(accepted=True).model_dump_json())
        return PAGES.answer(view.message("投票成功", "您的票已投入票箱，不记名。可以关闭本页。"))

    async def _slip(self, call: Call) -> tuple[Work, Slip]:
        """(unit of work on the slip's town, the slip). Errors: SlipUnknown, TooManyTries."""
        code = read(call.path["code"], LENGTH)
        slip = await repository.slip_of(call.work.reader, fingerprint(code)) if code else None
        if slip is None:
            self._wrong.take()
            raise SlipUnknown(
                "请再扫一次码，或对照票面逐字核对网址里的号码，不分大小写。还是打不开，请找会场工作人员。"
            )
        self._slips.take(slip.id)
        return call.store.reading(slip.town, ""), slip


async def _ballot(work: Work, meeting: Meeting, chosen: Mapping[str, str]) -> web.Response:
    names = await repository.names(work, meeting.deputyship_ids, meeting.held_on)
    return PAGES.answer(view.ballot(meeting, await _town_name(work, meeting.held_on), names, chosen))


async def _choices(request: web.Request) -> tuple[Mapping[str, str], str]:
    """(choices, step) of the page's form, or of JSON {choices} without a step."""
    if request.content_type == JSON:
        try:
            return schemas.Vote.model_validate_json(await request.read(), strict=True).choices, ""
        except ValidationError as error:
            raise Invalid(errors=field_errors("body", error)) from None
    sent = await read_form(request, limit=FORM_BYTES)
    step = sent.pop("step", "")
    return sent, step if step in (REVIEW, CHANGE) else ""


async def _town_name(work: Work, day: date) -> str:
    town = await work.get(TOWNS, work.town)
    return town.name_on(day) if town else ""


def _accepts(call: Call, kind: str) -> bool:
    return kind in call.request.headers.get("Accept", "")


def _wants_json(call: Call) -> bool:
    """Whether the client is a program, not a browser."""
    return _accepts(call, JSON) or call.request.content_type == JSON


def _refusal(call: Call, problem: Problem) -> web.Response:
    """An HTML page for browsers, the problem for programs."""
    if _wants_json(call):
        raise problem
    return PAGES.refusal(problem, view.message(problem.title, problem.detail))
