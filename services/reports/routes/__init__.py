"""The service's HTTP door: parse, call one use case, answer."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from services.reports import schemas
from services.reports.document import FONTS, render_docx, render_html, render_xlsx
from services.reports.domain import Report
from services.reports.domain.differences import Differences
from services.reports.domain.periods import period
from services.reports.errors import Blocked, NoConverter, NoPeriod, NotComplete, WrongStatus
from services.reports.handlers import closings, editions, paragraphs, readings, recompiling, year_settings
from services.reports.handlers.photographs import of_report
from services.reports.integrity import CHECKS, READ_MODEL
from services.reports.pdf import to_pdf
from services.reports.repository import wording_of
from services.reports.routes import board, files, people, photographs, printed, uploaded_text
from services.reports.routes.documents import DOCX, HTML, sent
from services.reports.settings import Settings
from shared.days import FIRST_DAY, LAST_DAY
from shared.endpoints.dead_letters import add_dead_letters
from shared.endpoints.exports import XLSX
from shared.endpoints.feed import add_feeds
from shared.endpoints.heads import add_heads
from shared.endpoints.integrity import add_integrity
from shared.endpoints.rebuild import add_rebuild
from shared.errors import NotFound
from shared.http import EVERYONE, Api, Call, Reply, patch_of

OFFICE = {"office"}
COUNTY = {"county"}
READERS = EVERYONE - {"teller"}
Render = Callable[[Report, Mapping[str, bytes]], bytes]
"""Of a report and the bytes of its photographs, by digest."""
H = TypeVar("H", bound=Callable[..., Any])
PERIODS = {"": "/towns/{town}/years/{year}", "_of_period": "/towns/{town}/periods/{period}"}
"""A year is the period of its own name; every route stands under both."""
REPORT = "/report"

FORMS: dict[str, tuple[str, Render]] = {
    "docx": (DOCX, render_docx),
    "html": (HTML, lambda report, pictures: render_html(report, pictures).encode()),
    "xlsx": (XLSX, lambda report, _: render_xlsx(report)),
    "json": ("application/json", lambda report, _: report.model_dump_json(indent=2).encode()),
}
ILLUSTRATED = ("docx", "html")


def build(settings: Settings) -> Api:
    """The interface, with what it takes from the settings of the process."""
    api = Api("reports")
    _closings(api, settings)
    _report(api, settings)
    _steps(api, settings)
    _words(api, settings)
    _documents(api, settings)
    _figures(api, settings)
    uploaded_text.declare(partial(route, api), period_of, settings)
    files.declare(api, settings)
    photographs.declare(api, partial(route, api), period_of, settings)
    board.declare(api, period_of, settings)
    people.declare(api)
    printed.declare(api)
    add_feeds(api)
    add_dead_letters(api)
    add_heads(api)
    add_rebuild(api, READ_MODEL)
    add_integrity(api, CHECKS)
    return api


def year_of(call: Call) -> int:
    """Errors: NotFound for a year in which no record can be dated."""
    year = int(call.path["year"])
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NotFound("没有这一年")
    return year


def period_of(call: Call) -> str:
    """The name of the year or period. Errors: NotFound, NoPeriod."""
    if "year" in call.path:
        return str(year_of(call))
    name = call.path["period"]
    found = period(name, lambda _: (FIRST_DAY, LAST_DAY))
    if found is None or not FIRST_DAY <= found.first <= found.last <= LAST_DAY:
        raise NoPeriod(f"没有时段 {name}；写作 2020、2020-H1、2020-Q3、2020-04-01--2021-03-31 或 term-17")
    return name


def route(
    api: Api, method: str, path: str, *, roles: Iterable[str], name: str = "", **options: Any
) -> Callable[[H], H]:
    """Declare an operation of a report under its year and under its period."""

    def declare(handler: H) -> H:
        for ending, base in PERIODS.items():
            own = (name or handler.__name__) + ending
            api.route(method, base + path, roles=frozenset(roles), name=own, **options)(handler)
        return handler

    return declare


def _closings(api: Api, settings: Settings) -> None:
    @route(api, "POST", "/closings", roles=OFFICE, body=schemas.ClosingIn, status=201)
    async def request_closing(call: Call) -> Reply[schemas.ClosingOut]:
        """封账：请各来源封存本年度记录，齐全并核对无误后自动编制总结。"""
        progress = await closings.request_closing(call.work, period_of(call), call.body)
        out = await closings.told(call.work, progress, settings.seal_seconds)
        return Reply(out, version=progress.version)

    @route(api, "GET", "/closings/{id}", roles=READERS)
    async def get_closing(call: Call) -> Reply[schemas.ClosingOut]:
        """封账进行到哪一步，还在等待哪些来源。"""
        out = await closings.closing_out(call.work, period_of(call), call.path["id"], settings.seal_seconds)
        return Reply(out, version=out.version)


def _report(api: Api, settings: Settings) -> None:
    @route(api, "GET", REPORT, roles=READERS, query=schemas.VersionQuery)
    async def get_report(call: Call) -> Reply[schemas.ReportOut]:
        """年度总结：状态、来源、指标、待核事项和文字；未齐全时只说明在等待什么。"""
        report = await readings.read_report(
            call.work, period_of(call), call.query.version, settings.seal_seconds
        )
        return Reply(report, version=report.version)

    @route(api, "POST", f"{REPORT}:compile", roles=OFFICE, body=schemas.Nothing, problems=[NotComplete])
    async def compile_again(call: Call) -> Reply[schemas.ReportOut]:
        """用同样的封账数据重新编制；内容没有变化就不产生新的一版。"""
        record, _ = await editions.current(call.work, period_of(call))
        await recompiling.recompile(call.work, record, settings.templates_dir)
        return await _shown(call, settings)

    @route(api, "GET", f"{REPORT}/differences", roles=READERS, query=schemas.DifferencesQuery)
    async def get_differences(call: Call) -> Differences:
        """两版总结的差别：逐个指标、逐个段落；更正稿默认同所更正的一版比较。"""
        query = call.query
        return await readings.read_differences(call.work, period_of(call), query.since, query.version)


def _steps(api: Api, settings: Settings) -> None:
    def declare(command: str, verb: str, roles: set[str], summary: str) -> None:
        body = schemas.ReturnIn if verb == "returned" else schemas.Nothing

        async def handle(call: Call) -> Reply[schemas.ReportOut]:
            record, _ = await editions.current(call.work, period_of(call))
            call.condition.check(record.version)
            reasons = call.body.all if isinstance(call.body, schemas.ReturnIn) else ()
            await editions.step(call.work, period_of(call), verb, reasons)
            return await _shown(call, settings)

        route(
            api,
            "POST",
            f"{REPORT}:{command}",
            roles=roles,
            body=body,
            name=f"{command}_report",
            summary=summary,
            guarded=True,
            problems=[Blocked, WrongStatus],
        )(handle)

    declare("approve", "approved", OFFICE, "核准总结；有必须先解决的问题时不能核准。")
    declare("submit", "submitted", OFFICE, "向县级人大常委会上报已核准的总结。")
    declare("accept", "accepted", COUNTY, "县级人大常委会接收上报的总结。")
    declare("return", "returned", COUNTY, "县级人大常委会写明原因，退回上报的总结。")


def _words(api: Api, settings: Settings) -> None:
    @route(api, "PUT", "/settings", roles=OFFICE, body=schemas.SettingsIn)
    async def put_settings(call: Call) -> Reply[schemas.SettingsOut]:
        """年度设置：主题、活动名称、落款日期、提纲、文种和自写段落；空着的句子不写。"""
        before = await wording_of(call.work, period_of(call))
        call.condition.check(before.version)
        after = await year_settings.put_settings(
            call.work, period_of(call), call.body, settings.templates_dir
        )
        return Reply(year_settings.settings_out(after), version=after.version)

    @route(api, "PATCH", "/settings", roles=OFFICE, body=patch_of(schemas.SettingsIn))
    async def patch_settings(call: Call) -> Reply[schemas.SettingsOut]:
        """改年度设置中交来的各项，其余照旧；交来某一部分的自写段落，就替换那一部分的。"""
        before = await wording_of(call.work, period_of(call))
        call.condition.check(before.version)
        after = await year_settings.patch_settings(
            call.work, period_of(call), call.body, settings.templates_dir
        )
        return Reply(year_settings.settings_out(after), version=after.version)

    @route(api, "GET", "/settings", roles=READERS)
    async def get_settings(call: Call) -> Reply[schemas.SettingsOut]:
        """年度设置。"""
        wording = await wording_of(call.work, period_of(call))
        return Reply(year_settings.settings_out(wording), version=wording.version)

    @route(api, "PATCH", "/paragraphs/{id}", roles=OFFICE, body=schemas.ParagraphIn)
    async def reword_paragraph(call: Call) -> Reply[schemas.ReportOut]:
        """改写一个段落，以后重新编制时保留；交来空文字则恢复自动编写的文字。"""
        record, _ = await editions.current(call.work, period_of(call))
        call.condition.check(record.version)
        await paragraphs.reword(
            call.work, period_of(call), call.path["id"], call.body.text, settings.templates_dir
        )
        return await _shown(call, settings)


async def _shown(call: Call, settings: Settings) -> Reply[schemas.ReportOut]:
    """The report after what this call did to it."""
    report = await readings.read_report(call.work, period_of(call), None, settings.seal_seconds)
    return Reply(report, version=report.version)


def _documents(api: Api, settings: Settings) -> None:
    def declare(ending: str, content_type: str, render: Render) -> None:
        async def handle(call: Call) -> web.StreamResponse:
            about, version = period_of(call), call.query.version
            report = await readings.document(call.work, about, version, settings.seal_seconds)
            made = await asyncio.to_thread(render, report, await _pictures(call, report, ending))
            return sent(report.title, f"report.{ending}", content_type, made)

        route(
            api,
            "GET",
            f"{REPORT}.{ending}",
            roles=READERS,
            query=schemas.VersionQuery,
            name=f"report_{ending}",
            summary=f"年度总结的 {ending} 文件；数据未齐全时不提供。",
            produces=[content_type],
            problems=[NotComplete],
        )(handle)

    for ending, (content_type, render) in FORMS.items():
        declare(ending, content_type, render)

    @route(
        api,
        "GET",
        f"{REPORT}.pdf",
        roles=READERS,
        query=schemas.VersionQuery,
        produces=["application/pdf"],
        problems=[NotComplete, NoConverter],
    )
    async def report_pdf(call: Call) -> web.StreamResponse:
        """年度总结的 pdf 文件，由服务器上的 LibreOffice 转换；没有安装时说明原因。"""
        report = await readings.document(
            call.work, period_of(call), call.query.version, settings.seal_seconds
        )
        docx = await asyncio.to_thread(render_docx, report, await _pictures(call, report, "docx"))
        made = await to_pdf(docx, program=settings.soffice, seconds=settings.pdf_seconds, fonts=FONTS)
        return sent(report.title, "report.pdf", "application/pdf", made)


async def _pictures(call: Call, report: Report, ending: str) -> Mapping[str, bytes]:
    """As far as a file of that kind holds pictures."""
    return await of_report(call.work, photographs.database(call), report) if ending in ILLUSTRATED else {}


def _figures(api: Api, settings: Settings) -> None:
    @route(api, "GET", "/figures/{id}", roles=READERS, problems=[NotComplete])
    async def get_figure(call: Call) -> schemas.FigureOut:
        """一个指标：数值、定义和它所依据的每一条记录。"""
        return await readings.read_figure(call.work, period_of(call), call.path["id"], settings.seal_seconds)


api = build(Settings())
"""The interface under the settings of the environment."""
