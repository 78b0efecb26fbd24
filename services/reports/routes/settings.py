"""Routes of the settings of a report and of staff's texts of paragraphs."""

from dataclasses import dataclass

from pydantic import BaseModel

from services.reports import schemas
from services.reports.errors import NotComplete
from services.reports.handlers import paragraphs, year_settings
from services.reports.repository import wording_of
from services.reports.routes.periods import period_of
from services.reports.routes.reports import check_version, shown
from services.reports.routes.roles import OFFICE, READERS
from services.reports.schemas.uploaded_text import WordedOut
from services.reports.settings import Settings
from shared.http import Call, Reply, patch_of, route


@dataclass(frozen=True)
class ReportSettings:
    settings: Settings

    @route("PUT", "/settings", roles=OFFICE, problems=[NotComplete])
    async def put_settings(self, call: Call[None, schemas.SettingsIn]) -> Reply[schemas.SettingsOut]:
        """年度设置：主题、活动名称、落款日期、提纲、文种和自写段落；空着的句子不写。"""
        before = await wording_of(call.work, period_of(call))
        call.condition.check(before.version)
        after = await year_settings.put_settings(
            call.work, period_of(call), call.body, self.settings.templates_dir
        )
        return Reply(year_settings.settings_out(after), version=after.version)

    @route("PATCH", "/settings", roles=OFFICE, body=patch_of(schemas.SettingsIn), problems=[NotComplete])
    async def patch_settings(self, call: Call[None, BaseModel]) -> Reply[schemas.SettingsOut]:
        """改年度设置中交来的各项，其余照旧；交来某一部分的自写段落，就替换那一部分的。"""
        before = await wording_of(call.work, period_of(call))
        call.condition.check(before.version)
        after = await year_settings.patch_settings(
            call.work, period_of(call), call.body, self.settings.templates_dir
        )
        return Reply(year_settings.settings_out(after), version=after.version)

    @route("GET", "/settings", roles=READERS, revalidated=True)
    async def get_settings(self, call: Call) -> Reply[schemas.SettingsOut]:
        """年度设置。"""
        wording = await wording_of(call.work, period_of(call))
        return Reply(year_settings.settings_out(wording), version=wording.version)

    @route("PATCH", "/paragraphs/{id}", roles=OFFICE, problems=[NotComplete])
    async def reword_paragraph(self, call: Call[None, schemas.ParagraphIn]) -> Reply[schemas.ReportOut]:
        """改写一个段落，以后重新编制时保留；交来空文字则恢复自动编写的文字。"""
        await check_version(call)
        await paragraphs.reword(
            call.work, period_of(call), call.path["id"], call.body.text, self.settings.templates_dir
        )
        return await shown(call, self.settings)

    @route(
        "POST", "/paragraphs/{id}:check", roles=OFFICE, commits=False, guarded=False, problems=[NotComplete]
    )
    async def check_paragraph(self, call: Call[None, schemas.ParagraphIn]) -> WordedOut:
        """试改一个段落，什么也不保存：与自动文字的差别，以及其中不是系统算出的数字。"""
        return await paragraphs.check(
            call.work, period_of(call), call.path["id"], call.body.text, self.settings.templates_dir
        )
