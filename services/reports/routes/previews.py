"""Routes of what stands before a closing, of how fresh it is, and of the records behind a figure."""

from dataclasses import dataclass, field

from services.reports.errors import NotComplete
from services.reports.handlers import previews, proving, readings, recompiling
from services.reports.handlers.previews import Previews
from services.reports.routes.periods import period_of
from services.reports.routes.roles import READERS
from services.reports.schemas.previews import (
    AsOfQuery,
    FigureAsOfQuery,
    FigureQuery,
    Freshness,
    PreviewOut,
    TitledRecords,
)
from services.reports.settings import Settings
from services.reports.titles import titles
from shared.errors import Busy
from shared.http import Call, route


@route("GET", "/towns/{town}/freshness", roles=READERS)
async def get_freshness(call: Call) -> Freshness:
    """各来源的事件读到了哪里，落后多少。"""
    return await previews.freshness(call.work)


@dataclass(frozen=True)
class Standing:
    settings: Settings
    previews: Previews = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "previews", Previews(self.settings.templates_dir))

    @route("GET", "/preview", roles=READERS, problems=[NotComplete, Busy])
    async def get_preview(self, call: Call[AsOfQuery]) -> PreviewOut:
        """封账之前按现有记录算出的总结：指标、待核事项、应有而未登记的；标明未封账，不能核准，也没有文件。"""
        preview = await self.previews.read(call.work, period_of(call), call.query.as_of)
        fresh = await previews.freshness(call.work)
        return previews.preview_out(preview, fresh.items)

    @route("GET", "/preview/records", roles=READERS, problems=[NotComplete, Busy])
    async def list_preview_records(self, call: Call[FigureAsOfQuery]) -> TitledRecords:
        """封账之前一个指标所依据的全部记录：标题、日期和读取地址。"""
        query = call.query
        preview = await self.previews.read(call.work, period_of(call), query.as_of)
        figure = readings.figure_of(preview.report, query.figure)
        year = await proving.with_records(call.work, preview.year, figure.records)
        return TitledRecords(
            figure=figure.id,
            as_of=preview.report.as_of,
            items=list(titles(year, figure.records)),
        )

    @route("GET", "/report/records", roles=READERS, problems=[NotComplete])
    async def list_report_records(self, call: Call[FigureQuery]) -> TitledRecords:
        """总结中一个指标所依据的全部记录：标题、日期和读取地址。"""
        seconds = self.settings.seal_seconds
        report = await readings.document(call.work, period_of(call), None, seconds)
        figure = readings.figure_of(report, call.query.figure)
        proven = await recompiling.proven_year(call.work, period_of(call))
        year = await proving.with_records(call.work, proven, figure.records)
        return TitledRecords(
            figure=figure.id,
            as_of=report.as_of,
            report_version=report.version,
            items=list(titles(year, figure.records)),
        )
