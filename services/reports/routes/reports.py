"""Routes of reports: reading, recompiling, differences, figures, approval and submission."""

from dataclasses import dataclass

from services.reports import schemas
from services.reports.domain.differences import Differences
from services.reports.errors import Blocked, HandInClosed, NotComplete, WrongStatus
from services.reports.handlers import board, editions, readings, recompiling
from services.reports.routes.periods import period_of
from services.reports.routes.roles import COUNTY, OFFICE, READERS
from services.reports.settings import Settings
from shared.http import Call, Reply, Route, route

REPORT = "/report"


async def shown(call: Call, settings: Settings) -> Reply[schemas.ReportOut]:
    """The report after the change of this call."""
    report = await readings.read_report(call.work, period_of(call), None, settings.seal_seconds)
    return Reply(report, version=report.version)


async def check_version(call: Call) -> None:
    """Errors: NoReport; Stale where If-Match names another version than that of the report."""
    record, _ = await editions.current(call.work, period_of(call))
    call.condition.check(record.version)


@dataclass(frozen=True)
class Reports:
    settings: Settings

    @route("GET", REPORT, roles=READERS)
    async def get_report(self, call: Call[schemas.VersionQuery]) -> Reply[schemas.ReportOut]:
        """年度总结：状态、来源、指标、待核事项和文字；未齐全时只说明在等待什么。"""
        report = await readings.read_report(
            call.work, period_of(call), call.query.version, self.settings.seal_seconds
        )
        return Reply(report, version=report.version)

    @route("POST", f"{REPORT}:compile", roles=OFFICE, problems=[NotComplete, WrongStatus])
    async def compile_again(self, call: Call[None, schemas.Nothing]) -> Reply[schemas.ReportOut]:
        """用同样的封账数据重新编制草稿或者退回的总结；内容没有变化就不产生新的一版，已核准的须重新封账。"""
        await recompiling.compile_again(call.work, period_of(call), self.settings.templates_dir)
        return await shown(call, self.settings)

    @route("GET", f"{REPORT}/differences", roles=READERS)
    async def get_differences(self, call: Call[schemas.DifferencesQuery]) -> Differences:
        """两版总结的差别：逐个指标、逐个段落；更正稿默认同所更正的一版比较。"""
        query = call.query
        return await readings.read_differences(call.work, period_of(call), query.since, query.version)

    @route("GET", "/figures/{id}", roles=READERS, problems=[NotComplete])
    async def get_figure(self, call: Call) -> schemas.FigureOut:
        """一个指标：数值、定义和它所依据的每一条记录。"""
        return await readings.read_figure(
            call.work, period_of(call), call.path["id"], self.settings.seal_seconds
        )


@dataclass(frozen=True)
class Steps:
    """Commands on the status of a report: approve, submit, accept, return."""

    settings: Settings

    @property
    def approve(self) -> Route:
        return self._step("approve", "approved", OFFICE, "核准总结；有必须先解决的问题时不能核准。")

    @property
    def submit(self) -> Route:
        return self._step("submit", "submitted", OFFICE, "向县级人大常委会上报已核准的总结。")

    @property
    def accept(self) -> Route:
        return self._step("accept", "accepted", COUNTY, "县级人大常委会接收上报的总结。")

    @property
    def return_(self) -> Route:
        return self._step("return", "returned", COUNTY, "县级人大常委会写明原因，退回上报的总结。")

    def _step(self, command: str, verb: str, roles: frozenset[str], summary: str) -> Route:
        async def handle(call: Call[None, schemas.Nothing | schemas.ReturnIn]) -> Reply[schemas.ReportOut]:
            await board.hold(call.work, period_of(call))
            await check_version(call)
            reasons = call.body.all if isinstance(call.body, schemas.ReturnIn) else ()
            await editions.step(call.work, period_of(call), verb, reasons)
            return await shown(call, self.settings)

        return route(
            "POST",
            f"{REPORT}:{command}",
            roles=roles,
            body=schemas.ReturnIn if verb == "returned" else schemas.Nothing,
            name=f"{command}_report",
            summary=summary,
            guarded=True,
            problems=[Blocked, WrongStatus, HandInClosed],
        )(handle)
